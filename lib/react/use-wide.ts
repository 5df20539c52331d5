'use client'

import { useSyncExternalStore } from 'react'

/** Where columns stand side by side; the same width as Tailwind's `lg`. */
const WIDE = '(min-width: 64rem)'

/** Whether the page is wide enough for columns. On the server: not. */
export function useWide(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(WIDE).matches,
    () => false,
  )
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(WIDE)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
