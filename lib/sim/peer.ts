import type { CodedSymbol } from '@/lib/protocol/code/coded-symbol'
import { Endpoint, type EndpointEvent, type EndpointOptions } from '@/lib/protocol/endpoint'

import type { DecodeJob } from '@/lib/protocol/rx/symbol-collector'
import { ControlLanes } from '@/lib/protocol/tx/control-lanes'
import { LaneChoice } from '@/lib/protocol/tx/lane-choice'
import type { EncodeJob } from '@/lib/protocol/tx/coded-supply'

import type { EventLoop } from './event-loop'
import type { Arrival } from './link'
import { TruthKeeper } from './truth'

/** Bytes kept in the data lane's buffer, as in the browser. */
const BUFFER_HIGH_BYTES = 64 * 1024
const BUFFER_LOW_BYTES = 32 * 1024

/** SHA-256 of pieces in order, 64 hex digits; handed in, because the simulator imports no package. */
export type Digest = (pieces: readonly Uint8Array[]) => string

export interface SimPeerOptions {
  readonly loop: EventLoop
  readonly endpoint: EndpointOptions
  readonly digest: Digest
  /** How long a digest takes, as a worker takes time. */
  readonly digestMs: number
  readonly code?: SimCode
}

/** What a peer needs of a lane, simple or with SCTP's window. */
export interface PeerLane {
  readonly bufferedAmount: number
  send(message: Uint8Array): boolean
  notifyAt(bytes: number): void
}

/** The erasure code, handed in: 1 024-byte symbols. */
export interface SimCode {
  encode(source: Uint8Array, count: number): CodedSymbol[]
  /** The block's chunks, one after the other; null when these symbols do not suffice. */
  decode(size: number, symbols: readonly CodedSymbol[]): Uint8Array | null
  /** How long it takes, as a worker takes time; ms per chunk of the block. */
  readonly msPerChunk: number
}

/** One side of a simulated connection: drives an Endpoint as lib/transfer drives it in the browser. */
export class SimPeer {
  readonly endpoint: Endpoint
  /** Of the data packets towards this peer. */
  readonly truth = new TruthKeeper()
  readonly events: EndpointEvent[] = []
  readonly #options: SimPeerOptions
  #lanes: readonly PeerLane[] = []
  #remote: SimPeer | null = null
  readonly #controlLanes = new ControlLanes()
  #closed = false
  readonly #laneChoice = new LaneChoice<PeerLane>(() => this.endpoint.controller.lossRate)
  symbolBytesSent = 0
  #timerDue = Infinity
  #cancelTimer: (() => void) | null = null

  constructor(options: SimPeerOptions) {
    this.#options = options
    this.endpoint = new Endpoint(options.endpoint)
  }

  connect(lanes: readonly PeerLane[], remote: SimPeer): void {
    this.#lanes = lanes
    this.#remote = remote
  }

  /** Its page is closed: it sends nothing any more. */
  close(): void {
    this.#lanes = []
    this.#cancelTimer?.()
    this.#closed = true
  }

