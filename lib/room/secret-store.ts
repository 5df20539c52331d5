import { encodeSecret, parseSecret } from '@/lib/keys/secret'

/**
 * What a tab knows of a room's secret: the secret, that it came without one (`none`), or that its link was not
 * whole. undefined: it does not know the room.
 */
export type KnownSecret = Uint8Array | 'none' | 'malformed'

const KEY_PREFIX = 'shoal.secret.'
const NONE = '-'
const MALFORMED = '!'

/** For a tab without sessionStorage (blocked, full), where a reload needs the link again. */
const kept = new Map<string, KnownSecret>()

export function loadSecret(room: string): KnownSecret | undefined {
  const text = quietly(() => window.sessionStorage.getItem(KEY_PREFIX + room)) ?? null
  if (text === null) return kept.get(room)
  if (text === NONE) return 'none'
  return parseSecret(text) ?? 'malformed'
}

/** False when it is kept for this load of the page only. */
export function saveSecret(room: string, secret: KnownSecret): boolean {
  kept.set(room, secret)
  const text = secret === 'none' ? NONE : secret === 'malformed' ? MALFORMED : encodeSecret(secret)
  const saved = quietly(() => {
    window.sessionStorage.setItem(KEY_PREFIX + room, text)
    return true
  })
  return saved ?? false
}

/** This tab knows the room no longer. */
export function dropSecret(room: string): void {
  kept.delete(room)
  quietly(() => window.sessionStorage.removeItem(KEY_PREFIX + room))
}

function quietly<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
