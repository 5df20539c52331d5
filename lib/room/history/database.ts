import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'

import type { ErrorCode } from '@/lib/protocol/errors'

const DATABASE = 'shoal-rooms'
/** To be raised with any change of a record: what an older version kept is then lost. */
const VERSION = 1

/** A room this device was in. */
export interface RoomRecord {
  readonly code: string
  readonly title: string
  readonly verifiedOnly: boolean
  readonly lastVisitMs: number
  readonly keepsHistory: boolean
  /** As the link carries it; only of a room whose history is kept, which is worth nothing to who cannot come back. */
  readonly secret: string | null
  /** Of the entries that are kept of it. */
  readonly entries: number
  readonly bytes: number
}

export interface EntryRecord {
  /** The order of arrival over all rooms; the database counts. */
  readonly order?: number
  readonly room: string
  readonly id: string
  readonly text: string
  readonly bytes: number
}

interface Schema extends DBSchema {
  rooms: { key: string; value: RoomRecord }
  entries: {
    key: number
    value: EntryRecord
    indexes: { room: string; identity: [string, string] }
  }
}

export type RoomsChange = IDBPTransaction<Schema, ['rooms', 'entries'], 'readwrite'>
type RoomsReading = IDBPTransaction<Schema, ['rooms', 'entries']>

/** What a room's record is before anything is known of it. */
export function unknownRoom(code: string): RoomRecord {
  return {
    ...{ code, title: '', verifiedOnly: false, lastVisitMs: 0 },
    ...{ keepsHistory: false, secret: null, entries: 0, bytes: 0 },
  }
}

/**
 * The browser's database of rooms and their kept messages, shared by all tabs. What it cannot do is said once, by a
 * stable code; nobody needs to catch anything.
 */
export class RoomDatabase {
  readonly #onProblem: (code: ErrorCode) => void
  #database: Promise<IDBPDatabase<Schema>> | null = null
  #problem: ErrorCode | null = null
  #closed = false
  /** Changes are made one after the other, in the order in which they were asked for. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(onProblem: (code: ErrorCode) => void) {
    this.#onProblem = onProblem
  }

  /** Why something could not be kept; null while all could. */
  get problem(): ErrorCode | null {
    return this.#problem
  }

  /** Undefined where the browser refuses: a private window, a person who said no. */
  async read<T>(work: (reading: RoomsReading) => Promise<T>): Promise<T | undefined> {
    return this.#next(async (database) => work(database.transaction(['rooms', 'entries'])))
  }

  /**
   * All of it or nothing; undefined where it was nothing. When the device has no space left, `makeRoom` runs and
   * all once more; never again once that was in vain.
   */
  async change<T>(
    work: (change: RoomsChange) => Promise<T>,
    makeRoom?: (change: RoomsChange) => Promise<void>,
  ): Promise<T | undefined> {
    return this.#next(async (database) => {
      try {
        return await changeAll(database, work)
      } catch (error) {
        if (makeRoom === undefined || !isQuota(error) || this.#problem === 'SHOAL_HISTORY_FULL') throw error
        await changeAll(database, makeRoom)
        return await changeAll(database, work)
      }
    })
  }

  close(): void {
    this.#closed = true
    void this.#database?.then(
      (database) => database.close(),
      () => undefined,
    )
  }

  #next<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
    const result = this.#last.then(() => this.#try(work))
    this.#last = result
    return result
  }

  async #try<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
    if (this.#closed) return undefined
    try {
      this.#database ??= openDatabase(() => (this.#database = null))
      return await work(await this.#database)
    } catch (error) {
      // Opened anew at the next try: a refusal or a lost connection need not last.
      if (!isQuota(error)) this.#database = null
      this.#say(isQuota(error) ? 'SHOAL_HISTORY_FULL' : 'SHOAL_HISTORY_REFUSED')
      return undefined
    }
  }

  #say(code: ErrorCode): void {
    if (this.#problem === code) return
    this.#problem = code
    this.#onProblem(code)
  }
}

async function changeAll<T>(
  database: IDBPDatabase<Schema>,
  work: (change: RoomsChange) => Promise<T>,
): Promise<T> {
  // Relaxed: a reload finds it, and a power cut may cost it.
  const change = database.transaction(['rooms', 'entries'], 'readwrite', { durability: 'relaxed' })
  // Whatever ends it is thrown below, once.
  change.done.catch(() => undefined)
  try {
    const result = await work(change)
    await change.done
    return result
  } catch (error) {
    try {
      change.abort()
    } catch {
      // It has ended by itself.
    }
    throw change.error ?? error
  }
}

function openDatabase(onLost: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(DATABASE, VERSION, {
    upgrade(database) {
      for (const name of database.objectStoreNames) database.deleteObjectStore(name)
      database.createObjectStore('rooms', { keyPath: 'code' })
      const entries = database.createObjectStore('entries', { keyPath: 'order', autoIncrement: true })
      entries.createIndex('room', 'room')
      entries.createIndex('identity', ['room', 'id'], { unique: true })
    },
    // A page of a newer version waits for this one to let go.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase | null)?.close()
      onLost()
    },
    terminated: onLost,
  })
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
}
