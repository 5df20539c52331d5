import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Budget, EmulatedDirection } from './emulated-direction'
import { EventLoop } from './event-loop'
import { Link } from './link'
import { NetworkModel, networkStage } from './network-model'
import { directionSeed } from './network-seeds'
import { type NetworkSettings, PERFECT_NETWORK } from './network-settings'
import { Random } from './random'

const chance = fc.double({ min: 0, max: 1, noNaN: true })
const settingsOf: fc.Arbitrary<NetworkSettings> = fc.record({
  loss: chance,
  bursts: fc.option(
    fc.record({
      share: fc.double({ min: 0, max: 0.5, noNaN: true }),
      meanPackets: fc.double({ min: 1, max: 50, noNaN: true }),
      loss: chance,
    }),
  ),
  bytesPerSecond: fc.option(fc.integer({ min: 1000, max: 10_000_000 })),
  queuePackets: fc.option(fc.integer({ min: 0, max: 50 })),
  queueBytes: fc.option(fc.integer({ min: 0, max: 50_000 })),
  delayMs: fc.integer({ min: 0, max: 200 }),
  jitterMs: fc.integer({ min: 0, max: 50 }),
  jitterReorders: fc.boolean(),
  reorderShare: chance,
  reorderByMs: fc.integer({ min: 0, max: 50 }),
  duplicateShare: chance,
})
const traffic = fc.array(
  fc.record({
    afterMs: fc.double({ min: 0, max: 5, noNaN: true }),
    bytes: fc.integer({ min: 1, max: 1500 }),
  }),
  { maxLength: 300 },
)

/** When the copies of each packet come out, each 1 ms after the other unless told. */
function passage(settings: Partial<NetworkSettings>, { count = 1, everyMs = 0, bytes = 100, seed = 1 } = {}) {
  const model = new NetworkModel({ ...PERFECT_NETWORK, ...settings }, seed)
  const dueMs = Array.from({ length: count }, (_, index) => model.handlePacket(bytes, index * everyMs))
  return { model, dueMs }
}

describe('NetworkModel', () => {
  test('every packet that came in came out, was lost, was dropped or is under way; none comes before its time', () => {
    fc.assert(
      fc.property(settingsOf, fc.integer(), traffic, (settings, seed, packets) => {
        const direction = new EmulatedDirection<number>(settings, seed)
        let now = 1000
        let copies = 0
        const carryOut = (): void => {
          for (let dueMs = direction.pollTimeout(); dueMs <= now; dueMs = direction.pollTimeout()) {
            const cameMs = direction.pollPacket(now)
            if (cameMs === null) break
            copies++
            expect(dueMs - cameMs).toBeGreaterThanOrEqual(settings.delayMs - 1e-6)
          }
        }
        for (const { afterMs, bytes } of packets) {
          now += afterMs
          carryOut()
          direction.handlePacket(now, bytes, now)
        }
        const { counts } = direction
        expect(counts.packetsOut).toBe(copies)
        expect(counts.packetsIn).toBe(packets.length)
        const gone = counts.lostByChance + counts.lostInBursts + counts.droppedByQueue
        expect(counts.packetsOut + counts.inFlightPackets).toBe(packets.length - gone + counts.duplicated)
        now = Infinity
        carryOut()
        expect(direction.counts.inFlightPackets).toBe(0)
      }),
    )
  })

  test('without jitter that reorders, and with nothing held back, packets come out in order', () => {
    fc.assert(
      fc.property(settingsOf, fc.integer(), traffic, (settings, seed, packets) => {
        const model = new NetworkModel(
          { ...settings, jitterReorders: false, reorderShare: 0, duplicateShare: 0 },
          seed,
        )
        let now = 0
        let before = -Infinity
        for (const { afterMs, bytes } of packets) {
          now += afterMs
          for (const dueMs of model.handlePacket(bytes, now)) {
            expect(dueMs).toBeGreaterThanOrEqual(before)
            before = dueMs
          }
        }
      }),
    )
  })

  test('what is lost at a smaller chance is lost at a larger one too, whatever else is set', () => {
    const lostAt = (settings: Partial<NetworkSettings>) =>
      passage(settings, { count: 2000 }).dueMs.map((copies) => copies.length === 0)
    const few = lostAt({ loss: 0.05 })
    const more = lostAt({ loss: 0.1, jitterMs: 30, jitterReorders: true, reorderShare: 0.5, delayMs: 10 })
    expect(few.every((lost, index) => !lost || more[index])).toBe(true)
    expect(few).not.toEqual(more)
  })

  test('the two directions of one seed lose other packets', () => {
    const lost = (seed: number) =>
      passage({ loss: 0.5 }, { count: 200, seed }).dueMs.map((copies) => copies.length)
    expect(lost(directionSeed(7, 'aToB'))).toEqual(lost(directionSeed(7, 'aToB')))
    expect(lost(directionSeed(7, 'aToB'))).not.toEqual(lost(directionSeed(7, 'bToA')))
  })

  test('the queue is bounded by packets, behind the one that is being sent', () => {
    // 100 bytes at 10 kB/s take 10 ms.
    const { dueMs, model } = passage({ bytesPerSecond: 10_000, queuePackets: 3, delayMs: 5 }, { count: 6 })
    expect(dueMs).toEqual([[15], [25], [35], [45], [], []])
    expect(model.counts).toMatchObject({ droppedByQueue: 2, queueHighPackets: 3 })
    expect(model.queueDelay.summary()).toMatchObject({ count: 4, meanMs: 15, maxMs: 30 })
  })

  test('and by bytes', () => {
    const { dueMs } = passage({ bytesPerSecond: 10_000, queueBytes: 250 }, { count: 5 })
    expect(dueMs).toEqual([[10], [20], [30], [], []])
  })

  test('a queue of nothing sends what finds the wire free', () => {
    const { dueMs } = passage({ bytesPerSecond: 10_000, queuePackets: 0 }, { count: 5, everyMs: 5 })
    expect(dueMs).toEqual([[10], [], [20], [], [30]])
  })

  test('a change holds for what comes after it', () => {
    const { model } = passage({ delayMs: 20, bytesPerSecond: 10_000 })
    model.change({ ...PERFECT_NETWORK, delayMs: 1, bytesPerSecond: 20_000 })
    // Behind the 10 ms of the first packet, its own 5 ms, then the new delay; but not before the one ahead of it.
    expect(model.handlePacket(100, 0)).toEqual([30])
    model.change({ ...PERFECT_NETWORK, loss: 1 })
    expect(model.handlePacket(100, 0)).toEqual([])
  })

  test('certain duplication brings every packet out twice, and uses up the rate once', () => {
    const { dueMs, model } = passage({ duplicateShare: 1, bytesPerSecond: 10_000 }, { count: 3 })
    expect(dueMs).toEqual([
      [10, 10],
      [20, 20],
      [30, 30],
    ])
    expect(model.counts.duplicated).toBe(3)
  })

  test('as a stage of a simulated link it does the same to the same packets', () => {
    const settings = {
      ...PERFECT_NETWORK,
      loss: 0.3,
      delayMs: 20,
      jitterMs: 10,
      bytesPerSecond: 50_000,
      queuePackets: 5,
    }
    const loop = new EventLoop(1_000_000)
    const link = new Link({
      loop,
      random: new Random(99),
      impairments: [networkStage(new NetworkModel(settings, 4))],
    })
    const alone = new NetworkModel(settings, 4)
    const seen: number[] = []
    const expected: number[] = []
    for (let index = 0; index < 200; index++) {
      loop.schedule(1_000_000 + index, () => {
        link.send(new Uint8Array(72), () => seen.push(loop.now - 1_000_000), 28)
      })
      expected.push(...alone.handlePacket(100, index))
    }
    loop.run()
    expect(seen.length).toBe(expected.length)
    for (const [index, atMs] of expected.entries()) expect(seen[index]).toBeCloseTo(atMs, 6)
  })
})

