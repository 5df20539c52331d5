import { useCallback, useSyncExternalStore } from 'react'

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
