import { encodeSecret, parseSecret } from '@/lib/keys/secret'
import type { ErrorCode } from '@/lib/protocol/errors'
import { dropPlaces } from '@/lib/signalling/browser'
import { forgetKeptPictures } from '@/lib/transfer/kept/browser-store'

import { dropNotificationChoice } from '../notification-choice'
import { dropSecret, loadSecret, saveSecret } from '../secret-store'
import { RoomDatabase, type RoomRecord, type RoomsChange, unknownRoom } from './database'
import { createEntryStore, type EntryStore, forgetEntries } from './entry-store'

/** A room this device was in, as a page lists it. */
export interface MyRoom {
  readonly code: string
  /** Empty: the room has no name but its code. */
  readonly title: string
  readonly verifiedOnly: boolean
  readonly lastVisitMs: number
  /** Messages are kept on this device, and the room's secret with them. */
  readonly keepsHistory: boolean
  /** This tab comes back as one that has the link. */
  readonly secretKnown: boolean
  /** What the kept messages take. */
  readonly bytes: number
}

/** It is a list to pick from; past it, the room that was not visited for longest is forgotten. */
export const MY_ROOMS_MAX = 50

const CHANNEL = 'shoal.rooms'

/** The rooms of this device, shared by its tabs; none of these fails. */
export interface MyRooms {
  /** The messages that are kept. */
  readonly entries: EntryStore
  /** Why something could not be kept; null while all could. */
  readonly problem: ErrorCode | null
  /** Newest first. */
  list(): Promise<readonly MyRoom[]>
  /** The room is visited, now or again. */
  touch(room: Pick<MyRoom, 'code' | 'title' | 'verifiedOnly'>): Promise<void>
  keepsHistory(code: string): Promise<boolean>
  /** Off takes away what is kept. Null: this page was let in without the room's secret. */
  keepHistory(code: string, keep: boolean, secret: string | null): Promise<void>
  /** Before a room with kept messages is opened again: this tab gets the secret that was kept with them. */
  recallSecret(code: string): Promise<boolean>
  /** Messages, secret, kept pictures and the tab's place in the room; in other tabs as well. */
  forget(code: string): Promise<void>
  /** Called when the list may have changed, here or in another tab. */
  subscribe(listener: () => void): () => void
  close(): void
}

/** `now`: epoch milliseconds. `onProblem`: what could not be kept, each code once until another one comes. */
export function createMyRooms(options: {
  readonly now: () => number
  readonly onProblem?: (code: ErrorCode) => void
}): MyRooms {
  return new BrowserRooms(options.now, options.onProblem)
}

class BrowserRooms implements MyRooms {
  readonly entries: EntryStore
  readonly #now: () => number
  readonly #database: RoomDatabase
  readonly #listeners = new Set<() => void>()
  readonly #others: BroadcastChannel | null
  /** Where nothing can be stored the list lasts as long as the page. */
  readonly #unstored = new Map<string, RoomRecord>()

