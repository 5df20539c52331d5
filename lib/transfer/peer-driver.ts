import type { Clock } from '@/lib/peer/clock'
import type { Lane } from '@/lib/peer/lane'
import type { Link } from '@/lib/peer/link'
import { Endpoint, type EndpointEvent, type EndpointOptions } from '@/lib/protocol/endpoint'
import { LaneChoice } from '@/lib/protocol/tx/lane-choice'

import type { ErasureCode } from './erasure-code'

/**
 * Bytes kept in the data lane's buffer. The window of a lane only grows while it is nearly full, and what is
 * queued deeper is lost more often and delays repair (measured on loopback: 64 KiB loses least).
 */
const BUFFER_HIGH_BYTES = 64 * 1024
const BUFFER_LOW_BYTES = 32 * 1024
/** Nothing was sent for so long: lanes may be made anew. */
const REST_MS = 500

/** The one place where the core meets time and channels: poll, send, set a timer, handle what comes. */
export class PeerDriver {
  readonly endpoint: Endpoint
  readonly #clock: Clock
  readonly #code: ErasureCode
  readonly #laneChoice = new LaneChoice<Lane>(() => this.endpoint.controller.lossRate)
  readonly #onEvent: (event: EndpointEvent) => void
  readonly #onPumped: () => void
  #link: Link | null = null
  /** What took the last data packet, and what took those before the picture moved there: END waits for both. */
  #dataLane: Lane | null = null
  #formerDataLane: Lane | null = null
  /** When there was last a symbol to send. */
  #busyAt = -Infinity
  #cancelRest: (() => void) | null = null
  /** Worn lanes are being made anew. */
  #renewing = false
  #timerDue = Infinity
  #cancelTimer: (() => void) | null = null
  #closed = false
  /** As the endpoint knows it. */
  #lanesOpen = true

  constructor(options: {
    readonly clock: Clock
    readonly code: ErasureCode
    readonly endpoint: EndpointOptions
    readonly onEvent: (event: EndpointEvent) => void
    /** Something may have changed. */
    readonly onPumped: () => void
  }) {
    this.endpoint = new Endpoint(options.endpoint)
    this.#clock = options.clock
    this.#code = options.code
    this.#onEvent = options.onEvent
    this.#onPumped = options.onPumped
  }

  setLink(link: Link | null): void {
    this.#link = link
    this.pump()
  }

  /** No lane is open, or none of them carries anything: what is under way waits. */
  get isWaiting(): boolean {
    return !this.#lanesOpen || (this.#link?.openLanes().every((lane) => lane.isDisconnected) ?? true)
  }

  /** True when pictures can move now. */
  get isOpen(): boolean {
    return this.#link?.dataLane() != null
  }

