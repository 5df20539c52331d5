import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { ErrorCode } from '@/lib/protocol/errors'

import { RoomDatabase, unknownRoom } from './database'
import { createEntryStore, type EntryStore, type HistoryLimits } from './entry-store'

const ROOM = 'K7QM3-XTR9B'
const OTHER_ROOM = '00000-00000'
const LIMITS: HistoryLimits = { roomEntries: 5, roomBytes: 1000, allEntries: 8, allBytes: 1500 }

describe('the kept messages of a room', () => {
  const problems: ErrorCode[] = []

  beforeEach(() => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    problems.length = 0
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  function openTab(limits = LIMITS): { store: EntryStore; database: RoomDatabase } {
    const database = new RoomDatabase((code) => problems.push(code))
    return { database, store: createEntryStore(database, limits) }
  }

  async function choose(database: RoomDatabase, code: string, keepsHistory = true) {
    await database.change((change) => change.objectStore('rooms').put({ ...unknownRoom(code), keepsHistory }))
  }

  async function keepingTab(limits = LIMITS) {
    const tab = openTab(limits)
    for (const code of [ROOM, OTHER_ROOM]) await choose(tab.database, code)
    return tab
  }

  async function sizeOf(database: RoomDatabase, code: string) {
    const record = await database.read((reading) => reading.objectStore('rooms').get(code))
    return { entries: record?.entries, bytes: record?.bytes }
  }

  const entry = (id: string, text = `text of ${id}`) => ({ id, text })
  const texts = (...ids: string[]) => ids.map((id) => `text of ${id}`)

  it('come back in the order in which they came, of that room alone', async () => {
    const { store } = await keepingTab()
    await store.append(ROOM, [entry('a'), entry('b')])
    await store.append(OTHER_ROOM, [entry('x')])
    await store.append(ROOM, [entry('c')])
    expect(await openTab().store.load(ROOM)).toEqual(texts('a', 'b', 'c'))
    expect(await openTab().store.load(OTHER_ROOM)).toEqual(texts('x'))
  })

  it('are none unless somebody chose so', async () => {
    const { store, database } = openTab()
    await store.append(ROOM, [entry('a')])
    await choose(database, ROOM, false)
    await store.append(ROOM, [entry('b')])
    expect(await store.load(ROOM)).toEqual([])
  })

  it('are there once, also when two tabs write them', async () => {
    const one = await keepingTab()
    const other = openTab()
    await Promise.all([
      one.store.append(ROOM, [entry('a'), entry('b')]),
      other.store.append(ROOM, [entry('a'), entry('b'), entry('c')]),
    ])
    expect(await one.store.load(ROOM)).toEqual(texts('a', 'b', 'c'))
    expect(await sizeOf(one.database, ROOM)).toEqual({ entries: 3, bytes: 27 })
  })

  it('lose what was deleted, which a tab that has not heard of it cannot bring back', async () => {
    const { store, database } = await keepingTab()
    await store.append(ROOM, [entry('a'), entry('b')])
    await store.replace(ROOM, 'a', 'gone')
    await openTab().store.append(ROOM, [entry('a')])
    expect(await store.load(ROOM)).toEqual(['gone', 'text of b'])
    expect(await sizeOf(database, ROOM)).toEqual({ entries: 2, bytes: 13 })
    await store.replace(ROOM, 'never seen', 'gone too')
    expect(await store.load(ROOM)).toEqual(['gone', 'text of b', 'gone too'])
  })

  it('are the newest ones of the room, by number and by bytes', async () => {
    const { store, database } = await keepingTab()
    await store.append(
      ROOM,
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => entry(id)),
    )
    expect(await store.load(ROOM)).toEqual(texts('c', 'd', 'e', 'f', 'g'))
    await store.append(ROOM, [entry('large', 'x'.repeat(985))])
    expect(await store.load(ROOM)).toEqual(['text of g', 'x'.repeat(985)])
    expect(await sizeOf(database, ROOM)).toEqual({ entries: 2, bytes: 994 })
  })

  it('are the newest ones of all rooms together', async () => {
    const { store, database } = await keepingTab()
    await store.append(
      ROOM,
      ['a', 'b', 'c', 'd', 'e'].map((id) => entry(id)),
    )
    await store.append(
      OTHER_ROOM,
      ['v', 'w', 'x', 'y', 'z'].map((id) => entry(id)),
    )
    expect(await store.load(ROOM)).toEqual(texts('c', 'd', 'e'))
    expect(await store.load(OTHER_ROOM)).toEqual(texts('v', 'w', 'x', 'y', 'z'))
    expect(await sizeOf(database, ROOM)).toEqual({ entries: 3, bytes: 27 })
  })

  it('do not hold an entry larger than any message', async () => {
    const { store } = await keepingTab({ ...LIMITS, roomBytes: 1e9, allBytes: 1e9 })
    await store.append(ROOM, [entry('huge', 'x'.repeat(70_000)), entry('a')])
    expect(await store.load(ROOM)).toEqual(texts('a'))
  })

  it('are gone when the room is forgotten, and stay so while another tab still writes', async () => {
    const { store, database } = await keepingTab()
    await store.append(ROOM, [entry('a')])
    await store.append(OTHER_ROOM, [entry('x')])
    await database.change((change) => change.objectStore('rooms').delete(ROOM))
    await store.forget(ROOM)
    await openTab().store.append(ROOM, [entry('b')])
    expect(await store.load(ROOM)).toEqual([])
    expect(await store.load(OTHER_ROOM)).toEqual(texts('x'))
  })

  it('make room for new ones on a full device by their older half', async () => {
    const { store } = await keepingTab()
    await store.append(
      ROOM,
      ['a', 'b', 'c', 'd'].map((id) => entry(id)),
    )
    refuse(1)
    await store.append(ROOM, [entry('e')])
    expect(problems).toEqual([])
    expect(await store.load(ROOM)).toEqual(texts('c', 'd', 'e'))
  })

  it('say once that the device is full, and come later, the deleted one deleted', async () => {
    const { store } = await keepingTab()
    await store.append(ROOM, [entry('a')])
    const refusal = refuse(Infinity)
    await store.append(ROOM, [entry('b')])
    await store.replace(ROOM, 'a', 'gone')
    await store.append(ROOM, [entry('c')])
    expect(problems).toEqual(['SHOAL_HISTORY_FULL'])

    refusal.mockRestore()
    await store.append(ROOM, [entry('d')])
    expect(await store.load(ROOM)).toEqual(['gone', ...texts('b', 'c', 'd')])
  })

  it('say once that the browser refuses, and nothing fails', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError')
      },
    })
    const { store, database } = openTab()
    await store.append(ROOM, [entry('a')])
    await store.replace(ROOM, 'a', 'gone')
    await store.forget(ROOM)
    expect(await store.load(ROOM)).toEqual([])
    expect(problems).toEqual(['SHOAL_HISTORY_REFUSED'])
    expect(database.problem).toBe('SHOAL_HISTORY_REFUSED')
    database.close()
    await store.append(ROOM, [entry('late')])
  })
})

/** The device has no space for so many more entries. */
function refuse(times: number) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this` below
  const put = IDBObjectStore.prototype.put
  let left = times
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...args: Parameters<typeof put>
  ) {
    if (this.name === 'entries' && left-- > 0) throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, args)
  })
}
