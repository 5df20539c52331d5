import { describe, expect, test } from 'vitest'

import { EventLoop } from './event-loop'
import type { Impairment, ImpairmentSpec } from './impairments'
import { type Arrival, Link } from './link'
import { Random } from './random'

interface Seen {
  readonly number: number
  readonly atMs: number
  readonly arrival: Arrival
}

/** Sends `count` packets, numbered in their first four bytes, one each `everyMs`, over a link of these stages. */
function run(
  impairments: readonly (ImpairmentSpec | Impairment)[],
  { count = 1, everyMs = 0, bytes = 100, seed = 1, startMs = 0 } = {},
) {
  const loop = new EventLoop(startMs)
  const link = new Link({ loop, random: new Random(seed), impairments })
  const seen: Seen[] = []
  for (let number = 0; number < count; number++) {
    loop.schedule(startMs + number * everyMs, () => {
      const packet = new Uint8Array(bytes)
      new DataView(packet.buffer).setUint32(0, number)
      link.send(packet, (arrival) => {
        const original = arrival.original
        const view = new DataView(original.buffer, original.byteOffset)
        seen.push({ number: view.getUint32(0), atMs: loop.now - startMs, arrival })
      })
    })
  }
  loop.run()
  return { link, seen, numbers: seen.map(({ number }) => number) }
}

describe('Link', () => {
  test('without impairments every packet arrives at once, in order and intact', () => {
    const { link, seen, numbers } = run([], { count: 5 })
    expect(numbers).toEqual([0, 1, 2, 3, 4])
    expect(seen.every(({ atMs, arrival }) => atMs === 0 && arrival.intact)).toBe(true)
    expect(link.counts).toEqual({ sent: 5, arrived: 5, damaged: 0, lost: 0 })
  })

  test('delays add up over the stages', () => {
    const { seen } = run([
      { type: 'delay', ms: 20 },
      { type: 'delay', ms: 5 },
    ])
    expect(seen[0]?.atMs).toBe(25)
  })

  test('a bottleneck sends one packet after the other and drops those that find its queue full', () => {
    // 100 bytes at 10 kB/s take 10 ms; one on the wire and three in the queue.
    const { seen, link } = run([{ type: 'rate', bytesPerSecond: 10_000, queuePackets: 3 }], { count: 10 })
    expect(seen.map(({ number, atMs }) => [number, atMs])).toEqual([
      [0, 10],
      [1, 20],
      [2, 30],
      [3, 40],
    ])
    expect(link.counts.lost).toBe(6)
  })

  test('a bottleneck that is not reached delays each packet by its own time on the wire alone', () => {
    const stages: ImpairmentSpec[] = [{ type: 'rate', bytesPerSecond: 10_000, queuePackets: 3 }]
    const { seen, link } = run(stages, { count: 50, everyMs: 10 })
    expect(link.counts.lost).toBe(0)
    for (const { number, atMs } of seen) expect(atMs).toBeCloseTo(number * 10 + 10)
  })

  test('random loss loses its share, and the same packets again with the same seed', () => {
    const stages: ImpairmentSpec[] = [{ type: 'loss', probability: 0.3 }]
    const { numbers, link } = run(stages, { count: 10_000 })
    expect(link.counts.lost / 10_000).toBeCloseTo(0.3, 1)
    expect(run(stages, { count: 10_000 }).numbers).toEqual(numbers)
    expect(run(stages, { count: 10_000, seed: 2 }).numbers).not.toEqual(numbers)
  })

  test('bursts are as long and as frequent as they were asked for', () => {
    const { numbers } = run([{ type: 'burst-loss', enter: 0.02, meanBurst: 5 }], { count: 20_000 })
    const arrived = new Set(numbers)
    let bursts = 0
    let lost = 0
    for (let number = 0; number < 20_000; number++) {
      if (arrived.has(number)) continue
      lost++
      if (arrived.has(number - 1)) bursts++
    }
    expect(lost / bursts).toBeGreaterThan(4)
    expect(lost / bursts).toBeLessThan(6)
    // Of the packets that arrive, each is followed by a burst with probability 0.02.
    expect(bursts / arrived.size).toBeCloseTo(0.02, 2)
  })

  test('duplication delivers copies, which count as arrived and hide no loss', () => {
    const { link, numbers } = run([{ type: 'duplication', probability: 1, maxLagMs: 5 }], { count: 100 })
    expect(numbers).toHaveLength(200)
    expect(link.counts).toMatchObject({ sent: 100, arrived: 200, lost: 0 })
  })

  test('jitter and reordering let packets overtake each other without losing any', () => {
    for (const stage of [
      { type: 'jitter', maxMs: 50 },
      { type: 'reordering', probability: 0.2, byMs: 30 },
    ] satisfies ImpairmentSpec[]) {
      const { numbers, link } = run([stage], { count: 200, everyMs: 1 })
      expect(link.counts.lost).toBe(0)
      const sorted = [...numbers].sort((a, b) => a - b)
      expect(numbers).not.toEqual(sorted)
      expect(sorted).toEqual(Array.from({ length: 200 }, (_, number) => number))
    }
  })

  test('truncated and corrupted packets arrive, and are told from intact ones', () => {
    for (const type of ['truncation', 'corruption'] as const) {
      const { seen, link } = run([{ type, probability: 1 }], { count: 50 })
      expect(link.counts).toMatchObject({ arrived: 50, damaged: 50, lost: 0 })
      for (const { arrival } of seen) {
        expect(arrival.intact).toBe(false)
        expect(arrival.bytes.length < 100).toBe(type === 'truncation')
        expect(arrival.bytes.length).toBeGreaterThan(0)
      }
    }
  })

  test('an outage swallows what is sent within it, counted from the beginning of the link', () => {
    const stage: ImpairmentSpec = { type: 'outage', fromMs: 20, toMs: 50 }
    const { numbers } = run([stage], { count: 7, everyMs: 10, startMs: 1e12 })
    expect(numbers).toEqual([0, 1, 5, 6])
  })

  test('loss of one type of packet leaves the others alone, and a stage may be a function', () => {
    const { numbers } = run(
      [
        // The first byte of every packet here is 0: type 0.
        { type: 'type-loss', packetType: 5, probability: 1 },
        (bytes) => (bytes[3] === 2 ? [] : [{ bytes, delayMs: 0 }]),
      ],
      { count: 4 },
    )
    expect(numbers).toEqual([0, 1, 3])
    expect(run([{ type: 'type-loss', packetType: 0, probability: 1 }], { count: 4 }).numbers).toEqual([])
  })
})
