import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ManualClock } from '@/lib/peer/manual-clock'
import type { TransferReport } from '@/lib/protocol/report'

import { createBrowserPictureStore, forgetKeptPictures } from './browser-store'
import { KEPT_FOR_MS, KEPT_PICTURES_MAX, type KeptPicture } from './kept-picture'

const ROOM = 'K7QM3-XTR9B'
const OTHER_ROOM = '00000-00000'

/** What a tab keeps over its reloads. */
function tabStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  }
}

function useTab(sessionStorage: Pick<Storage, 'getItem' | 'setItem'>): void {
  vi.stubGlobal('window', { sessionStorage })
}

function picture(key: string): KeptPicture {
  return {
    key,
    peerId: 'peer',
    peerName: 'Ada',
    channels: 1,
    fileName: `${key}.png`,
    report: { transferId: key } as TransferReport,
    file: new Blob([key]),
  }
}

const keysOf = (pictures: readonly KeptPicture[]) => pictures.map(({ key }) => key)

describe('the pictures that a tab keeps over a reload', () => {
  let clock: ManualClock
  let tab: ReturnType<typeof tabStorage>

  beforeEach(() => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    clock = new ManualClock()
    tab = tabStorage()
    useTab(tab)
  })
  afterEach(() => vi.unstubAllGlobals())

  /** A page of this tab, in the room. */
  async function openPage(room = ROOM) {
    const store = createBrowserPictureStore(clock)
    return { store, found: await store.open(room) }
  }

  async function keep(store: ReturnType<typeof createBrowserPictureStore>, ...keys: string[]) {
    for (const key of keys) {
      clock.advance(1)
      await store.keep(picture(key))
    }
  }

  it('are there after the reload, oldest first, with their bytes', async () => {
    const before = await openPage()
    expect(before.found).toEqual([])
    await keep(before.store, 'first', 'second')
    before.store.close()

    const { found } = await openPage()
    expect(keysOf(found)).toEqual(['first', 'second'])
    expect(await found[0]?.file.text()).toBe('first')
  })

  it('are gone one by one when they are removed, and all when the room is left', async () => {
    const { store } = await openPage()
    await keep(store, 'first', 'second', 'third')
    await store.drop('second')
    expect(keysOf((await openPage()).found)).toEqual(['first', 'third'])
    await store.clear()
    expect((await openPage()).found).toEqual([])
  })

  it('are no longer there once the tab went to another room', async () => {
    const { store } = await openPage()
    await keep(store, 'first')
    await openPage(OTHER_ROOM)
    expect((await openPage()).found).toEqual([])
  })

  it('are the newest ones when there are too many', async () => {
    const { store } = await openPage()
    const keys = Array.from({ length: KEPT_PICTURES_MAX + 2 }, (_, at) => `picture-${at}`)
    await keep(store, ...keys)
    expect(keysOf((await openPage()).found)).toEqual(keys.slice(2))
  })

  it('are not shown in another tab, which takes them away only when their own was long closed', async () => {
    const own = await openPage()
    await keep(own.store, 'first')
    own.store.close()

    useTab(tabStorage())
    const other = await openPage()
    expect(other.found).toEqual([])
    other.store.close()
    useTab(tab)
    const back = await openPage()
    expect(keysOf(back.found)).toEqual(['first'])
    back.store.close()

    clock.advance(KEPT_FOR_MS + 1)
    useTab(tabStorage())
    await openPage()
    useTab(tab)
    expect((await openPage()).found).toEqual([])
  })

  it('are gone from all tabs when their room is forgotten, and those of other rooms stay', async () => {
    await keep((await openPage()).store, 'first')
    const other = tabStorage()
    useTab(other)
    await keep((await openPage(OTHER_ROOM)).store, 'second')

    await forgetKeptPictures(ROOM)
    expect(keysOf((await openPage(OTHER_ROOM)).found)).toEqual(['second'])
    useTab(tab)
    expect((await openPage()).found).toEqual([])
  })

  it('are none where the browser refuses, and nothing fails', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError')
      },
    })
    const { store, found } = await openPage()
    expect(found).toEqual([])
    await keep(store, 'first')
    await store.drop('first')
    await store.clear()
    await forgetKeptPictures(ROOM)
  })

  it('are none in a tab that cannot remember its own number', async () => {
    useTab({
      getItem: () => {
        throw new DOMException('no', 'SecurityError')
      },
      setItem: () => undefined,
    })
    const { store, found } = await openPage()
    await keep(store, 'first')
    expect(found).toEqual([])
    expect((await openPage()).found).toEqual([])
  })

  it('are not written by a page that was closed', async () => {
    const { store } = await openPage()
    store.close()
    await keep(store, 'late')
    expect((await openPage()).found).toEqual([])
  })
})