describe('EmulatedDirection', () => {
  test('counts what comes out behind a later one, and how long each was under way', () => {
    const direction = new EmulatedDirection<string>(
      { ...PERFECT_NETWORK, delayMs: 10, reorderShare: 0.5, reorderByMs: 30 },
      3,
    )
    const out: string[] = []
    for (let index = 0; index < 20; index++) direction.handlePacket(`packet ${index}`, 100, index)
    for (let packet = direction.pollPacket(1000); packet !== null; packet = direction.pollPacket(1000))
      out.push(packet)
    const { counts } = direction
    expect(counts).toMatchObject({ packetsOut: 20, bytesOut: 2000, inFlightPackets: 0 })
    expect(counts.reordered).toBeGreaterThan(0)
    expect(counts.reordered).toBeLessThanOrEqual(counts.heldBack)
    expect(counts.lateness.count).toBe(20)
    expect(new Set(out).size).toBe(20)
  })

  test('holds no more than it may, alone and with others, and says what it dropped for that', () => {
    const whole = new Budget(250)
    const [one, other] = [1, 2].map(
      (seed) =>
        new EmulatedDirection<number>({ ...PERFECT_NETWORK, delayMs: 10 }, seed, new Budget(200, whole)),
    )
    for (let index = 0; index < 5; index++) {
      one!.handlePacket(index, 80, 0)
      other!.handlePacket(index, 80, 0)
    }
    expect(one!.counts).toMatchObject({ inFlightPackets: 2, overflowed: 3 })
    expect(other!.counts).toMatchObject({ inFlightPackets: 1, overflowed: 4 })
    one!.clear()
    expect(one!.pollTimeout()).toBe(Infinity)
    expect(whole.take(171)).toBe(false)
    expect(whole.take(170)).toBe(true)
  })

  test('what is almost due goes out when the timer may be early', () => {
    const direction = new EmulatedDirection<number>({ ...PERFECT_NETWORK, delayMs: 10 }, 1)
    direction.handlePacket(7, 100, 0)
    expect(direction.pollPacket(9.4, 0.5)).toBeNull()
    expect(direction.pollPacket(9.6, 0.5)).toBe(7)
    expect(direction.counts.lateness.maxMs).toBeCloseTo(0.4)
  })
})
