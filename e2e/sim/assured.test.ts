import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { raptorqCode } from './raptorq-code'

import type { TransferReport } from '@/lib/protocol/report'
import type { Impairment, ImpairmentSpec } from '@/lib/sim/impairments'
import { World } from '@/lib/sim/world'

const digest = (pieces: readonly Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

interface Case {
  readonly seed: number
  readonly bytes: number
  readonly lanes: number
  readonly link: readonly (ImpairmentSpec | Impairment)[]
  readonly coded?: boolean
}

/** Sends one picture in Assured over SCTP-like lanes; ends by the simulated deadline. */
function send({ seed, bytes, lanes, link, coded = true }: Case) {
  const code = coded ? { code: raptorqCode() } : {}
  const world = new World({ seed, digest, lanes, sctp: true, aToB: link, bToA: link, ...code })
  const picture = Uint8Array.from({ length: bytes }, () => world.random.below(256))
  const id = world.send(world.a, picture, 'assured')
  const outcome = world.run({ untilMs: 120_000, maxEvents: 3_000_000 })
  const sender = world.a.endpoint.sender(id)
  const receiver = world.b.endpoint.receiver(id)
  return { outcome, sender, receiver, picture }
}

/** Without what may still grow at the receiver when its report has left (CT6). */
const closed = (report: TransferReport | null | undefined) => report && { ...report, lateAfterFreeze: 0 }

const rate = (mbit: number, queuePackets: number): ImpairmentSpec => ({
  type: 'rate',
  bytesPerSecond: mbit * 125_000,
  queuePackets,
})

describe('Assured over lanes with SCTP’s window', () => {
  test('[AS1] every picture arrives exact, whatever the loss to 30 %, and both ends come to rest', () => {
    const cases = fc.record({
      seed: fc.integer(),
      bytes: fc.integer({ min: 1, max: 120_000 }),
      lanes: fc.integer({ min: 4, max: 16 }),
      loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
      burst: fc.constantFrom(1, 5),
      delayMs: fc.integer({ min: 0, max: 100 }),
      jitterMs: fc.integer({ min: 0, max: 20 }),
      coded: fc.boolean(),
    })
    fc.assert(
      fc.property(cases, ({ loss, burst, delayMs, jitterMs, ...rest }) => {
        const lost: ImpairmentSpec =
          burst === 1
            ? { type: 'loss', probability: loss }
            : { type: 'burst-loss', enter: loss / burst / (1 - loss), meanBurst: burst }
        const link = [
          lost,
          rate(20, 200),
          { type: 'delay', ms: delayMs },
          { type: 'jitter', maxMs: jitterMs },
        ] as const
        const { outcome, sender, receiver } = send({ ...rest, link })
        expect(outcome).toBe('rest')
        expect(receiver?.exact).toBe(true)
        expect(closed(sender?.report())).toEqual(closed(receiver?.report()))
        expect(sender?.invalid).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  test('[AS2] without loss nothing is sent twice but for what was under way', () => {
    const link = [rate(20, 200), { type: 'delay', ms: 25 }] as const
    const { receiver, sender } = send({ seed: 1, bytes: 300_000, lanes: 16, link })
    expect(receiver?.report()).toMatchObject({ exact: true, packetsLost: 0 })
    expect(sender?.packetsSent).toBeLessThan(293 * 1.1)
  })

  test('[AS3] where no code is at hand, missing chunks are sent again until the picture is whole', () => {
    const link = [{ type: 'loss', probability: 0.2 }, rate(20, 200), { type: 'delay', ms: 25 }] as const
    const { receiver } = send({ seed: 2, bytes: 300_000, lanes: 16, link, coded: false })
    expect(receiver?.report()).toMatchObject({ exact: true })
  })

  test('[AS4] a picture of several blocks is exact at 20 % loss', () => {
    const link = [{ type: 'loss', probability: 0.2 }, rate(20, 200), { type: 'delay', ms: 25 }] as const
    const { receiver } = send({ seed: 3, bytes: 2_000_000, lanes: 32, link })
    expect(receiver?.report()).toMatchObject({ exact: true })
  })

  test('[AS8] a picture of one packet, lost at first, is sent again without being asked for', () => {
    let passed = 0
    const firstIsLost = (bytes: Uint8Array) =>
      (bytes[0] ?? 0) % 16 === 7 && passed++ === 0 ? [] : [{ bytes, delayMs: 5 }]
    const { receiver, sender } = send({ seed: 4, bytes: 10, lanes: 4, link: [firstIsLost], coded: false })
    expect(receiver?.report()).toMatchObject({ exact: true, packetsSent: 2, packetsLost: 1 })
    expect(sender?.report()).toEqual(receiver?.report())
  })

  test('[CC6] a second picture starts at the rate that the first one found', () => {
    const link = [rate(20, 200), { type: 'delay', ms: 25 }] as const
    const world = new World({
      seed: 5,
      digest,
      lanes: 16,
      sctp: true,
      aToB: link,
      bToA: link,
      code: raptorqCode(),
    })
    const { controller } = world.a.endpoint
    const first = controller.rateBytesPerMs
    const picture = Uint8Array.from({ length: 1_000_000 }, () => world.random.below(256))
    world.send(world.a, picture, 'assured')
    world.run({ untilMs: 5000 })
    world.send(world.a, picture, 'assured')
    // What the path carried, headers apart: not what the queue had made of it at the end, nor what is sent into the unknown.
    expect(controller.rateBytesPerMs).toBeGreaterThan(1.1 * first)
    expect(controller.rateBytesPerMs / 2500).toBeGreaterThan(0.9)
    expect(controller.rateBytesPerMs / 2500).toBeLessThan(1)
  })
})
