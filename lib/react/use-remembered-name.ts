'use client'

import { useSyncExternalStore } from 'react'

import { defaultName } from './default-name'

const KEY = 'shoal.name'
const listeners = new Set<() => void>()

/** The name this device used last, or a friendly default. Empty while the server renders. */
export function useRememberedName(): string {
  return useSyncExternalStore(subscribe, rememberedName, () => '')
}

/** The same outside of a render. */
export function rememberedName(): string {
  return readStorage() ?? defaultName(navigator.userAgent)
}

/** Keeps a name for the next visit; an empty one brings the default back. */
export function rememberName(name: string): void {
  try {
    if (name.trim() === '') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, name.trim())
  } catch {
    // Storage may be forbidden; the name is then asked for each time.
  }
  for (const listener of [...listeners]) listener()
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}
