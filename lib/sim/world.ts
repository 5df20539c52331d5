import type { EndpointOptions } from '@/lib/protocol/endpoint'
import type { PictureExtras } from '@/lib/protocol/tx/extras-sender'
import { chunkCountOf } from '@/lib/protocol/packet/manifest'
import type { TransferMode } from '@/lib/protocol/report'

import { EventLoop, type RunLimits, type RunOutcome } from './event-loop'
import type { Impairment, ImpairmentSpec } from './impairments'
import { pacedOutflow, SimLane } from './lane'
import { type Arrival, Link } from './link'
import { type Digest, type SimCode, SimPeer } from './peer'
import { Random } from './random'
import { SctpLane } from './sctp-lane'

/** An epoch time with a fraction, as a page's clock has it: what rounds there must round here. */
const START_MS = 1_790_000_000_000.123

/** What one lane hands to the network on loopback, measured. */
const LANE_BYTES_PER_SECOND = 6_500_000

export interface WorldOptions {
  readonly seed: number
  readonly digest: Digest
  /** From a to b and back; an empty list is a perfect link. */
  readonly aToB?: readonly (ImpairmentSpec | Impairment)[]
  readonly bToA?: readonly (ImpairmentSpec | Impairment)[]
  readonly lanes?: number
  readonly laneBytesPerSecond?: number
  readonly digestMs?: number
  /** Lanes with SCTP's congestion control instead of an even pace. */
  readonly sctp?: boolean
  readonly code?: SimCode
  readonly a?: EndpointOptions
  readonly b?: EndpointOptions
}

/** Two endpoints, joined by lanes that share one link each way, in simulated time. */
export class World {
  readonly loop = new EventLoop(START_MS)
  readonly random: Random
  readonly a: SimPeer
  readonly b: SimPeer
  readonly aToB: Link
  readonly bToA: Link
  readonly #digest: Digest

  constructor(options: WorldOptions) {
    const { seed, digest, digestMs = 1, lanes = 2 } = options
    const { loop } = this
    this.random = new Random(seed)
    this.#digest = digest
    this.aToB = new Link({ loop, random: this.random.fork(), impairments: options.aToB ?? [] })
    this.bToA = new Link({ loop, random: this.random.fork(), impairments: options.bToA ?? [] })
    const coding = options.code ? { code: options.code } : {}
    const canCode = options.code !== undefined
    this.a = new SimPeer({ loop, digest, digestMs, endpoint: { canCode, ...options.a }, ...coding })
    this.b = new SimPeer({ loop, digest, digestMs, endpoint: { canCode, ...options.b }, ...coding })
    if (options.sctp) {
      this.a.connect(this.#sctpLanes(lanes, this.aToB, this.bToA, this.a, this.b), this.b)
      this.b.connect(this.#sctpLanes(lanes, this.bToA, this.aToB, this.b, this.a), this.a)
      return
    }
    const rate = options.laneBytesPerSecond ?? LANE_BYTES_PER_SECOND
    this.a.connect(this.#lanes(lanes, this.aToB, this.a, this.b, rate), this.b)
    this.b.connect(this.#lanes(lanes, this.bToA, this.b, this.a, rate), this.a)
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.loop.now - START_MS
  }

  /** Runs to rest, or to a time (milliseconds since the beginning) or a number of events. */
  run({ untilMs = Infinity, ...limits }: RunLimits = {}): RunOutcome {
    return this.loop.run({ ...limits, untilMs: START_MS + untilMs })
  }

  /** Plans something at a time since the beginning. */
  at(elapsedMs: number, run: () => void): void {
    this.loop.schedule(START_MS + elapsedMs, run)
  }

  /** Starts a transfer from `peer`; returns its id. */
  send(
    peer: SimPeer,
    picture: Uint8Array,
    mode: TransferMode,
    name = 'picture.jpg',
    extras?: PictureExtras,
  ): string {
    const transferId = [this.random.uint32(), this.random.uint32()].map(hex8).join('')
    const manifest = {
      mode,
      type: 'image/jpeg',
      name,
      bytes: picture.length,
      chunkCount: chunkCountOf(picture.length),
      width: 640,
      height: 480,
      channels: 3,
      startedAtMs: this.loop.now,
      sha256: this.#digest([picture]),
      placeholder: '',
    } as const
    peer.act((endpoint, now) => endpoint.send(transferId, manifest, picture, now, extras))
    return transferId
  }

  #sctpLanes(count: number, link: Link, reverse: Link, from: SimPeer, to: SimPeer): SctpLane[] {
    const options = {
      loop: this.loop,
      link,
      reverse,
      deliver: (arrival: Arrival) => to.handleArrival(arrival),
      onDrained: () => from.pump(),
    }
    return Array.from({ length: count }, () => new SctpLane(options))
  }

  #lanes(count: number, link: Link, from: SimPeer, to: SimPeer, bytesPerSecond: number): SimLane[] {
    const options = {
      loop: this.loop,
      link,
      deliver: (arrival: Arrival) => to.handleArrival(arrival),
      onDrained: () => from.pump(),
    }
    return Array.from(
      { length: count },
      () => new SimLane({ ...options, outflow: pacedOutflow(bytesPerSecond) }),
    )
  }
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0')
}
