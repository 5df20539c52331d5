import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  encodeRelayFrame,
  parseRelayClientMessage,
  parseRelayFrame,
  parseRelayServerMessage,
} from './relay-messages'

const ID = '0123456789abcdef'

describe('relay frames', () => {
  it('are 8 bytes of id and the packet as it is', () => {
    const frame = encodeRelayFrame(ID, Uint8Array.of(9, 8))
    expect([...frame]).toEqual([0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 9, 8])
    expect(parseRelayFrame(frame)).toEqual({ id: ID, packet: Uint8Array.of(9, 8) })
  })

  it('come back as they went, whatever is in them', () => {
    const id = fc
      .uint8Array({ minLength: 8, maxLength: 8 })
      .map((bytes) => Buffer.from(bytes).toString('hex'))
    fc.assert(
      fc.property(id, fc.uint8Array({ minLength: 1, maxLength: 2000 }), (to, packet) => {
        expect(parseRelayFrame(encodeRelayFrame(to, packet))).toEqual({ id: to, packet })
      }),
    )
  })

  it('without a packet are none', () => {
    for (let length = 0; length <= 8; length++) expect(parseRelayFrame(new Uint8Array(length))).toBeNull()
  })
})

describe('relay messages', () => {
  it.each([
    ['{"type":"enter","ticket":"t"}', { type: 'enter', ticket: 't' }],
    ['{"type":"ping","more":1}', { type: 'ping' }],
    ['{"type":"enter","ticket":""}', null],
    [`{"type":"enter","ticket":"${'x'.repeat(1025)}"}`, null],
    ['{"type":"here"}', null],
    ['{', null],
  ])('from a page: %s', (text, expected) => {
    expect(parseRelayClientMessage(text)).toEqual(expected)
  })

  it.each([
    [`{"type":"entered","here":["${ID}"]}`, { type: 'entered', here: [ID] }],
    [`{"type":"gone","id":"${ID}"}`, { type: 'gone', id: ID }],
    ['{"type":"error","code":"SHOAL_RELAY_USED_UP"}', { type: 'error', code: 'SHOAL_RELAY_USED_UP' }],
    ['{"type":"error","code":"SHOAL_NO_SUCH"}', null],
    ['{"type":"here","id":"0123"}', null],
    [`{"type":"entered","here":"${ID}"}`, null],
    ['[]', null],
  ])('from the server: %s', (text, expected) => {
    expect(parseRelayServerMessage(text)).toEqual(expected)
  })

  it('never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(undefined), fc.integer()), (text) => {
        parseRelayClientMessage(text)
        parseRelayServerMessage(text)
      }),
    )
  })
})
