import { describe, expect, it } from 'vitest'

import { countedBytes } from './fixtures'
import { Keyring, PAIRS_MAX } from './keyring'

const SECRET = new Uint8Array(16).fill(7)
const HERE = { room: 'R', selfId: 'a', secret: SECRET }
const PEER = { id: 'b', instance: 'b1' }
const SENDER = { role: 'sender', strict: true } as const
const RECEIVER = { role: 'receiver', strict: false } as const

function keyring(instance = 'a1', seed = 1) {
  return new Keyring({ instance, randomBytes: countedBytes(seed) })
}

describe('Keyring', () => {
  it('[KY5] gives the same pair again, so that its counters go on', () => {
    const ring = keyring()
    const pair = ring.pair(HERE, PEER, SENDER)!
    expect(ring.pair(HERE, { id: 'b', instance: 'b2' }, SENDER)).not.toBe(pair)
    expect(ring.pair({ ...HERE, selfId: 'c' }, PEER, SENDER)).not.toBe(pair)
    expect(ring.pair({ ...HERE, room: 'S' }, PEER, SENDER)).not.toBe(pair)
    expect(ring.pair({ ...HERE, secret: SECRET.slice() }, PEER, SENDER)).toBe(pair)
  })

  it('[KY5] makes no second pair for the same two loads under another secret', () => {
    const ring = keyring()
    ring.pair(HERE, PEER, SENDER)
    expect(ring.pair({ ...HERE, secret: null }, PEER, SENDER)).toBeNull()
    expect(ring.pair({ ...HERE, secret: new Uint8Array(16) }, PEER, SENDER)).toBeNull()
  })

  it('[KY5] seals under other keys after a reload', () => {
    const receiver = new Keyring({ instance: 'b1', randomBytes: countedBytes(2) })
    const pair = receiver.pair({ ...HERE, selfId: 'b' }, { id: 'a', instance: 'a1' }, RECEIVER)!
    const before = keyring('a1').pair(HERE, PEER, SENDER)!.seal('offer')!
    const after = keyring('a2').pair(HERE, PEER, SENDER)!.seal('offer')!
    expect(pair.open(after.replace('a2', 'a1'))).toBeNull()
    expect(pair.open(before)).toEqual({ type: 'message', text: 'offer' })
  })

  it('makes its own key pair once, ahead of the first pair where it is told to', () => {
    let drawn = 0
    const ring = new Keyring({
      instance: 'a1',
      randomBytes: (length) => {
        drawn += length
        return countedBytes(1)(length)
      },
    })
    expect(drawn).toBe(0)
    ring.prepare()
    expect(drawn).toBe(32)
    ring.prepare()
    ring.pair(HERE, PEER, SENDER)
    ring.pair(HERE, { id: 'b', instance: 'b2' }, SENDER)
    expect(drawn).toBe(32)
  })

  it('[KY5] has an end', () => {
    const ring = keyring()
    for (let i = 0; i < PAIRS_MAX; i++)
      expect(ring.pair(HERE, { id: 'b', instance: String(i) }, SENDER)).not.toBeNull()
    expect(ring.pair(HERE, { id: 'b', instance: 'one more' }, SENDER)).toBeNull()
    expect(ring.pair(HERE, { id: 'b', instance: '0' }, SENDER)).not.toBeNull()
  })
})
