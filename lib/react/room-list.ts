import { parseRoomCode } from '@/lib/signalling/room-code'

import { cleanTitle } from './room-link'

/** A room this device was in. Its secret is not here: that stays with the tab and in the link. */
export interface RoomEntry {
  readonly code: string
  readonly title: string
  readonly lastAtMs: number
  readonly verifiedOnly: boolean
}

const KEY = 'shoal.rooms'
/** The oldest are forgotten: it is a list to pick from. */
const ROOMS_MAX = 50

/** Newest first. Whatever another version or script left there is passed over. */
export function listRooms(): RoomEntry[] {
  return read()
    .flatMap((item) => parseEntry(item) ?? [])
    .sort((one, other) => other.lastAtMs - one.lastAtMs)
    .slice(0, ROOMS_MAX)
}

export function roomEntry(code: string): RoomEntry | null {
  return listRooms().find((entry) => entry.code === code) ?? null
}

/** Puts a room on top of the list, or changes what is known of it. */
export function noteRoom(entry: RoomEntry): void {
  write([entry, ...listRooms().filter(({ code }) => code !== entry.code)].slice(0, ROOMS_MAX))
}

export function forgetRoom(code: string): void {
  write(listRooms().filter((entry) => entry.code !== code))
}

let known: { readonly text: string | null; readonly rooms: readonly RoomEntry[] } = { text: null, rooms: [] }
const listeners = new Set<() => void>()

/** The same list as long as nothing changed, for a page that shows it. */
export function knownRooms(): readonly RoomEntry[] {
  const text = stored()
  if (text !== known.text) known = { text, rooms: listRooms() }
  return known.rooms
}

/** Also of what another tab writes. */
export function subscribeToRooms(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

function parseEntry(item: unknown): RoomEntry | null {
  if (typeof item !== 'object' || item === null) return null
  const { code, title, lastAtMs, verifiedOnly } = item as Readonly<Record<string, unknown>>
  const room = typeof code === 'string' ? parseRoomCode(code) : null
  if (room === null || typeof lastAtMs !== 'number' || !Number.isFinite(lastAtMs)) return null
  return {
    code: room,
    title: typeof title === 'string' ? cleanTitle(title) : '',
    lastAtMs,
    verifiedOnly: verifiedOnly === true,
  }
}

function read(): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(stored() ?? '[]')
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function write(entries: readonly RoomEntry[]): void {
  try {
    if (entries.length === 0) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, JSON.stringify(entries))
  } catch {
    // Storage may be forbidden or full; the list is then empty at the next visit.
  }
  for (const listener of [...listeners]) listener()
}
