import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, test } from 'vitest'

import { EXTRAS_REPEATS_MAX } from '@/lib/protocol/constants'
import { toHex } from '@/lib/protocol/packet/bytes'
import { PACKET_TYPE } from '@/lib/protocol/packet/header'
import type { TransferMode } from '@/lib/protocol/report'

import type { Impairment, ImpairmentSpec } from './impairments'
import { Random } from './random'
import { World } from './world'

function digest(pieces: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const piece of pieces) hash.update(piece)
  return toHex(hash.digest())
}

/** The largest preview that our own sender makes, and the index of a picture of 2 MB. */
const PREVIEW = new Random(1).bytes(2048)
const INDEX = Array.from({ length: 13 }, (_, part) => new Random(part).bytes(1000))

interface Run {
  readonly mode: TransferMode
  readonly lanes: number
  readonly oneWayMs: number
  readonly seed: number
  readonly loss?: number
  readonly bytes?: number
  readonly extras?: boolean
  /** SCTP packs several packets of ours into one of its own: who looks at their types on the wire goes without. */
  readonly sctp?: boolean
  readonly extraAToB?: readonly (ImpairmentSpec | Impairment)[]
  readonly extraBToA?: readonly ImpairmentSpec[]
}

function start(run: Run) {
  const { mode, lanes, oneWayMs, seed, loss = 0.2, bytes = 300_000, extras = true, sctp = true } = run
  const link: readonly ImpairmentSpec[] = [
    { type: 'loss', probability: loss },
    { type: 'rate', bytesPerSecond: 2_500_000, queuePackets: 200 },
    { type: 'delay', ms: oneWayMs },
  ]
  const aToB = [...(run.extraAToB ?? []), ...link]
  const bToA = [...(run.extraBToA ?? []), ...link]
  const world = new World({ seed, digest, lanes, sctp, aToB, bToA })
  const picture = new Random(seed).bytes(bytes)
  const id = world.send(
    world.a,
    picture,
    mode,
    'picture.jpg',
    extras ? { preview: PREVIEW, index: INDEX } : undefined,
  )
  return { world, id }
}

/** Milliseconds from the send until the preview is at the receiver; Infinity when it is not there in 2 s. */
function previewMs(run: Run): number {
  const { world, id } = start(run)
  for (let ms = 1; ms <= 2000; ms++) {
    world.run({ untilMs: ms })
    if (world.b.endpoint.receiver(id)?.extras.preview) return ms
  }
  return Infinity
}

/** What the page needs of the 150 ms to decode a preview and to show it. */
const PAGE_MS = 40
const RUNS = 100

describe('a preview on its way', () => {
  const ways = [
    { mode: 'classic', lanes: 2 },
    { mode: 'repair', lanes: 2 },
    { mode: 'assured', lanes: 16 },
  ] as const
  test.each(ways.flatMap((way) => [1, 25, 100].map((oneWayMs) => ({ ...way, oneWayMs }))))(
    '[PV2] $mode on $lanes lanes, $oneWayMs ms each way, 20 % lost: there within 2 round trips and 110 ms in 95 of 100 runs',
    (way) => {
      const times = Array.from({ length: RUNS }, (_, seed) => previewMs({ ...way, seed }))
      const inTime = times.filter((ms) => ms <= 4 * way.oneWayMs + 150 - PAGE_MS)
      expect(inTime.length).toBeGreaterThanOrEqual(0.95 * RUNS)
    },
  )

  test('[PV1] arrives bit by bit as it was sent, with the whole index, whatever is lost', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { world, id } = start({ mode: 'classic', lanes: 2, oneWayMs: 20, seed, loss: 0.3 })
      expect(world.run({ maxEvents: 200_000 })).toBe('rest')
      const extras = world.b.endpoint.receiver(id)?.extras
      expect(extras?.preview).toEqual(PREVIEW)
      expect(extras?.index).toEqual(INDEX)
      expect(world.b.events.filter((event) => event.type === 'preview')).toHaveLength(1)
    }
  })

  test('[PV5] is in no count: the report says what it says without it', () => {
    const counts = (extras: boolean) => {
      const { world, id } = start({ mode: 'classic', lanes: 2, oneWayMs: 5, seed: 3, loss: 0, extras })
      world.run()
      const report = world.b.endpoint.receiver(id)?.report()
      expect(world.a.endpoint.sender(id)?.report()).toEqual(report)
      return (
        report && [report.packetsSent, report.packetsReceived, report.bytesReceived, report.overheadRatio]
      )
    }
    expect(counts(true)).toEqual(counts(false))
  })
})

describe('an index on its way', () => {
  /** Packets of one type that the sender hands to the network, and when. */
  const sentTimes = (type: number) => {
    const times: number[] = []
    const watch: Impairment = (bytes, now) => {
      if (((bytes[0] ?? 0) & 15) === type) times.push(now)
      return [{ bytes, delayMs: 0 }]
    }
    return { times, watch }
  }

  test('[HO1] goes out once, on one lane, where nothing is lost', () => {
    const { times, watch } = sentTimes(PACKET_TYPE.index)
    const options = { mode: 'classic', lanes: 2, sctp: false, oneWayMs: 5, seed: 1, loss: 0 } as const
    start({ ...options, extraAToB: [watch] }).world.run()
    expect(times).toHaveLength(INDEX.length)
  })

  test('[HO1] in Assured it waits 300 ms, and a picture that is whole by then goes without', () => {
    const { times, watch } = sentTimes(PACKET_TYPE.index)
    const fast = { mode: 'assured', lanes: 16, sctp: false, oneWayMs: 5, seed: 1, loss: 0 } as const
    start({ ...fast, bytes: 300_000, extraAToB: [watch] }).world.run()
    expect(times).toEqual([])
    start({ ...fast, bytes: 3_000_000, extraAToB: [watch] }).world.run({ untilMs: 1500 })
    expect(times.length).toBeGreaterThanOrEqual(INDEX.length)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(300)
  })

  test('[HO2] it is repeated after the end of a Classic picture with holes, and comes to rest', () => {
    const lossy: ImpairmentSpec = { type: 'type-loss', packetType: PACKET_TYPE.index, probability: 0.4 }
    const options = {
      mode: 'classic',
      lanes: 2,
      sctp: false,
      oneWayMs: 5,
      seed: 4,
      loss: 0.2,
      bytes: 5000,
    } as const
    const { world, id } = start({ ...options, extraAToB: [lossy] })
    expect(world.run({ maxEvents: 50_000 })).toBe('rest')
    const receiver = world.b.endpoint.receiver(id)
    expect(receiver?.final && !receiver.assembler.whole).toBe(true)
    expect(receiver?.extras.index).toHaveLength(INDEX.length)
  })

  test('[PV6] a receiver that never says GOT is not asked for ever', () => {
    const { times, watch } = sentTimes(PACKET_TYPE.preview)
    const options = {
      mode: 'classic',
      lanes: 2,
      sctp: false,
      oneWayMs: 5,
      seed: 1,
      loss: 0.1,
      bytes: 90_000,
    } as const
    const deaf: ImpairmentSpec = { type: 'type-loss', packetType: PACKET_TYPE.got, probability: 1 }
    const { world } = start({ ...options, extraAToB: [watch], extraBToA: [deaf] })
    expect(world.run({ maxEvents: 200_000 })).toBe('rest')
    // Two parts on two lanes, at first and each time again.
    expect(times).toHaveLength(2 * 2 * (1 + EXTRAS_REPEATS_MAX))
  })
})
