import type { RoomDatabase, RoomRecord, RoomsChange } from './database'

/** One entry of a room's log as the chat hands it over: nothing in here reads its text. */
export interface StoredEntry {
  /** The same in every tab; a deletion comes under the id of what it deletes. */
  readonly id: string
  readonly text: string
}

/** Keeps the messages of the rooms whose people chose so. None of these fails; see `RoomDatabase.problem`. */
export interface EntryStore {
  /** In the order of their arrival. */
  load(room: string): Promise<readonly string[]>
  /** Those that are there already stay as they are. Does nothing for a room that keeps no history. */
  append(room: string, entries: readonly StoredEntry[]): Promise<void>
  /** Puts `text` where that entry is (or at the end): what was deleted is no longer there. */
  replace(room: string, id: string, text: string): Promise<void>
  /** Takes every entry of the room away. */
  forget(room: string): Promise<void>
}

export interface HistoryLimits {
  readonly roomEntries: number
  readonly roomBytes: number
  readonly allEntries: number
  readonly allBytes: number
}

/** One room: more than a year of a busy family. All: what a phone has to spare, and a browser gives unasked. */
export const HISTORY_LIMITS: HistoryLimits = {
  roomEntries: 20_000,
  roomBytes: 20 * 2 ** 20,
  allEntries: 100_000,
  allBytes: 100 * 2 ** 20,
}

/** No entry of the chat is this large: its messages are up to 16 KiB. */
const ENTRY_MAX_BYTES = 64 * 1024
/** What a deletion brings takes the place of what is there; what another tab has written already does not. */
interface NewEntry extends StoredEntry {
  readonly replaces: boolean
}

/** Of what a full device refused, so much waits in memory for the next try. */
const WAITING_MAX = 1000

export function createEntryStore(database: RoomDatabase, limits = HISTORY_LIMITS): EntryStore {
  return new BrowserEntryStore(database, limits)
}

class BrowserEntryStore implements EntryStore {
  readonly #database: RoomDatabase
  readonly #limits: HistoryLimits
  /** What could not be written yet, by room. */
  readonly #waiting = new Map<string, readonly NewEntry[]>()

  constructor(database: RoomDatabase, limits: HistoryLimits) {
    this.#database = database
    this.#limits = limits
  }

  async load(room: string): Promise<readonly string[]> {
    const found = await this.#database.read((reading) =>
      reading.objectStore('entries').index('room').getAll(room),
    )
    return (found ?? []).map(({ text }) => text)
  }

  async append(room: string, entries: readonly StoredEntry[]): Promise<void> {
    await this.#write(
      room,
      entries.map(({ id, text }) => ({ id, text, replaces: false })),
    )
  }

  async replace(room: string, id: string, text: string): Promise<void> {
    await this.#write(room, [{ id, text, replaces: true }])
  }

  async forget(room: string): Promise<void> {
    this.#waiting.delete(room)
    await this.#database.change((change) => forgetEntries(change, room))
  }

  async #write(room: string, entries: readonly NewEntry[]): Promise<void> {
    const all = [...(this.#waiting.get(room) ?? []), ...entries]
    this.#waiting.delete(room)
    if (all.length === 0) return
    const written = await this.#database.change(
      async (change) => {
        // Another tab may have forgotten the room meanwhile: then it stays forgotten.
        const record = await change.objectStore('rooms').get(room)
        if (!record?.keepsHistory) return true
        const grown = await put(change, record, all)
        await trimAll(change, await trimRoom(change, grown, this.#limits), this.#limits)
        return true
      },
      (change) => halve(change, room),
    )
    if (written !== undefined) return
    this.#waiting.set(room, [...all, ...(this.#waiting.get(room) ?? [])].slice(-WAITING_MAX))
  }
}

/** Within a change: nothing of the room's messages is left. */
export async function forgetEntries(change: RoomsChange, room: string): Promise<void> {
  const entries = change.objectStore('entries')
  for (const order of await entries.index('room').getAllKeys(room)) await entries.delete(order)
  const record = await change.objectStore('rooms').get(room)
  if (record) await change.objectStore('rooms').put({ ...record, entries: 0, bytes: 0 })
}

async function put(
  change: RoomsChange,
  record: RoomRecord,
  entries: readonly NewEntry[],
): Promise<RoomRecord> {
  const store = change.objectStore('entries')
  let { entries: count, bytes: sum } = record
  for (const { id, text, replaces } of entries) {
    const bytes = new TextEncoder().encode(text).length
    if (bytes > ENTRY_MAX_BYTES) continue
    const before = await store.index('identity').get([record.code, id])
    if (before && !replaces) continue
    const { order } = before ?? {}
    await store.put({ ...(order === undefined ? {} : { order }), room: record.code, id, text, bytes })
    count += before ? 0 : 1
    sum += bytes - (before?.bytes ?? 0)
  }
  const grown = { ...record, entries: count, bytes: sum }
  await change.objectStore('rooms').put(grown)
  return grown
}

/** Takes the oldest of the room away until it is within bounds. */
async function trimRoom(change: RoomsChange, record: RoomRecord, limits: HistoryLimits): Promise<RoomRecord> {
  let { entries, bytes } = record
  if (entries <= limits.roomEntries && bytes <= limits.roomBytes) return record
  let cursor = await change.objectStore('entries').index('room').openCursor(record.code)
  while (cursor && (entries > limits.roomEntries || bytes > limits.roomBytes)) {
    entries--
    bytes -= cursor.value.bytes
    await cursor.delete()
    cursor = await cursor.continue()
  }
  const trimmed = { ...record, entries, bytes }
  await change.objectStore('rooms').put(trimmed)
  return trimmed
}

/** Takes the oldest of all rooms away until they are within bounds together. */
async function trimAll(change: RoomsChange, { code }: RoomRecord, limits: HistoryLimits): Promise<void> {
  const records = new Map((await change.objectStore('rooms').getAll()).map((each) => [each.code, each]))
  let entries = 0
  let bytes = 0
  for (const record of records.values()) {
    entries += record.entries
    bytes += record.bytes
  }
  if (entries <= limits.allEntries && bytes <= limits.allBytes) return
  const changed = new Set([code])
  let cursor = await change.objectStore('entries').openCursor()
  while (cursor && (entries > limits.allEntries || bytes > limits.allBytes)) {
    const { room, bytes: freed } = cursor.value
    const record = records.get(room)
    if (record) {
      records.set(room, { ...record, entries: record.entries - 1, bytes: record.bytes - freed })
      changed.add(room)
    }
    entries--
    bytes -= freed
    await cursor.delete()
    cursor = await cursor.continue()
  }
  for (const room of changed) {
    const record = records.get(room)
    if (record) await change.objectStore('rooms').put(record)
  }
}

/** The device is full: the older half of this room makes place for what is new. */
async function halve(change: RoomsChange, room: string): Promise<void> {
  const record = await change.objectStore('rooms').get(room)
  if (!record) return
  const half = Math.ceil(record.entries / 2)
  const none = { allEntries: Infinity, allBytes: Infinity, roomBytes: Infinity }
  await trimRoom(change, record, { ...none, roomEntries: half })
}
