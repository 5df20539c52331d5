import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readIceServers } from './ice-servers'

const TURN = { urls: 'turn:turn.example:3478?transport=udp' }

describe('ICE_SERVERS', () => {
  it.each([
    [[{ urls: 'stun:stun.example' }]],
    [[{ urls: ['stun:192.0.2.1:3478', 'turns:[2001:db8::1]:5349'], username: 'u', credential: 'c' }]],
    [[]],
  ])('takes what RTCPeerConnection takes: %j', (list) => {
    expect(readIceServers(JSON.stringify(list), undefined)).toEqual({ iceServers: list })
  })

  it('takes a TURN server without credential when there is a secret to make one', () => {
    expect(readIceServers(JSON.stringify([TURN]), 'secret')).toEqual({ iceServers: [TURN] })
  })

  it.each([
    ['turn:turn.example', undefined, 'a JSON list'],
    ['{"urls":"stun:stun.example"}', undefined, 'a JSON list'],
    ['["stun:stun.example"]', undefined, 'entry 1'],
    ['[{"urls":"stun:a"},{"urls":"http://b"}]', undefined, 'entry 2 has no right "urls"'],
    ['[{"urls":"stun:a?transport=udp"}]', undefined, 'entry 1 has no right "urls"'],
    ['[{"urls":"turn:a b"}]', 'secret', 'entry 1 has no right "urls"'],
    ['[{"urls":"stun:a","username":7}]', undefined, 'entry 1 has no right "username"'],
    ['[{"urls":"turn:a"}]', undefined, 'entry 1 a username and a credential'],
    ['[{"urls":"turn:a","credential":"c"}]', 'secret', 'entry 1 a username and a credential'],
    ['[{"urls":"stun:a"}]', 'secret', 'without credential'],
    [JSON.stringify(Array.from({ length: 9 }, () => TURN)), 'secret', 'at most 8'],
  ])('%s with the secret %s is refused in one line', (text, secret, reason) => {
    const read = readIceServers(text, secret)
    expect('error' in read && read.error).toMatch(/^(ICE_SERVERS|TURN_SECRET) must [^\n]*$/)
    expect('error' in read && read.error).toContain(reason)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readIceServers(text, undefined)).toBeTypeOf('object')
      }),
    )
  })
})
