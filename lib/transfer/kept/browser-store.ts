import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

import type { Clock } from '@/lib/peer/clock'

import { KEPT_FOR_MS, type KeptPicture, type PictureStore, tooMany } from './kept-picture'

const DATABASE = 'shoal-pictures'
/** To be raised with any change of a record, the report's included: older databases begin empty. */
const VERSION = 1
const TAB_KEY = 'shoal.tab'
const TAB_BYTES = 8
/** An open page says so this often: well within KEPT_FOR_MS also where timers are late. */
const SEEN_EVERY_MS = 10 * 60 * 1000

interface Schema extends DBSchema {
  pictures: {
    key: string
    value: KeptPicture & {
      readonly id: string
      readonly shelf: string
      readonly order: number
      readonly bytes: number
    }
    indexes: { shelf: string }
  }
  /** One for each tab in each room: when its page was last open. */
  shelves: { key: string; value: { readonly shelf: string; readonly tab: string; readonly seenAtMs: number } }
}

/** In the browser's own database: pictures are too large for sessionStorage, and a tab's number tells them apart. */
export function createBrowserPictureStore(clock: Clock): PictureStore {
  return new BrowserPictureStore(clock)
}

/** Takes away what any tab keeps of a room's pictures; what is on a page stays until it is closed. */
export async function forgetKeptPictures(room: string): Promise<void> {
  try {
    const database = await openDatabase()
    try {
      for (const shelf of await database.getAllKeys('shelves')) {
        if (shelf.endsWith(`:${room}`)) await takeAway(database, shelf)
      }
    } finally {
      database.close()
    }
  } catch {
    // Where nothing can be opened, nothing was kept.
  }
}

class BrowserPictureStore implements PictureStore {
  readonly #clock: Clock
  readonly #tab = tabOfThisPage()
  #database: Promise<IDBPDatabase<Schema>> | null = null
  #shelf: string | null = null
  #cancelSeen: (() => void) | null = null
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async open(room: string): Promise<readonly KeptPicture[]> {
    if (this.#tab === null) return []
    this.#shelf = `${this.#tab}:${room}`
    const shelf = this.#shelf
    const found = await this.#with(async (database) => {
      await this.#sweep(database, shelf)
      await this.#seen(database)
      return database.getAllFromIndex('pictures', 'shelf', shelf)
    })
    return (found ?? []).filter(({ file }) => file instanceof Blob).sort((a, b) => a.order - b.order)
  }

  async keep(picture: KeptPicture): Promise<void> {
    const shelf = this.#shelf
    if (shelf === null) return
    const record = {
      ...picture,
      id: idOf(shelf, picture.key),
      shelf,
      order: this.#clock.now(),
      bytes: picture.file.size,
    }
    await this.#with(async (database) => {
      const kept = await database.getAllFromIndex('pictures', 'shelf', shelf)
      const all = [...kept.sort((a, b) => a.order - b.order), record]
      const gone = new Set(tooMany(all))
      // Relaxed: a reload finds it, and a power cut may cost it.
      const change = database.transaction('pictures', 'readwrite', { durability: 'relaxed' })
      for (const { id } of gone) void change.store.delete(id)
      if (!gone.has(record)) void change.store.put(record)
      await change.done
    })
  }

  async drop(key: string): Promise<void> {
    const shelf = this.#shelf
    if (shelf !== null) await this.#with((database) => database.delete('pictures', idOf(shelf, key)))
  }

  async clear(): Promise<void> {
    this.#shelf = null
    await this.#with((database) => this.#sweep(database, null))
  }

  close(): void {
    this.#closed = true
    this.#cancelSeen?.()
    void this.#database?.then(
      (database) => database.close(),
      () => undefined,
    )
  }

  /** Takes away what this tab has but for one shelf, and what closed pages have left behind. */
  async #sweep(database: IDBPDatabase<Schema>, keep: string | null): Promise<void> {
    const now = this.#clock.now()
    for (const { shelf, tab, seenAtMs } of await database.getAll('shelves')) {
      const isOld = now - seenAtMs > KEPT_FOR_MS
      if (shelf === keep || (tab !== this.#tab && !isOld)) continue
      await takeAway(database, shelf)
    }
  }

  async #seen(database: IDBPDatabase<Schema>): Promise<void> {
    if (this.#shelf === null || this.#tab === null || this.#closed) return
    await database.put('shelves', { shelf: this.#shelf, tab: this.#tab, seenAtMs: this.#clock.now() })
    this.#cancelSeen?.()
    this.#cancelSeen = this.#clock.schedule(SEEN_EVERY_MS, () => void this.#with((db) => this.#seen(db)))
  }

  /** Undefined where the browser refuses: a private window, a full disk, a person who said no. */
  async #with<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
    if (this.#closed) return undefined
    try {
      this.#database ??= openDatabase()
      return await work(await this.#database)
    } catch {
      return undefined
    }
  }
}

async function takeAway(database: IDBPDatabase<Schema>, shelf: string): Promise<void> {
  const change = database.transaction(['pictures', 'shelves'], 'readwrite')
  for (const id of await change.objectStore('pictures').index('shelf').getAllKeys(shelf)) {
    void change.objectStore('pictures').delete(id)
  }
  void change.objectStore('shelves').delete(shelf)
  await change.done
}

function openDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(DATABASE, VERSION, {
    upgrade(database) {
      for (const name of database.objectStoreNames) database.deleteObjectStore(name)
      database.createObjectStore('pictures', { keyPath: 'id' }).createIndex('shelf', 'shelf')
      database.createObjectStore('shelves', { keyPath: 'shelf' })
    },
    // A page of a newer version waits for this one to let go.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
}

function idOf(shelf: string, key: string): string {
  return `${shelf}:${key}`
}

/** Stays with the tab over reloads; null where nothing can be remembered. */
function tabOfThisPage(): string | null {
  try {
    const known = window.sessionStorage.getItem(TAB_KEY)
    if (known !== null) return known
    const bytes = crypto.getRandomValues(new Uint8Array(TAB_BYTES))
    const tab = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    window.sessionStorage.setItem(TAB_KEY, tab)
    return tab
  } catch {
    return null
  }
}
