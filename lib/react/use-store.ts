import { startTransition, useCallback, useEffect, useState, useSyncExternalStore } from 'react'

/** Anything observable: a RoomSession, a desk, a zustand vanilla store. State objects are new when they changed. */
export interface ReadableStore<State> {
  getState(): State
  subscribe(listener: () => void): () => void
}

/** Renders with the store's state, again on each change. The same snapshot serves the server's render. */
export function useStore<State>(store: ReadableStore<State>): State {
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store])
  const getState = useCallback(() => store.getState(), [store])
  return useSyncExternalStore(subscribe, getState, getState)
}

/**
 * The same, for a page that draws while thousands of packets a second come in: React draws each change in slices
 * of 5 ms and lets messages in between, where `useStore` holds the main thread until all is drawn.
 */
export function useStoreInSlices<State>(store: ReadableStore<State>): State {
  const [state, setState] = useState(() => store.getState())
  useEffect(() => {
    const follow = () => startTransition(() => setState(store.getState()))
    follow()
    return store.subscribe(follow)
  }, [store])
  return state
}
