import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { encodeCancel } from '@/lib/protocol/packet/cancel'
import { fromHex, toHex } from '@/lib/protocol/packet/bytes'
import { DataPacketWriter } from '@/lib/protocol/packet/data'
import { encodeEnd } from '@/lib/protocol/packet/end'
import { encodeGot } from '@/lib/protocol/packet/got'
import { PACKET_TYPE } from '@/lib/protocol/packet/header'
import { chunkCountOf, encodeManifest } from '@/lib/protocol/packet/manifest'
import { encodePart } from '@/lib/protocol/packet/part'
import { encodeRepair } from '@/lib/protocol/packet/repair'
import { encodeStatus } from '@/lib/protocol/packet/status'
import type { TransferMode } from '@/lib/protocol/report'

import { type Impairment, type ImpairmentSpec, withOneBitTurned } from './impairments'
import { Random } from './random'
import { World } from './world'

function digest(pieces: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const piece of pieces) hash.update(piece)
  return toHex(hash.digest())
}

/** Types of packets that are forged whole; symbols and feedback are among the bits that are turned. */
const KINDS = [1, 2, 3, 4, 5, 6, 9, 10, 11]
const EVENTS_MAX = 300_000
/** Small, so that forged announcements do not make the test hash gigabytes. */
const MAX_PICTURE_BYTES = 200_000
const LOSSY: readonly ImpairmentSpec[] = [
  { type: 'loss', probability: 0.2 },
  { type: 'delay', ms: 20 },
]

/** Makes packets that no honest peer would send, for one of a few transfers. */
class Forger {
  readonly #random: Random
  readonly #seen: Uint8Array[] = []
  transferIds: readonly string[]

  constructor(random: Random, transferIds: readonly string[]) {
    this.#random = random
    this.transferIds = transferIds
  }