  /** Something that a person or the network does to this endpoint, followed by what it leads to. */
  act<T>(action: (endpoint: Endpoint, now: number) => T): T {
    const result = action(this.endpoint, this.#options.loop.now)
    this.pump()
    return result
  }

  /** The bytes held of an incoming picture, holes as zeros; empty when it is not known here. */
  heldBytes(transferId: string): Uint8Array {
    const pieces = this.endpoint.receiver(transferId)?.assembler.pieces() ?? []
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }

  handleArrival(arrival: Arrival): void {
    this.truth.handleArrival(arrival, (id) => this.endpoint.receiver(id)?.frozen ?? false)
    if (this.endpoint.handlePacket(arrival.bytes, this.#options.loop.now)) this.pump()
    else if (this.endpoint.pollControl() ?? this.endpoint.pollEvent())
      throw new Error('the endpoint has something to say, and said that it has not')
    else if ((this.endpoint.pollTimeout() ?? Infinity) < this.#timerDue)
      throw new Error('the endpoint wants to be called sooner, and did not say so')
  }

  pump(): void {
    for (;;) {
      this.#sendControl()
      this.#sendCalm()
      this.#sendSymbols()
      const drained = this.#sendData()
      this.#handleEvents()
      if (!drained) break
      this.endpoint.handleDrained(this.#options.loop.now)
    }
    this.#setTimer()
  }

  #sendControl(): void {
    for (let packet = this.endpoint.pollControl(); packet; packet = this.endpoint.pollControl()) {
      for (const lane of this.#controlLanes.choose(this.#lanes)) lane.send(packet)
    }
  }

  #sendCalm(): void {
    while (this.endpoint.hasCalm) {
      const lane = this.#laneChoice.choose(this.#lanes, this.#options.loop.now)
      const packet = lane && this.endpoint.pollCalm()
      if (!packet) return
      lane.send(packet)
    }
  }

  #sendSymbols(): void {
    const { now } = this.#options.loop
    for (;;) {
      const lane = this.#laneChoice.choose(this.#lanes, now)
      const packet = lane && this.endpoint.pollSymbol(now)
      if (!packet) return
      this.symbolBytesSent += packet.length
      this.#remote?.truth.handleSent(packet)
      this.endpoint.handleCarried(lane, 'direct')
      lane.send(packet)
    }
  }

  /** True when the core waits for an empty buffer and it is empty. */
  #sendData(): boolean {
    const lane = this.#lanes[0]
    if (!lane) return false
    while (lane.bufferedAmount < BUFFER_HIGH_BYTES) {
      const packet = this.endpoint.pollData()
      if (!packet) {
        if (!this.endpoint.wantsDrain) return false
        if (lane.bufferedAmount === 0) return true
        lane.notifyAt(0)
        return false
      }
      this.#remote?.truth.handleSent(packet)
      this.endpoint.handleCarried(lane, 'direct')
      lane.send(packet)
    }
    lane.notifyAt(BUFFER_LOW_BYTES)
    return false
  }

  #handleEvents(): void {
    for (let event = this.endpoint.pollEvent(); event; event = this.endpoint.pollEvent()) {
      this.events.push(event)
      if (event.type === 'held') this.#digest(event.transferId)
      if (event.type === 'encode') this.#encode(event.transferId, event.job)
      if (event.type === 'decode') this.#decode(event.transferId, event.job)
    }
  }

  #digest(transferId: string): void {
    const pieces = this.endpoint.receiver(transferId)?.assembler.pieces()
    if (!pieces) return
    const sha256 = this.#options.digest(pieces)
    const { loop, digestMs } = this.#options
    loop.schedule(loop.now + digestMs, () => {
      this.act((endpoint, now) => endpoint.handleDigest(transferId, sha256, now))
    })
  }

  #encode(transferId: string, job: EncodeJob): void {
    const { code, loop } = this.#options
    if (!code) return
    const symbols = code.encode(job.source, job.count)
    loop.schedule(loop.now + code.msPerChunk * job.size, () => {
      this.act((endpoint) => endpoint.handleCoded(transferId, job.block, symbols))
    })
  }

  #decode(transferId: string, job: DecodeJob): void {
    const { code, loop } = this.#options
    const bytes = code?.decode(job.size, job.symbols) ?? null
    loop.schedule(loop.now + (code?.msPerChunk ?? 0) * job.size, () => {
      this.act((endpoint, now) => endpoint.handleDecoded(transferId, job.block, bytes, now))
    })
  }

  #setTimer(): void {
    if (this.#closed) return
    const due = this.endpoint.pollTimeout() ?? Infinity
    if (due === this.#timerDue) return
    this.#cancelTimer?.()
    this.#timerDue = due
    if (due === Infinity) return
    this.#cancelTimer = this.#options.loop.schedule(due, () => {
      this.#timerDue = Infinity
      this.act((endpoint, now) => endpoint.handleTimeout(now))
    })
  }
}
