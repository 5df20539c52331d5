'use client'

import { useSyncExternalStore } from 'react'

/** The origin this page was opened at, for instance `http://192.0.2.7:3000`; empty while the server renders. */
export function usePageOrigin(): string {
  return useSyncExternalStore(
    neverChanges,
    () => location.origin,
    () => '',
  )
}

function neverChanges(): () => void {
  return () => undefined
}
