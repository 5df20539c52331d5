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
  readonly aToB: Link
  readonly bToA: Link
  readonly #digest: Digest
  readonly #options: WorldOptions
  #a: SimPeer
  #b: SimPeer
  /** Counts the sets of lanes: what an older one still carries is lost. */
  #generation = 0

  constructor(options: WorldOptions) {
    const { seed, digest } = options
    const { loop } = this
    this.#options = options
    this.random = new Random(seed)
    this.#digest = digest
    this.aToB = new Link({ loop, random: this.random.fork(), impairments: options.aToB ?? [] })
    this.bToA = new Link({ loop, random: this.random.fork(), impairments: options.bToA ?? [] })
    this.#a = this.#peer(options.a)
    this.#b = this.#peer(options.b)
    this.#connect()
  }

  get a(): SimPeer {
    return this.#a
  }

  get b(): SimPeer {
    return this.#b
  }

  /** Every lane fails; what it carries is lost. */
  loseLanes(): void {
    this.#generation++
    for (const peer of [this.#a, this.#b]) {
      peer.connect([], peer === this.#a ? this.#b : this.#a)
      peer.act((endpoint, now) => endpoint.handleLanesLost(now))
    }
  }

  /** Other lanes in place of those that were lost. */
  openLanes(): void {
    this.#connect()
    for (const peer of [this.#a, this.#b]) peer.act((endpoint, now) => endpoint.handleLanesOpen(now))
  }

  /** The page of one side is loaded anew: the other one is told, and both have new lanes and endpoints. */
  reload(
    side: 'a' | 'b',
    endpoint: { readonly a?: EndpointOptions; readonly b?: EndpointOptions } = {},
  ): void {
    this.#generation++
    const [gone, stays] = side === 'a' ? [this.#a, this.#b] : [this.#b, this.#a]
    gone.close()
    stays.connect([], gone)
    stays.act((each, now) => each.handlePeerGone(now))
    stays.close()
    this.#a = this.#peer(endpoint.a)
    this.#b = this.#peer(endpoint.b)
    this.#connect()
  }

  #peer(endpoint: EndpointOptions | undefined): SimPeer {
    const { digest, digestMs = 1, code } = this.#options
    const coding = code ? { code } : {}
    return new SimPeer({
      loop: this.loop,
      digest,
      digestMs,
      endpoint: { canCode: code !== undefined, ...endpoint },
      ...coding,
    })
  }

  #connect(): void {
    const { lanes = 2, sctp, laneBytesPerSecond: rate = LANE_BYTES_PER_SECOND } = this.#options
    const { a, b, aToB, bToA } = this
    this.#generation++
    if (sctp) {
      a.connect(this.#sctpLanes(lanes, aToB, bToA, a, b), b)
      b.connect(this.#sctpLanes(lanes, bToA, aToB, b, a), a)
    } else {
      a.connect(this.#lanes(lanes, aToB, a, b, rate), b)
      b.connect(this.#lanes(lanes, bToA, b, a, rate), a)
    }
  }

  /** What a lane calls, for as long as it lives. */
  #handlers(from: SimPeer, to: SimPeer) {
    const generation = this.#generation
    return {
      deliver: (arrival: Arrival) => {
        if (generation === this.#generation) to.handleArrival(arrival)
      },
      onDrained: () => {
        if (generation === this.#generation) from.pump()
      },
    }
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
      ...this.#handlers(from, to),
    }
    return Array.from({ length: count }, () => new SctpLane(options))
  }

  #lanes(count: number, link: Link, from: SimPeer, to: SimPeer, bytesPerSecond: number): SimLane[] {
    const options = {
      loop: this.loop,
      link,
      ...this.#handlers(from, to),
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
