import { describe, expect, it } from 'vitest'

import { CountingCipher } from '@/lib/keys/pair-cipher'
import type { PairCipher } from '@/lib/keys/pair-cipher'

import { ManualClock } from './manual-clock'
import { RelayLane } from './relay-lane'
import type { RelayPort } from './relay-lane'

const KEYS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const
const cipherOf = (ours: 0 | 1): PairCipher =>
  new CountingCipher({
    sealKey: KEYS[ours],
    openKey: KEYS[ours === 0 ? 1 : 0],
    context: Uint8Array.of(7),
  })

class FakePort implements RelayPort {
  isOpen = true
  isBusy = false
  bufferedAmount = 0
  readonly sent: Uint8Array[] = []

  send(packet: Uint8Array): boolean {
    if (this.isOpen) this.sent.push(packet)
    return this.isOpen
  }
}

function setUp(cipher: PairCipher | null = cipherOf(0)) {
  const clock = new ManualClock()
  const port = new FakePort()
  const keys = { cipher }
  const heard: number[][] = []
  const drained = { count: 0 }
  const lane = new RelayLane({
    port,
    cipher: () => keys.cipher,
    clock,
    onMessage: (message) => heard.push([...message]),
    onDrained: () => drained.count++,
  })
  return { clock, port, keys, heard, drained, lane }
}

describe('a lane through the relay', () => {
  it('sends nothing before there is a key, and never anything in clear', () => {
    const { lane, port, keys } = setUp(null)
    expect([lane.isOpen, lane.send(Uint8Array.of(1))]).toEqual([false, false])
    expect(port.sent).toEqual([])
    keys.cipher = cipherOf(0)
    const message = new Uint8Array(32).fill(99)
    expect(lane.send(message)).toBe(true)
    expect(Buffer.from(port.sent[0] ?? []).includes(Buffer.from(message.subarray(0, 4)))).toBe(false)
    expect(cipherOf(1).open(port.sent[0] ?? new Uint8Array())).toEqual(message)
  })

  it('hears what the peer sealed, once, and counts everything else', () => {
    const { lane, heard } = setUp()
    const sealed = cipherOf(1).seal(Uint8Array.of(5))
    lane.handlePacket(sealed)
    lane.handlePacket(sealed)
    lane.handlePacket(sealed.map((byte) => byte ^ 1))
    lane.handlePacket(new Uint8Array())
    lane.handlePacket(cipherOf(0).seal(Uint8Array.of(5)))
    expect(heard).toEqual([[5]])
    expect(lane.refused).toBe(4)
  })

  it('does not count what TCP has to have at hand as buffered, and is full while the peer is behind', () => {
    const { lane, port } = setUp()
    port.bufferedAmount = 64 * 1024
    expect(lane.bufferedAmount).toBe(0)
    port.bufferedAmount += 10
    expect(lane.bufferedAmount).toBe(10)
    port.isBusy = true
    expect(lane.bufferedAmount).toBe(Infinity)
  })

  it('tells once when no more than was asked for is buffered', () => {
    const { lane, port, clock, drained } = setUp()
    port.bufferedAmount = 100 * 1024
    lane.notifyAt(1000)
    clock.advance(50)
    expect(drained.count).toBe(0)
    port.bufferedAmount = 64 * 1024 + 1000
    clock.advance(5)
    expect(drained.count).toBe(1)
    clock.advance(100)
    expect([drained.count, clock.pending]).toEqual([1, 0])
  })

  it('asks no clock while the peer is behind: the server tells when it has caught up', () => {
    const { lane, port, clock, drained } = setUp()
    port.isBusy = true
    lane.notifyAt(0)
    clock.advance(5)
    expect(clock.pending).toBe(0)
    port.isBusy = false
    lane.handlePort()
    expect(drained.count).toBe(1)
  })

  it('is silent once it is closed', () => {
    const { lane, heard, port, clock, drained } = setUp()
    lane.notifyAt(0)
    lane.close()
    lane.handlePacket(cipherOf(1).seal(Uint8Array.of(5)))
    clock.advance(100)
    expect([lane.isOpen, lane.send(Uint8Array.of(1))]).toEqual([false, false])
    expect([heard, port.sent, drained.count]).toEqual([[], [], 0])
  })
})
