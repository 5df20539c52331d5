import { describe, expect, it } from 'vitest'

import { isTurn, pathsSchema } from './paths'

const relay = { ticket: 't', packetBytes: 2048 }

describe('what a server may tell a page of other paths', () => {
  it.each([
    { iceServers: [], relay: null },
    { iceServers: [{ urls: 'stun:192.0.2.1' }], relay },
    { iceServers: [{ urls: ['turn:t.example:3478?transport=tcp'], username: 'u', credential: 'c' }], relay },
  ])('%j', (paths) => {
    expect(pathsSchema.safeParse(paths).data).toEqual(paths)
  })

  it.each([
    { relay: null },
    { iceServers: [] },
    { iceServers: [{ urls: 'https://elsewhere.example' }], relay },
    { iceServers: [{ urls: [] }], relay },
    { iceServers: [{ urls: 'turn:a\u0000b' }], relay },
    { iceServers: Array.from({ length: 9 }, () => ({ urls: 'stun:a' })), relay },
    { iceServers: [], relay: { ticket: '', packetBytes: 2048 } },
    { iceServers: [], relay: { ticket: 't', packetBytes: 0 } },
  ])('and not %j', (paths) => {
    expect(pathsSchema.safeParse(paths).success).toBe(false)
  })

  it('a server counts as TURN by any of its addresses', () => {
    expect(isTurn({ urls: ['stun:a', 'turns:b'] })).toBe(true)
    expect(isTurn({ urls: 'stun:a' })).toBe(false)
  })
})
