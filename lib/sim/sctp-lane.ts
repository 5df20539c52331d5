import type { EventLoop } from './event-loop'
import type { Arrival, Link } from './link'

/** Payload and headers of one packet of ours in Chrome's SCTP over DTLS over UDP over IP. */
const PACKET_OVERHEAD_BYTES = 16 + 12 + 37 + 28
const MTU_BYTES = 1191
const INITIAL_WINDOW_BYTES = 10 * MTU_BYTES
const WINDOW_MIN_BYTES = 4 * MTU_BYTES
const RTO_INITIAL_MS = 500
const RTO_MIN_MS = 400
const RTO_MAX_MS = 60_000
const DELAYED_SACK_MS = 200
const SACK_BYTES = 48
/** Reports of a gap that make a packet count as lost (RFC 9260, 7.2.4). */
const MISSES_FOR_LOSS = 3

interface Outstanding {
  readonly sequence: number
  readonly bytes: number
  readonly sentAt: number
  misses: number
}

export interface SctpLaneOptions {
  readonly loop: EventLoop
  readonly link: Link
  /** What the acknowledgements come back on. */
  readonly reverse: Link
  readonly deliver: (arrival: Arrival) => void
  readonly onDrained: () => void
}

/**
 * One end of a lane with the congestion control that dcSCTP puts below every data channel: window, halving at a
 * loss, one packet after a timeout; nothing is sent again (maxRetransmits 0). RFC 9260, section 7.
 */
export class SctpLane {
  readonly #options: SctpLaneOptions
  readonly #buffer: Uint8Array[] = []
  #bufferedAmount = 0
  #notifyAt: number | null = null
  // The sending half.
  #outstanding: Outstanding[] = []
  #flight = 0
  #window = INITIAL_WINDOW_BYTES
  #threshold = Infinity
  #partial = 0
  #nextSequence = 0
  #recoveryEnd = -1
  #smoothedRtt: number | null = null
  #rttVariation = 0
  #rto = RTO_INITIAL_MS
  #cancelTimer: (() => void) | null = null
  // The receiving half, at the other end of the link.
  readonly #received = new Set<number>()
  #highestReceived = -1
  #unacknowledged = 0
  #cancelSack: (() => void) | null = null

  constructor(options: SctpLaneOptions) {
    this.#options = options
  }

  get bufferedAmount(): number {
    return this.#bufferedAmount
  }

  send(message: Uint8Array): boolean {
    this.#buffer.push(message.slice())
    this.#bufferedAmount += message.length
    this.#flush()
    return true
  }

  notifyAt(bytes: number): void {
    this.#notifyAt = bytes
  }

  #flush(): void {
    const { loop, link } = this.#options
    for (;;) {
      const message = this.#buffer[0]
      if (!message || this.#flight >= this.#window) return
      this.#buffer.shift()
      this.#bufferedAmount -= message.length
      const sequence = this.#nextSequence++
      const bytes = message.length + 16
      this.#outstanding.push({ sequence, bytes, sentAt: loop.now, misses: 0 })
      this.#flight += bytes
      if (!this.#cancelTimer) this.#startTimer()
      link.send(message, (arrival) => this.#handleArrival(sequence, arrival), PACKET_OVERHEAD_BYTES)
      if (this.#notifyAt !== null && this.#bufferedAmount <= this.#notifyAt) {
        this.#notifyAt = null
        loop.schedule(loop.now, () => this.#options.onDrained())
      }
    }
  }

  #handleArrival(sequence: number, arrival: Arrival): void {
    const { loop } = this.#options
    const inOrder = sequence === this.#highestReceived + 1
    this.#received.add(sequence)
    this.#highestReceived = Math.max(this.#highestReceived, sequence)
    this.#options.deliver(arrival)
    if (!inOrder || ++this.#unacknowledged >= 2) this.#sack()
    else this.#cancelSack ??= loop.schedule(loop.now + DELAYED_SACK_MS, () => this.#sack())
  }

  #sack(): void {
    this.#unacknowledged = 0
    this.#cancelSack?.()
    this.#cancelSack = null
    const highest = this.#highestReceived
    const here = new Set(this.#received)
    this.#options.reverse.send(new Uint8Array(SACK_BYTES), () => this.#handleSack(here, highest))
    for (const sequence of this.#received) if (sequence < highest - 500) this.#received.delete(sequence)
  }

  #handleSack(here: ReadonlySet<number>, highest: number): void {
    const { loop } = this.#options
    const full = this.#flight >= this.#window - MTU_BYTES
    let acknowledged = 0
    let lost = false
    const rest: Outstanding[] = []
    for (const packet of this.#outstanding) {
      if (here.has(packet.sequence)) {
        acknowledged += packet.bytes
        this.#flight -= packet.bytes
        if (packet.sequence === highest) this.#measureRtt(loop.now - packet.sentAt)
      } else if (packet.sequence < highest && ++packet.misses >= MISSES_FOR_LOSS) {
        this.#flight -= packet.bytes
        if (packet.sequence > this.#recoveryEnd) lost = true
      } else rest.push(packet)
    }
    this.#outstanding = rest
    if (lost) this.#halve()
    else if (acknowledged > 0 && full && highest > this.#recoveryEnd) this.#grow(acknowledged)
    if (acknowledged > 0) this.#startTimer()
    this.#flush()
  }

  #grow(acknowledged: number): void {
    if (this.#window <= this.#threshold) {
      this.#window += Math.min(acknowledged, MTU_BYTES)
      return
    }
    this.#partial += acknowledged
    if (this.#partial < this.#window) return
    this.#partial -= this.#window
    this.#window += MTU_BYTES
  }

  #halve(): void {
    this.#threshold = Math.max(this.#window / 2, WINDOW_MIN_BYTES)
    this.#window = this.#threshold
    this.#partial = 0
    this.#recoveryEnd = this.#nextSequence - 1
  }

  #measureRtt(rtt: number): void {
    if (this.#smoothedRtt === null) {
      this.#smoothedRtt = rtt
      this.#rttVariation = rtt / 2
    } else {
      this.#rttVariation = 0.75 * this.#rttVariation + 0.25 * Math.abs(this.#smoothedRtt - rtt)
      this.#smoothedRtt = 0.875 * this.#smoothedRtt + 0.125 * rtt
    }
    this.#rto = Math.min(RTO_MAX_MS, Math.max(RTO_MIN_MS, this.#smoothedRtt + 4 * this.#rttVariation))
  }

  #startTimer(): void {
    const { loop } = this.#options
    this.#cancelTimer?.()
    this.#cancelTimer = null
    if (this.#outstanding.length > 0) {
      this.#cancelTimer = loop.schedule(loop.now + this.#rto, () => this.#handleTimeout())
    }
  }

  #handleTimeout(): void {
    this.#cancelTimer = null
    this.#threshold = Math.max(this.#window / 2, WINDOW_MIN_BYTES)
    this.#window = MTU_BYTES
    this.#partial = 0
    this.#flight = 0
    this.#outstanding = []
    this.#recoveryEnd = this.#nextSequence - 1
    this.#rto = Math.min(RTO_MAX_MS, this.#rto * 2)
    this.#flush()
  }
}
