import type { EventLoop } from './event-loop'
import type { Arrival, Link } from './link'

/**
 * When a lane lets its next packet go. A model of SCTP's congestion window takes this place: it answers
 * Infinity while the window is full, and wakes the lane by `SimLane.flush` when it opens.
 */
export interface Outflow {
  /** The earliest time, from `now` on, at which a packet of that many bytes may leave. Asked once a packet. */
  departsAtMs(bytes: number, now: number): number
}

/** A sender that never hands over faster than this: about what one lane moves on loopback is 6.5 MB/s. */
export function pacedOutflow(bytesPerSecond: number): Outflow {
  let freeAtMs = -Infinity
  return {
    departsAtMs(bytes, now) {
      const departsAtMs = Math.max(now, freeAtMs)
      freeAtMs = departsAtMs + (1000 * bytes) / bytesPerSecond
      return departsAtMs
    },
  }
}

export interface SimLaneOptions {
  readonly loop: EventLoop
  readonly link: Link
  readonly outflow: Outflow
  readonly deliver: (arrival: Arrival) => void
  readonly onDrained: () => void
}

/** One end of one unordered, unreliable lane: a send buffer in front of a link, with the browser's interface. */
export class SimLane {
  readonly #options: SimLaneOptions
  readonly #buffer: Uint8Array[] = []
  #bufferedAmount = 0
  #notifyAt: number | null = null
  #departing = false
  #isOpen = true

  constructor(options: SimLaneOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Bytes handed over and not yet given to the link. */
  get bufferedAmount(): number {
    return this.#bufferedAmount
  }

  /** Copies the message, as a channel does. */
  send(message: Uint8Array): boolean {
    if (!this.#isOpen) return false
    this.#buffer.push(message.slice())
    this.#bufferedAmount += message.length
    this.flush()
    return true
  }

  /** Asks for one `onDrained` when no more than `bytes` are buffered. */
  notifyAt(bytes: number): void {
    this.#notifyAt = bytes
  }

  /** What is still buffered is lost. */
  close(): void {
    this.#isOpen = false
    this.#buffer.length = 0
    this.#bufferedAmount = 0
  }

  /** Sends what may leave now, and plans the next departure. */
  flush(): void {
    const { loop, outflow } = this.#options
    const next = this.#buffer[0]
    if (this.#departing || !next) return
    const departsAtMs = outflow.departsAtMs(next.length, loop.now)
    if (departsAtMs === Infinity) return
    this.#departing = true
    loop.schedule(departsAtMs, () => {
      this.#departing = false
      this.#depart()
      this.flush()
    })
  }

  #depart(): void {
    const message = this.#buffer.shift()
    if (!message) return
    this.#bufferedAmount -= message.length
    this.#options.link.send(message, this.#options.deliver)
    if (this.#notifyAt === null || this.#bufferedAmount > this.#notifyAt) return
    this.#notifyAt = null
    this.#options.onDrained()
  }
}
