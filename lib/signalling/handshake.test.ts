import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { offeredProtocols, offeredRequest } from './handshake'
import { parseClientMessage } from './messages'
import type { ClientMessage } from './messages'

/** RFC 9110, 5.6.2: all that may stand in a subprotocol. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const request: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({
    type: fc.constant('create' as const),
    name: text,
    role: fc.constant('member' as const),
    title: text,
  }),
  fc.record({
    type: fc.constant('join' as const),
    room: text,
    name: text,
    role: fc.constant('sender' as const),
  }),
  fc.record({ type: fc.constant('resume' as const), token: text, instance: fc.constant('p1') }),
)

describe('a request that goes with the handshake', () => {
  it('is in protocols that a browser takes, and comes out of the header as it went in', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const offered = offeredProtocols(asked)
        for (const protocol of offered) expect(protocol).toMatch(TOKEN)
        expect(JSON.parse(offeredRequest(offered.join(', ')) ?? '')).toEqual(asked)
      }),
    )
  })

  it('is none where there is none', () => {
    expect(offeredRequest(undefined)).toBeNull()
    expect(offeredRequest('')).toBeNull()
    expect(offeredRequest('shoal.1')).toBeNull()
    expect(offeredRequest('chat, superchat')).toBeNull()
  })

  it('never throws, and nonsense is no message', () => {
    for (const header of ['request.', 'request.%', 'shoal.1,request.%ff%fe', 'request.%7B']) {
      expect(parseClientMessage(offeredRequest(header)).error).toBe('SHOAL_BAD_MESSAGE')
    }
    fc.assert(
      fc.property(fc.string(), (header) => {
        offeredRequest(`request.${header}`)
      }),
    )
  })
})
