'use client'

import { useCallback, useSyncExternalStore } from 'react'

export const DARK = '(prefers-color-scheme: dark)'
export const STILL = '(prefers-reduced-motion: reduce)'

/** Whether a media query holds at the moment. On the server: not. */
export function useMedia(media: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const query = matchMedia(media)
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    [media],
  )
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(media).matches,
    () => false,
  )
}
