import type { EventLoop } from './event-loop'
import type { Arrival, Link } from './link'

/** What SCTP, DTLS, UDP and IP add to each packet. */
const PACKET_OVERHEAD_BYTES = 12 + 37 + 28
const SCTP_HEADER_BYTES = 12
/** Of a DATA chunk: a packet of SCTP's carries one or more, each with one message of ours or a part of one. */
const CHUNK_HEADER_BYTES = 16
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
/** Packets that go out at one occasion. */
const BURST_PACKETS = 4
/** From this window on dcSCTP rather waits than sends a part of a message because the window has no room for all. */
const WHOLE_FROM_WINDOW_BYTES = 6 * MTU_BYTES

interface Message {
  readonly bytes: Uint8Array
  /** Bytes that have been sent. */
  sent: number
  /** Bytes that have arrived. */
  arrived: number
  /** A part is lost, and nothing is sent again: the rest is not sent either. */
  abandoned: boolean
}

/** A DATA chunk: a message or a part of one. */
interface Part {
  readonly sequence: number
  readonly message: Message
  readonly payloadBytes: number
  /** In the window. */
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
 * loss, one packet after a timeout; nothing is sent again (maxRetransmits 0). RFC 9260, section 7. Packets and
 * windows are filled to the last byte, so a message may leave in parts, and is lost when one of them is.
 */
export class SctpLane {
  readonly #options: SctpLaneOptions
  readonly #buffer: Message[] = []
  #bufferedAmount = 0
  #notifyAt: number | null = null
  // The sending half.
  #outstanding: Part[] = []
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
    this.#buffer.push({ bytes: message.slice(), sent: 0, arrived: 0, abandoned: false })
    this.#bufferedAmount += message.length
    this.#flush()
    return true
  }

  notifyAt(bytes: number): void {
    this.#notifyAt = bytes
  }

  #flush(): void {
    const { loop, link } = this.#options
    for (let packets = 0; packets < BURST_PACKETS && this.#maySend(); packets++) {
      const parts = this.#nextParts()
      if (parts.length === 0) return
      this.#outstanding.push(...parts)
      if (!this.#cancelTimer) this.#startTimer()
      link.send(
        payloadOf(parts),
        (arrival) => this.#handleArrival(parts, arrival),
        PACKET_OVERHEAD_BYTES + CHUNK_HEADER_BYTES * parts.length,
      )
      if (this.#notifyAt !== null && this.#bufferedAmount <= this.#notifyAt) {
        this.#notifyAt = null
        loop.schedule(loop.now, () => this.#options.onDrained())
      }
    }
  }

  #maySend(): boolean {
    return this.#window < WHOLE_FROM_WINDOW_BYTES || this.#window - this.#flight >= MTU_BYTES
  }

  /** What goes into the next packet. */
  #nextParts(): Part[] {
    const parts: Part[] = []
    let room = MTU_BYTES - SCTP_HEADER_BYTES
    for (;;) {
      const message = this.#buffer[0]
      const most = 4 * Math.floor(Math.min(room, this.#window - this.#flight) / 4) - CHUNK_HEADER_BYTES
      if (!message || most <= 0) return parts
      const payloadBytes = Math.min(most, message.bytes.length - message.sent)
      const bytes = 4 * Math.ceil((CHUNK_HEADER_BYTES + payloadBytes) / 4)
      parts.push({
        sequence: this.#nextSequence++,
        message,
        payloadBytes,
        bytes,
        sentAt: this.#options.loop.now,
        misses: 0,
      })
      message.sent += payloadBytes
      if (message.sent === message.bytes.length) this.#buffer.shift()
      this.#bufferedAmount -= payloadBytes
      this.#flight += bytes
      room -= bytes
    }
  }

  #handleArrival(parts: readonly Part[], { intact }: Arrival): void {
    // SCTP's checksum lets no damaged packet through.
    if (!intact) return
    const { loop } = this.#options
    let inOrder = true
    for (const { sequence, message, payloadBytes } of parts) {
      if (this.#received.has(sequence)) continue
      inOrder &&= sequence === this.#highestReceived + 1
      this.#received.add(sequence)
      this.#highestReceived = Math.max(this.#highestReceived, sequence)
      message.arrived += payloadBytes
      if (message.arrived < message.bytes.length) continue
      this.#options.deliver({ bytes: message.bytes, original: message.bytes, intact })
    }
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
    const rest: Part[] = []
    for (const part of this.#outstanding) {
      if (here.has(part.sequence)) {
        acknowledged += part.bytes
        this.#flight -= part.bytes
        if (part.sequence === highest) this.#measureRtt(loop.now - part.sentAt)
      } else if (part.message.abandoned || (part.sequence < highest && ++part.misses >= MISSES_FOR_LOSS)) {
        this.#flight -= part.bytes
        if (!part.message.abandoned && part.sequence > this.#recoveryEnd) lost = true
        this.#abandon(part.message)
      } else rest.push(part)
    }
    this.#outstanding = rest
    if (lost) this.#halve()
    else if (acknowledged > 0 && full && highest > this.#recoveryEnd) this.#grow(acknowledged)
    if (acknowledged > 0) this.#startTimer()
    this.#flush()
  }

  #abandon(message: Message): void {
    message.abandoned = true
    const at = this.#buffer.indexOf(message)
    if (at < 0) return
    this.#bufferedAmount -= message.bytes.length - message.sent
    this.#buffer.splice(at, 1)
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
    for (const { message } of this.#outstanding) this.#abandon(message)
    this.#outstanding = []
    this.#recoveryEnd = this.#nextSequence - 1
    this.#rto = Math.min(RTO_MAX_MS, this.#rto * 2)
    this.#flush()
  }
}

/** One whole message as it is, so that a link can look at it; of parts only their length matters. */
function payloadOf(parts: readonly Part[]): Uint8Array {
  const [first] = parts
  if (first && parts.length === 1 && first.payloadBytes === first.message.bytes.length)
    return first.message.bytes
  return new Uint8Array(parts.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0))
}