  /** A stage of a link that remembers what passes, to be forged later. */
  readonly watch: Impairment = (bytes) => {
    if (this.#seen.length < 500) this.#seen.push(bytes)
    return [{ bytes, delayMs: 0 }]
  }

  packet(): Uint8Array {
    const kind = this.#random.below(3)
    if (kind === 0) return this.#random.bytes(this.#random.below(1200))
    return kind === 1 ? this.#mutated() : this.#wellFormed()
  }

  #id(): string {
    return this.transferIds[this.#random.below(this.transferIds.length)] ?? ''
  }

  #mutated(): Uint8Array {
    let packet: Uint8Array = this.#seen[this.#random.below(this.#seen.length)]?.slice() ?? new Uint8Array(20)
    for (let i = this.#random.below(4); i > 0; i--) packet = withOneBitTurned(packet, this.#random)
    packet.set(fromHex(this.#id()).subarray(0, Math.max(0, packet.length - 1)), 1)
    return this.#random.chance(0.2) ? packet.subarray(0, this.#random.below(packet.length)) : packet
  }

  /** Small numbers now and then, so that they meet the real ones. */
  #u32(): number {
    return this.#random.chance(0.6) ? this.#random.below(64) : this.#random.uint32()
  }

  #wellFormed(): Uint8Array {
    const random = this.#random
    const id = this.#id()
    switch (KINDS[random.below(KINDS.length)]) {
      case PACKET_TYPE.manifest: {
        const bytes = 1 + random.below(random.chance(0.5) ? 50_000 : 2 ** 30)
        return encodeManifest(id, {
          mode: random.chance(0.5) ? 'classic' : 'repair',
          type: 'image/png',
          name: 'x'.repeat(random.below(300)),
          bytes,
          chunkCount: random.chance(0.9) ? chunkCountOf(bytes) : this.#u32(),
          width: this.#u32(),
          height: this.#u32(),
          channels: random.below(6),
          startedAtMs: random.next(),
          sha256: toHex(random.bytes(32)),
          placeholder: toHex(random.bytes(random.below(33))),
        })
      }
      case PACKET_TYPE.data:
        return new DataPacketWriter(id)
          .encode(this.#u32(), this.#u32(), random.bytes(random.chance(0.7) ? 1024 : random.below(1025)))
          .slice()
      case PACKET_TYPE.end:
        return encodeEnd(id, {
          round: random.below(random.chance(0.7) ? 3 : 65_536),
          packetsSent: this.#u32(),
          final: random.chance(0.5),
          path: (['direct', 'turn', 'relay', null] as const)[random.below(4)] ?? null,
          codedPacketsSent: this.#u32(),
          inFlightAtEnd: this.#u32(),
          lanes: random.below(65_536),
          minRttMs: random.chance(0.5) ? null : random.below(10_000),
          bytesSent: this.#u32(),
          relayedBytes: this.#u32(),
        })
      case PACKET_TYPE.report:
        return encodeStatus(id, {
          phase: (['receiving', 'whole', 'final'] as const)[random.below(3)] ?? 'final',
          exact: random.chance(0.5),
          packetsSent: this.#u32(),
          packetsReceived: this.#u32(),
          duplicates: this.#u32(),
          lateAfterFreeze: this.#u32(),
          chunksHeld: this.#u32(),
          repaired: this.#u32(),
          resumed: random.below(3),
          repairRounds: random.below(random.chance(0.7) ? 3 : 65_536),
          bytesReceived: this.#u32(),
          firstPacketAtMs: random.next(),
          completedAtMs: random.next(),
          recovered: this.#u32(),
          previewAtMs: random.chance(0.5) ? null : random.next(),
          queueDelayMsP95: random.chance(0.5) ? null : random.below(1000),
          sha256: toHex(random.bytes(32)),
        })
      case PACKET_TYPE.repair: {
        const run = { start: this.#u32(), length: 1 + this.#u32() }
        return (
          encodeRepair(id, 1 + random.below(random.chance(0.7) ? 3 : 65_535), [run])[0] ?? new Uint8Array()
        )
      }
      case PACKET_TYPE.preview:
      case PACKET_TYPE.index: {
        const kind = random.chance(0.5) ? 'preview' : 'index'
        const payload = random.bytes(random.chance(0.7) ? 1024 : 1 + random.below(1023))
        return encodePart(kind, id, { part: random.below(6), parts: random.below(66), payload })
      }
      case PACKET_TYPE.got:
        return encodeGot(id, { preview: random.below(20), index: random.bytes(8) })
      default:
        return encodeCancel(id, {
          reason: random.chance(0.5) ? 'SHOAL_CANCELLED_BY_SENDER' : 'SHOAL_REPAIR_UNAVAILABLE',
          acknowledges: random.chance(0.5),
          limitBytes: this.#u32(),
        })
    }
  }
}

const attack = fc.record({
  seed: fc.integer(),
  bytes: fc.integer({ min: 1, max: 60_000 }),
  mode: fc.constantFrom<TransferMode>('classic', 'repair'),
  packets: fc.integer({ min: 1, max: 300 }),
  overMs: fc.integer({ min: 1, max: 3000 }),
})

describe('a peer that sends anything at any time', { timeout: 300_000 }, () => {
  test('[WF2] garbage, bit flips and forged packets never throw and never touch another transfer', () => {
    fc.assert(
      fc.property(attack, ({ seed, bytes, mode, packets, overMs }) => {
        const foreign = ['00000000000000aa', 'ffffffffffffffff', '0123456789abcdef']
        const forger = new Forger(new Random(seed), foreign)
        const world = new World({
          seed,
          digest,
          aToB: [forger.watch, ...LOSSY],
          bToA: [forger.watch, ...LOSSY],
          a: { maxPictureBytes: MAX_PICTURE_BYTES },
          b: { maxPictureBytes: MAX_PICTURE_BYTES },
        })
        const there = world.random.bytes(bytes)
        const back = world.random.bytes(1 + (bytes >> 1))
        const sent = world.send(world.a, there, mode)
        const returned = world.send(world.b, back, mode)
        for (let i = 0; i < packets; i++) {
          const victim = world.random.chance(0.5) ? world.a : world.b
          world.at(world.random.below(overMs), () => {
            victim.act((endpoint, now) => endpoint.handlePacket(forger.packet(), now))
          })
        }

        expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
        for (const [id, from, to, picture] of [
          [sent, world.a, world.b, there],
          [returned, world.b, world.a, back],
        ] as const) {
          const truth = to.truth.transfer(id)
          const report = to.endpoint.receiver(id)?.report()
          expect(report).toMatchObject({
            exact: truth.chunks.size === chunkCountOf(picture.length),
            packetsSent: truth.transmissions,
            packetsReceived: truth.arrivals.size,
          })
          if (mode === 'repair') expect(report?.exact).toBe(true)
          expect(from.endpoint.sender(id)?.report()).toMatchObject({
            packetsReceived: truth.arrivals.size,
            sha256: report?.sha256,
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  test('[LM1] forged packets for the same transfer never throw nor take more memory than announced', () => {
    fc.assert(
      fc.property(attack, ({ seed, bytes, mode, packets, overMs }) => {
        const forger = new Forger(new Random(seed), [])
        let allocated = 0
        const allocate = (count: number) => {
          allocated += count
          return new Uint8Array(count)
        }
        const world = new World({
          seed,
          digest,
          aToB: [forger.watch, ...LOSSY],
          bToA: [forger.watch, ...LOSSY],
          b: { allocate },
        })
        const id = world.send(world.a, world.random.bytes(bytes), mode)
        forger.transferIds = [id]
        for (let i = 0; i < packets; i++) {
          const victim = world.random.chance(0.5) ? world.a : world.b
          world.at(world.random.below(overMs), () => {
            const packet = forger.packet()
            // A picture that was cancelled and announced anew would be another one.
            if (((packet[0] ?? 0) & 15) === PACKET_TYPE.manifest) return
            victim.act((endpoint, now) => endpoint.handlePacket(packet, now))
          })
        }

        world.run({ untilMs: 40_000, maxEvents: EVENTS_MAX })
        for (const peer of [world.a, world.b]) {
          peer.act((endpoint, now) => endpoint.cancel(id, now))
          peer.act((endpoint) => endpoint.forget(id))
        }
        expect(world.run({ maxEvents: EVENTS_MAX })).toBe('rest')
        expect(allocated).toBeLessThanOrEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })
})
