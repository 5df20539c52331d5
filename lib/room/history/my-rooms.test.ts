import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { encodeSecret } from '@/lib/keys/secret'
import { ManualClock } from '@/lib/peer/manual-clock'
import { createTabTokenStore } from '@/lib/signalling/browser'

import { dropSecret, loadSecret, saveSecret } from '../secret-store'
import { createMyRooms, MY_ROOMS_MAX, type MyRooms } from './my-rooms'

const ROOM = 'K7QM3-XTR9B'
const OTHER_ROOM = '00000-00000'
const SECRET = new Uint8Array(16).fill(7)

describe('the rooms of this device', () => {
  let clock: ManualClock
  const open: MyRooms[] = []

  beforeEach(() => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    vi.stubGlobal('window', { sessionStorage: tabStorage() })
    clock = new ManualClock()
  })
  afterEach(() => {
    for (const rooms of open.splice(0)) rooms.close()
    for (const code of [ROOM, OTHER_ROOM]) dropSecret(code)
    vi.unstubAllGlobals()
  })

  function openTab(): MyRooms {
    const rooms = createMyRooms({ now: () => clock.now() })
    open.push(rooms)
    return rooms
  }

  async function visit(rooms: MyRooms, code = ROOM, title = 'Harbour') {
    clock.advance(1000)
    await rooms.touch({ code, title, verifiedOnly: false })
  }

  const codes = async (rooms: MyRooms) => (await rooms.list()).map(({ code }) => code)

  it('are listed by their last visit, under their newest title', async () => {
    const rooms = openTab()
    await visit(rooms, ROOM, 'Harbour')
    await visit(rooms, OTHER_ROOM, 'Quay')
    expect(await codes(openTab())).toEqual([OTHER_ROOM, ROOM])
    await visit(rooms, ROOM, 'New harbour')
    expect(await openTab().list()).toMatchObject([
      { code: ROOM, title: 'New harbour', lastVisitMs: clock.now(), keepsHistory: false, secretKnown: false },
      { code: OTHER_ROOM, title: 'Quay' },
    ])
  })

  it('leave their secret to the tab until messages are kept', async () => {
    const rooms = openTab()
    saveSecret(ROOM, SECRET)
    await visit(rooms)
    expect(await rooms.list()).toMatchObject([{ secretKnown: true }])
    dropSecret(ROOM)
    expect(await rooms.list()).toMatchObject([{ secretKnown: false }])
    expect(await rooms.recallSecret(ROOM)).toBe(false)

    await rooms.keepHistory(ROOM, true, encodeSecret(SECRET))
    expect(await rooms.list()).toMatchObject([{ secretKnown: true, keepsHistory: true }])
    expect(await openTab().recallSecret(ROOM)).toBe(true)
    expect(loadSecret(ROOM)).toEqual(SECRET)
  })

  it('lose the messages and the kept secret when they are no longer to be kept', async () => {
    const rooms = openTab()
    await visit(rooms)
    await rooms.keepHistory(ROOM, true, encodeSecret(SECRET))
    await rooms.entries.append(ROOM, [{ id: 'a', text: 'hello' }])
    expect(await rooms.entries.load(ROOM)).toEqual(['hello'])
    expect(await rooms.list()).toMatchObject([{ bytes: 5 }])

    await rooms.keepHistory(ROOM, false, null)
    expect(await rooms.entries.load(ROOM)).toEqual([])
    expect(await rooms.list()).toMatchObject([
      { code: ROOM, bytes: 0, keepsHistory: false, secretKnown: false },
    ])
  })

  it('leave nothing behind when they are forgotten, and the others stay', async () => {
    const rooms = openTab()
    for (const code of [ROOM, OTHER_ROOM]) {
      await visit(rooms, code)
      await rooms.keepHistory(code, true, encodeSecret(SECRET))
      await rooms.entries.append(code, [{ id: 'a', text: code }])
      saveSecret(code, SECRET)
    }
    const places = { receiver: createTabTokenStore('receiver'), sender: createTabTokenStore('sender') }
    places.receiver.save({ token: 'token', room: ROOM, name: 'Ada', role: 'receiver' })
    places.sender.save({ token: 'token', room: OTHER_ROOM, name: 'Ada', role: 'sender' })

    await rooms.forget(ROOM)
    expect(await codes(rooms)).toEqual([OTHER_ROOM])
    expect(await rooms.entries.load(ROOM)).toEqual([])
    expect(await rooms.entries.load(OTHER_ROOM)).toEqual([OTHER_ROOM])
    expect(loadSecret(ROOM)).toBeUndefined()
    expect(loadSecret(OTHER_ROOM)).toEqual(SECRET)
    expect(createTabTokenStore('receiver').load()).toBeNull()
    expect(createTabTokenStore('sender').load()).not.toBeNull()
  })

  it('tell other tabs, which write nothing more of a forgotten room', async () => {
    const one = openTab()
    const other = openTab()
    await visit(one)
    await one.keepHistory(ROOM, true, null)
    const heard = new Promise<void>((resolve) => {
      other.subscribe(() => void other.list().then((list) => list.length === 0 && resolve()))
    })
    await one.forget(ROOM)
    await heard
    await other.entries.append(ROOM, [{ id: 'late', text: 'late' }])
    expect(await one.entries.load(ROOM)).toEqual([])
  })

  it('are so many at most, and one with kept messages is forgotten last', async () => {
    const rooms = openTab()
    await visit(rooms, ROOM)
    await rooms.keepHistory(ROOM, true, null)
    for (let at = 0; at < MY_ROOMS_MAX; at++) await visit(rooms, `ROOM-${at}`)
    const listed = await codes(rooms)
    expect(listed).toHaveLength(MY_ROOMS_MAX)
    expect(listed).toContain(ROOM)
    expect(listed).not.toContain('ROOM-0')
  })

  it('last as long as the page where nothing can be stored', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError')
      },
    })
    const rooms = openTab()
    await visit(rooms)
    await rooms.keepHistory(ROOM, true, null)
    expect(await rooms.list()).toMatchObject([{ code: ROOM, keepsHistory: false }])
    expect(rooms.problem).toBe('SHOAL_HISTORY_REFUSED')
    await rooms.forget(ROOM)
    expect(await rooms.list()).toEqual([])
  })
})

function tabStorage() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}
