import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { PACKET_MAX_BYTES } from '../constants'
import { parsePacket } from '../wire'
import { toHex } from './bytes'
import { encodeFeedback, type Feedback, RECENT_PACKETS } from './feedback'
import { type SymbolPacket, SymbolPacketWriter } from './symbol'

const ID = '0123456789abcdef'
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const u16 = fc.integer({ min: 0, max: 0xffff })

const encodeSymbol = ({ packetNumber, block, symbolId, sentAtTenths, payload }: SymbolPacket) =>
  new SymbolPacketWriter(ID).encode(packetNumber, block, symbolId, sentAtTenths / 10, payload)

const symbol: fc.Arbitrary<SymbolPacket> = fc.record({
  packetNumber: u32,
  block: u16,
  symbolId: u32,
  // Half of the range: what is divided by ten and multiplied again stays the same number.
  sentAtTenths: fc.integer({ min: 0, max: 2 ** 31 }).map((tenths) => tenths - (tenths % 10)),
  payload: fc.uint8Array({ minLength: 1, maxLength: 1024 }),
})

const feedback: fc.Arbitrary<Feedback> = fc
  .record({
    feedbackNumber: u32,
    packetsReceived: u32,
    lost: u32,
    echoTenths: u32,
    holdTenths: u16,
    receiverTenths: u32,
    queueDelayTenths: u16,
    doneBefore: u16,
    needs: fc.array(fc.record({ block: u16, need: u16 }), { maxLength: 32 }),
    recent: fc.uint8Array({ minLength: RECENT_PACKETS / 8, maxLength: RECENT_PACKETS / 8 }),
    missing: fc
      .array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 })), {
        maxLength: 60,
      })
      .map((pairs) => {
        let end = -1
        return pairs.map(([gap, length]) => {
          const start = end + gap
          end = start + length
          return { start, length }
        })
      }),
  })
  .map(({ lost, ...fields }) => ({
    ...fields,
    packetsSeen: Math.min(0xffffffff, fields.packetsReceived + lost),
  }))

const small: Feedback = {
  feedbackNumber: 1,
  packetsReceived: 2,
  packetsSeen: 3,
  echoTenths: 4,
  holdTenths: 5,
  receiverTenths: 6,
  queueDelayTenths: 7,
  doneBefore: 8,
  needs: [{ block: 9, need: 10 }],
  recent: new Uint8Array(RECENT_PACKETS / 8).fill(0, 1).fill(5, 0, 1),
  missing: [{ start: 1, length: 1 }],
}

describe('SYMBOL and FEEDBACK', () => {
  test('[WF12] every SYMBOL is read as it was written', () => {
    fc.assert(
      fc.property(symbol, (data) => {
        expect(parsePacket(encodeSymbol(data))).toEqual({ packet: { type: 'symbol', transferId: ID, data } })
      }),
    )
  })

  test('[WF12] a golden SYMBOL', () => {
    const bytes = encodeSymbol({
      packetNumber: 1,
      block: 2,
      symbolId: 3,
      sentAtTenths: 40,
      payload: Uint8Array.of(0xaa),
    })
    expect(toHex(bytes)).toBe(`17${ID}0000000100020000000300000028aa`)
  })

  test('[WF13] every FEEDBACK is read as it was written', () => {
    fc.assert(
      fc.property(feedback, (data) => {
        const bytes = encodeFeedback(ID, data)
        expect(bytes.length).toBeLessThanOrEqual(PACKET_MAX_BYTES)
        expect(parsePacket(bytes)).toEqual({ packet: { type: 'feedback', transferId: ID, data } })
      }),
    )
  })

  test('[WF13] a golden FEEDBACK', () => {
    const fields = [
      '00000001',
      '00000002',
      '00000003',
      '00000004',
      '00000006',
      '0005',
      '0007',
      '0008',
      '01',
      '0009000a',
    ]
    expect(toHex(encodeFeedback(ID, small))).toBe(`18${ID}${fields.join('')}05${'00'.repeat(31)}0101`)
  })

  test('[WF13] a FEEDBACK of a whole picture’s holes names as many as fit', () => {
    const missing = Array.from({ length: 500 }, (_, i) => ({ start: 1 + 2 * i, length: 1 }))
    const result = parsePacket(encodeFeedback(ID, { ...small, missing }))
    const read = 'packet' in result && result.packet.type === 'feedback' ? result.packet.data.missing : []
    expect(read.length).toBe(128)
    expect(read).toEqual(missing.slice(0, 128))
  })

  test.each([
    ['more received than seen', { packetsReceived: 4 }, 'bad-field'],
    [
      'runs that touch',
      {
        missing: [
          { start: 1, length: 1 },
          { start: 2, length: 1 },
        ],
      },
      'bad-runs',
    ],
  ] as const)('[WF13] a FEEDBACK with %s is malformed', (_, changes, error) => {
    expect(parsePacket(encodeFeedback(ID, { ...small, ...changes }))).toEqual({ error })
  })

  test('[WF13] a FEEDBACK that is cut off is malformed, wherever', () => {
    const bytes = encodeFeedback(ID, { ...small, missing: [] })
    for (let length = 9; length < bytes.length; length++) {
      expect(parsePacket(bytes.subarray(0, length))).toHaveProperty('error')
    }
  })
})