  handleMessage(message: Uint8Array): void {
    if (this.#closed) return
    if (this.endpoint.handlePacket(message, this.#clock.now())) this.pump()
  }

  handlePeerGone(): void {
    this.endpoint.handlePeerGone(this.#clock.now())
    this.pump()
  }

  /** Sends what may be sent, hands out events, and sets the timer for what is due next. */
  pump(): void {
    if (this.#closed) return
    this.#watchLanes()
    for (;;) {
      this.#sendControl()
      this.#sendCalm()
      this.#sendSymbols()
      const drained = this.#sendData()
      this.#handOutEvents()
      if (!drained) break
      this.endpoint.handleDrained(this.#clock.now())
    }
    this.#setTimer()
    this.#onPumped()
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelRest?.()
    this.#link = null
  }

  #watchLanes(): void {
    const open = (this.#link?.openLanes().length ?? 0) > 0
    if (open === this.#lanesOpen) return
    this.#lanesOpen = open
    if (open) this.endpoint.handleLanesOpen(this.#clock.now())
    else this.endpoint.handleLanesLost(this.#clock.now())
  }

  #sendControl(): void {
    for (let packet = this.endpoint.pollControl(); packet; packet = this.endpoint.pollControl()) {
      this.#link?.broadcast(packet)
    }
  }

  #sendCalm(): void {
    const lanes = this.#link?.openLanes() ?? []
    while (this.endpoint.hasCalm) {
      const lane = this.#laneChoice.choose(lanes, this.#clock.now())
      const packet = lane && this.endpoint.pollCalm()
      if (!packet) return
      lane.send(packet)
    }
  }

  #sendSymbols(): void {
    // A look at every lane, for every packet that comes in: a receiver has nothing to send.
    if (!this.endpoint.hasSymbols) return
    this.#restLater()
    const lanes = this.#link?.openLanes() ?? []
    for (;;) {
      const lane = this.#laneChoice.choose(lanes, this.#clock.now())
      const packet = lane && this.endpoint.pollSymbol(this.#clock.now())
      if (!packet) return
      this.endpoint.handleCarried(lane, lane.path)
      lane.send(packet)
    }
  }

  /** Lanes that wore out are made anew once nothing is sent, and no longer when something is (SPEC LN3). */
  #restLater(): void {
    this.#busyAt = this.#clock.now()
    if (this.#renewing) this.#link?.renew([])
    this.#renewing = false
    this.#cancelRest ??= this.#clock.schedule(REST_MS, () => this.#rest())
  }

  #rest(): void {
    const leftMs = this.#busyAt + REST_MS - this.#clock.now()
    this.#cancelRest = leftMs > 0 ? this.#clock.schedule(leftMs, () => this.#rest()) : null
    const worn = leftMs > 0 ? [] : this.#laneChoice.takeWorn()
    if (worn.length === 0) return
    this.#renewing = true
    this.#link?.renew(worn)
  }

  /** True when the core waits for an empty buffer and it is empty. */
  #sendData(): boolean {
    const lane = this.#link?.dataLane()
    if (!lane) return false
    while (lane.bufferedAmount < BUFFER_HIGH_BYTES) {
      const packet = this.endpoint.pollData()
      if (!packet) {
        if (!this.endpoint.wantsDrain) return false
        const former = this.#formerDataLane
        const busy = former?.isOpen && former.bufferedAmount > 0 ? former : lane
        if (busy.bufferedAmount === 0) return true
        busy.notifyAt(0)
        return false
      }
      if (lane !== this.#dataLane) {
        this.#formerDataLane = this.#dataLane
        this.#dataLane = lane
      }
      this.endpoint.handleCarried(lane, lane.path)
      // A refused packet is a lost packet: the core has numbered it.
      if (!lane.send(packet)) return false
    }
    lane.notifyAt(BUFFER_LOW_BYTES)
    return false
  }

  #handOutEvents(): void {
    for (let event = this.endpoint.pollEvent(); event; event = this.endpoint.pollEvent()) {
      if (event.type === 'encode') void this.#encode(event)
      else if (event.type === 'decode') void this.#decode(event)
      else this.#onEvent(event)
    }
  }

  async #encode({ transferId, job }: Extract<EndpointEvent, { type: 'encode' }>): Promise<void> {
    const symbols = await this.#code.encode(job)
    this.endpoint.handleCoded(transferId, job.block, symbols)
    this.pump()
  }

  async #decode({ transferId, job }: Extract<EndpointEvent, { type: 'decode' }>): Promise<void> {
    const bytes = await this.#code.decode(job)
    this.endpoint.handleDecoded(transferId, job.block, bytes, this.#clock.now())
    this.pump()
  }

  #setTimer(): void {
    const due = this.endpoint.pollTimeout() ?? Infinity
    // A timer that fires too early costs one look; one that is set anew for every packet costs far more.
    if (due >= this.#timerDue) return
    this.#cancelTimer?.()
    this.#timerDue = due
    this.#cancelTimer = this.#clock.schedule(due - this.#clock.now(), () => {
      this.#timerDue = Infinity
      this.#cancelTimer = null
      this.endpoint.handleTimeout(this.#clock.now())
      this.pump()
    })
  }
}
