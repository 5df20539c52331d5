import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { forgetRoom, listRooms, noteRoom, roomEntry } from './room-list'

const stored = new Map<string, string>()

beforeEach(() => {
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
})

afterEach(() => {
  stored.clear()
  vi.unstubAllGlobals()
})

const harbour = { code: 'K7QM3-XTR9B', title: 'Harbour', lastAtMs: 2, verifiedOnly: true }
const reef = { code: 'AAAAA-BBBBB', title: '', lastAtMs: 3, verifiedOnly: false }

describe('the rooms of this device', () => {
  it('are listed newest first, each once', () => {
    noteRoom(reef)
    noteRoom({ ...harbour, title: 'Old name' })
    noteRoom(harbour)
    expect(listRooms()).toEqual([reef, harbour])
    expect(roomEntry(harbour.code)).toEqual(harbour)
  })

  it('are gone when they are forgotten', () => {
    noteRoom(harbour)
    forgetRoom(harbour.code)
    expect(listRooms()).toEqual([])
    expect(stored.size).toBe(0)
  })

  it.each(['', 'nonsense', '{}', '[null, 1, {"code":"?","lastAtMs":1}, {"code":"K7QM3-XTR9B"}]'])(
    'are none in what cannot be read: %j',
    (text) => {
      stored.set('shoal.rooms', text)
      expect(listRooms()).toEqual([])
    },
  )

  it('are none where storage is forbidden', () => {
    vi.stubGlobal('localStorage', undefined)
    noteRoom(harbour)
    expect(listRooms()).toEqual([])
  })
})