  constructor(now: () => number, onProblem?: (code: ErrorCode) => void) {
    this.#now = now
    this.#database = new RoomDatabase((code) => {
      onProblem?.(code)
      this.#changed()
    })
    this.entries = createEntryStore(this.#database)
    this.#others = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL)
    this.#others?.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#handleOther(data))
  }

  get problem(): ErrorCode | null {
    return this.#database.problem
  }

  async list(): Promise<readonly MyRoom[]> {
    const stored = (await this.#database.read((reading) => reading.objectStore('rooms').getAll())) ?? []
    const all = new Map([...this.#unstored.values(), ...stored].map((record) => [record.code, record]))
    return [...all.values()].map(viewOf).sort((one, other) => other.lastVisitMs - one.lastVisitMs)
  }

  async touch({ code, title, verifiedOnly }: Pick<MyRoom, 'code' | 'title' | 'verifiedOnly'>): Promise<void> {
    const seen = { title, verifiedOnly, lastVisitMs: this.#now() }
    const forgotten = await this.#database.change(async (change) => {
      const rooms = change.objectStore('rooms')
      await rooms.put({ ...((await rooms.get(code)) ?? unknownRoom(code)), ...seen })
      return forgetOldest(change)
    })
    if (forgotten === undefined) this.#unstored.set(code, { ...unknownRoom(code), ...seen })
    for (const gone of forgotten ?? []) await this.#forgetInTabs(gone)
    this.#tell()
  }

  async keepsHistory(code: string): Promise<boolean> {
    const record = await this.#database.read((reading) => reading.objectStore('rooms').get(code))
    return record?.keepsHistory ?? false
  }

  async keepHistory(code: string, keep: boolean, secret: string | null): Promise<void> {
    await this.#database.change(async (change) => {
      const rooms = change.objectStore('rooms')
      if (!keep) await forgetEntries(change, code)
      const record = (await rooms.get(code)) ?? unknownRoom(code)
      const lastVisitMs = Math.max(record.lastVisitMs, this.#now())
      await rooms.put({ ...record, lastVisitMs, keepsHistory: keep, secret: keep ? secret : null })
      return true
    })
    // What waited to be written waits no longer.
    if (!keep) await this.entries.forget(code)
    this.#tell()
  }

  async recallSecret(code: string): Promise<boolean> {
    if (loadSecret(code) instanceof Uint8Array) return true
    const record = await this.#database.read((reading) => reading.objectStore('rooms').get(code))
    const secret = record?.secret == null ? null : parseSecret(record.secret)
    if (!(secret instanceof Uint8Array)) return false
    saveSecret(code, secret)
    return true
  }

  async forget(code: string): Promise<void> {
    this.#unstored.delete(code)
    await this.entries.forget(code)
    await this.#database.change(async (change) => {
      await forgetEntries(change, code)
      await change.objectStore('rooms').delete(code)
      return true
    })
    await this.#forgetInTabs(code)
    this.#tell()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#others?.close()
    this.#listeners.clear()
    this.#database.close()
  }

  async #forgetInTabs(code: string): Promise<void> {
    forgetInTab(code)
    this.#others?.postMessage({ forgotten: code })
    await forgetKeptPictures(code)
  }

  #handleOther(data: unknown): void {
    if (typeof data === 'object' && data !== null && 'forgotten' in data) {
      if (typeof data.forgotten === 'string') {
        this.#unstored.delete(data.forgotten)
        forgetInTab(data.forgotten)
      }
    }
    this.#changed()
  }

  #tell(): void {
    this.#others?.postMessage({})
    this.#changed()
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

function forgetInTab(code: string): void {
  dropSecret(code)
  dropPlaces(code)
  dropNotificationChoice(code)
}

/** Those without kept messages go first: they are the cheapest to find again. */
async function forgetOldest(change: RoomsChange): Promise<readonly string[]> {
  const rooms = change.objectStore('rooms')
  const all = await rooms.getAll()
  const oldest = all.sort(
    (one, other) =>
      Number(one.keepsHistory) - Number(other.keepsHistory) || one.lastVisitMs - other.lastVisitMs,
  )
  const gone = oldest.slice(0, Math.max(0, all.length - MY_ROOMS_MAX)).map(({ code }) => code)
  for (const code of gone) {
    await forgetEntries(change, code)
    await rooms.delete(code)
  }
  return gone
}

function viewOf(record: RoomRecord): MyRoom {
  const { code, title, verifiedOnly, lastVisitMs, keepsHistory, secret, bytes } = record
  const secretKnown = secret !== null || loadSecret(code) instanceof Uint8Array
  return { code, title, verifiedOnly, lastVisitMs, keepsHistory, secretKnown, bytes }
}

/** The secret of a room in this tab as the link carries it; null where it has none. */
export function secretOfTab(code: string): string | null {
  const known = loadSecret(code)
  return known instanceof Uint8Array ? encodeSecret(known) : null
}
