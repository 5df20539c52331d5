import type { EventLoop } from './event-loop'
import type { Link } from './link'

const PACKET_BYTES = 1460
const OVERHEAD_BYTES = 40
const ACK_BYTES = 40
const WINDOW_START = 10
/** CUBIC's constants (RFC 9438, 4.1): how fast the window grows back, and what a loss leaves of it. */
const CUBIC_C = 0.4
const CUBIC_BETA = 0.7
const RTO_MS = 400

/**
 * A download by TCP over the same link: CUBIC's window, enough to see who starves whom. It has always something to
 * send, and a window is lost at most once a round trip.
 */
export class RivalFlow {
  readonly #options: { readonly loop: EventLoop; readonly link: Link; readonly reverse: Link }
  #window = WINDOW_START
  #slowStart = true
  #windowAtLoss = WINDOW_START
  #lostAt = 0
  #inFlight = new Set<number>()
  #next = 0
  #recoveryEnd = -1
  #cancelTimer: (() => void) | null = null
  #stopped = false
  /** Payload that arrived. */
  arrivedBytes = 0

  constructor(options: { readonly loop: EventLoop; readonly link: Link; readonly reverse: Link }) {
    this.#options = options
    this.#flush()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelTimer?.()
  }

  #flush(): void {
    const { loop, link, reverse } = this.#options
    while (!this.#stopped && this.#inFlight.size < this.#window) {
      const sequence = this.#next++
      this.#inFlight.add(sequence)
      const arrived = () => {
        this.arrivedBytes += PACKET_BYTES
        reverse.send(new Uint8Array(ACK_BYTES), () => this.#handleAck(sequence))
      }
      link.send(new Uint8Array(PACKET_BYTES), arrived, OVERHEAD_BYTES)
    }
    this.#cancelTimer?.()
    if (!this.#stopped) this.#cancelTimer = loop.schedule(loop.now + RTO_MS, () => this.#handleTimeout())
  }

  #handleAck(sequence: number): void {
    if (this.#stopped || !this.#inFlight.delete(sequence)) return
    // Sets keep their order: what was sent more than three packets before is lost.
    for (const before of this.#inFlight) {
      if (before >= sequence - 3) break
      this.#inFlight.delete(before)
      if (before > this.#recoveryEnd) this.#handleLoss()
    }
    if (this.#slowStart) this.#window++
    else if (sequence > this.#recoveryEnd) this.#window = Math.max(this.#window, this.#cubic())
    this.#flush()
  }

  #cubic(): number {
    const seconds = (this.#options.loop.now - this.#lostAt) / 1000
    const k = Math.cbrt((this.#windowAtLoss * (1 - CUBIC_BETA)) / CUBIC_C)
    return CUBIC_C * (seconds - k) ** 3 + this.#windowAtLoss
  }

  #handleLoss(): void {
    this.#windowAtLoss = this.#window
    this.#window = Math.max(2, this.#window * CUBIC_BETA)
    this.#lostAt = this.#options.loop.now
    this.#slowStart = false
    this.#recoveryEnd = this.#next - 1
  }

  #handleTimeout(): void {
    this.#inFlight = new Set()
    this.#handleLoss()
    this.#window = 2
    this.#flush()
  }
}
