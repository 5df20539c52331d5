import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { PairContext } from './derive'
import { deriveCipher, hashContext } from './derive'
import { SEALED_OVERHEAD_BYTES, WINDOW_COUNTERS } from './pair-cipher'

const BASE: PairContext = {
  room: 'K7QM3-XTR9B',
  sender: { id: 'aaaaaaaaaaaaaaaa', instance: '1111111111111111' },
  receiver: { id: 'bbbbbbbbbbbbbbbb', instance: '2222222222222222' },
}
const SECRET = new Uint8Array(16).fill(7)
const KEYS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

function end(
  role: 'sender' | 'receiver',
  changes: Partial<PairContext> & {
    label?: 'signals' | 'relay'
    material?: Uint8Array
    publicKeys?: readonly Uint8Array[]
  } = {},
) {
  const { label = 'signals', material = SECRET, publicKeys = KEYS, ...context } = changes
  return deriveCipher({ role, label, material, publicKeys, context: hashContext({ ...BASE, ...context }) })
}

const bytes = fc.uint8Array({ maxLength: 1200 })

describe('PairCipher', () => {
  it('[KY5] opens what the other end sealed, both ways, each message 24 bytes longer', () => {
    const [sender, receiver] = [end('sender'), end('receiver')]
    fc.assert(
      fc.property(bytes, (plain) => {
        const sealed = sender.seal(plain)
        expect(sealed).toHaveLength(plain.length + SEALED_OVERHEAD_BYTES)
        expect(receiver.open(sealed)).toEqual(plain)
        expect(sender.open(receiver.seal(plain))).toEqual(plain)
      }),
    )
  })

  it('[KY5] never seals the same bytes to the same bytes', () => {
    const sender = end('sender')
    const plain = new Uint8Array(10)
    const sealed = Array.from({ length: 300 }, () => Buffer.from(sender.seal(plain)).toString('hex'))
    expect(new Set(sealed.map((hex) => hex.slice(0, 16))).size).toBe(300)
    expect(new Set(sealed.map((hex) => hex.slice(16))).size).toBe(300)
  })

  it('[KY5] opens nothing that was changed, cut or lengthened, and counts it', () => {
    const change = fc.oneof(
      fc.record({ at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ cut: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ append: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
    )
    fc.assert(
      fc.property(bytes, change, (plain, how) => {
        const sealed = end('sender').seal(plain)
        const receiver = end('receiver')
        const changed =
          'cut' in how
            ? sealed.slice(0, Math.max(0, sealed.length - how.cut))
            : 'append' in how
              ? Uint8Array.of(...sealed, ...how.append)
              : sealed.map((byte, i) => (i === how.at % sealed.length ? byte ^ how.flip : byte))
        expect(receiver.open(changed)).toBeNull()
        expect(receiver.unopened).toEqual({ altered: 1, replayed: 0, late: 0 })
        expect(receiver.open(sealed)).toEqual(plain)
      }),
    )
  })

  it('[KY14] opens no bytes at all that nobody sealed, without throwing', () => {
    const receiver = end('receiver')
    let tried = 0
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (junk) => {
        tried++
        expect(receiver.open(junk)).toBeNull()
      }),
    )
    expect(receiver.unopened).toEqual({ altered: tried, replayed: 0, late: 0 })
  })

  it.each([
    ['room', { room: 'K7QM3-XTR9C' }],
    ['sender’s id', { sender: { ...BASE.sender, id: 'aaaaaaaaaaaaaaab' } }],
    ['load of the sender’s page', { sender: { ...BASE.sender, instance: '3' } }],
    ['receiver’s id', { receiver: { ...BASE.receiver, id: 'c' } }],
    ['load of the receiver’s page', { receiver: { ...BASE.receiver, instance: '' } }],
    ['sender and receiver exchanged', { sender: BASE.receiver, receiver: BASE.sender }],
    // Without the lengths these two would read the same.
    ['where one text ends', { sender: { id: 'aaaaaaaaaaaaaaaa1', instance: '111111111111111' } }],
  ] satisfies [string, Partial<PairContext>][])('[KY3] is bound to the %s', (_title, changes) => {
    const receiver = end('receiver', changes)
    expect(receiver.open(end('sender').seal(Uint8Array.of(1)))).toBeNull()
    expect(receiver.unopened.altered).toBe(1)
    expect(end('sender').open(receiver.seal(Uint8Array.of(1)))).toBeNull()
  })

  it('[KY4] is bound to the purpose, the direction, the secret and the public keys', () => {
    const sealed = end('sender').seal(Uint8Array.of(1))
    expect(end('receiver').open(sealed)).toEqual(Uint8Array.of(1))
    expect(end('receiver', { label: 'relay' }).open(sealed)).toBeNull()
    expect(end('sender').open(sealed)).toBeNull()
    expect(end('receiver', { material: SECRET.slice().fill(8) }).open(sealed)).toBeNull()
    expect(end('receiver', { publicKeys: [...KEYS].reverse() }).open(sealed)).toBeNull()
    expect(end('receiver', { publicKeys: [] }).open(sealed)).toBeNull()
  })

  it('[KY6] opens each message once, whatever the order and whatever is lost', () => {
    const indexes = fc.array(fc.nat({ max: 200 }), { maxLength: 300 })
    fc.assert(
      fc.property(indexes, (order) => {
        const sender = end('sender')
        const sealed = Array.from({ length: 201 }, (_, i) => sender.seal(Uint8Array.of(i)))
        const receiver = end('receiver')
        const opened = new Set<number>()
        for (const index of order) {
          const plain = receiver.open(sealed[index] ?? new Uint8Array())
          expect(plain).toEqual(opened.has(index) ? null : Uint8Array.of(index))
          opened.add(index)
        }
        expect(receiver.unopened).toEqual({ altered: 0, replayed: order.length - opened.size, late: 0 })
      }),
      { numRuns: 20 },
    )
  })

  it('[KY6] takes nothing that is a whole window behind the newest', () => {
    const sender = end('sender')
    const old = [sender.seal(Uint8Array.of(0)), sender.seal(Uint8Array.of(1))]
    for (let i = 2; i < WINDOW_COUNTERS; i++) sender.seal(new Uint8Array())
    const newest = sender.seal(Uint8Array.of(2))
    const receiver = end('receiver')
    expect(receiver.open(newest)).not.toBeNull()
    expect(receiver.open(old[0] ?? new Uint8Array())).toBeNull()
    expect(receiver.unopened).toEqual({ altered: 0, replayed: 0, late: 1 })
    expect(receiver.open(old[1] ?? new Uint8Array())).toEqual(Uint8Array.of(1))
  })

  it('[KY6] is not moved on by a counter that was not proved', () => {
    const sender = end('sender')
    const first = sender.seal(Uint8Array.of(1))
    const receiver = end('receiver')
    const far = sender.seal(Uint8Array.of(2))
    far[2] = 1
    expect(receiver.open(far)).toBeNull()
    expect(receiver.open(first)).toEqual(Uint8Array.of(1))
  })
})
