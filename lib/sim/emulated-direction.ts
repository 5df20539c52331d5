import { DueHeap } from './due-heap'
import { Histogram, type HistogramSummary } from './histogram'
import { type NetworkCounts, NetworkModel } from './network-model'
import type { NetworkSettings } from './network-settings'

/** What one direction has done, to be held against what it was set to. */
export interface DirectionCounts extends NetworkCounts {
  readonly packetsOut: number
  readonly bytesOut: number
  /** Came out after one that had come in later (RFC 4737, type-P-reordered). */
  readonly reordered: number
  /** Dropped because so much was under way that this program would hold no more. */
  readonly overflowed: number
  readonly inFlightPackets: number
  /** Wait of each packet before its first bit is sent. */
  readonly queueDelay: HistogramSummary
  /** From coming in to going out, as it really was. */
  readonly delay: HistogramSummary
  /** How far from its due moment each packet went out, either way: how true the emulation is. */
  readonly lateness: HistogramSummary
}

/** What may be held at once; many directions can share one. */
export interface ByteBudget {
  /** False, and nothing is taken, where there is not as much left. */
  take(bytes: number): boolean
  give(bytes: number): void
}

/** So many bytes, and no more of the whole than is left there. */
export class Budget implements ByteBudget {
  #left: number
  readonly #whole: ByteBudget | null

  constructor(bytes: number, whole: ByteBudget | null = null) {
    this.#left = bytes
    this.#whole = whole
  }

  take(bytes: number): boolean {
    if (bytes > this.#left || this.#whole?.take(bytes) === false) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
    this.#whole?.give(bytes)
  }
}

interface Flight<T> {
  readonly payload: T
  readonly bytes: number
  readonly number: number
  readonly cameMs: number
}

/** One direction with the packets that are under way in it. It reads no clock: real time drives it as well as simulated time. */
export class EmulatedDirection<T> {
  readonly #model: NetworkModel
  readonly #flights = new DueHeap<Flight<T>>()
  readonly #budget: ByteBudget
  readonly #delay = new Histogram()
  readonly #lateness = new Histogram()
  #now = -Infinity
  #inFlightBytes = 0
  #number = 0
  #highestOut = -1
  #packetsOut = 0
  #bytesOut = 0
  #reordered = 0
  #overflowed = 0

  constructor(settings: NetworkSettings, seed: number, budget: ByteBudget = new Budget(Infinity)) {
    this.#model = new NetworkModel(settings, seed)
    this.#budget = budget
  }

  /** As `NetworkModel.change`. */
  change(settings: NetworkSettings, seed?: number): void {
    this.#model.change(settings, seed)
  }

  /** A packet comes in; `bytes` with its headers. */
  handlePacket(payload: T, bytes: number, now: number): void {
    // A clock that steps back must not send a packet before it came.
    this.#now = Math.max(this.#now, now)
    const number = this.#number++
    for (const dueMs of this.#model.handlePacket(bytes, this.#now)) {
      if (!this.#budget.take(bytes)) {
        this.#overflowed++
        continue
      }
      this.#inFlightBytes += bytes
      this.#flights.add(dueMs, { payload, bytes, number, cameMs: this.#now })
    }
  }

  /** When something is due next; Infinity while nothing is under way. */
  pollTimeout(): number {
    return this.#flights.nextDueMs
  }

  /**
   * The next packet that is due, or null. Up to `earlyMs` before its time counts as due: a timer that ticks in steps is
   * then as often early as late.
   */
  pollPacket(now: number, earlyMs = 0): T | null {
    const due = this.#flights.poll(now + earlyMs)
    if (!due) return null
    const { payload, bytes, number, cameMs } = due.value
    this.#inFlightBytes -= bytes
    this.#budget.give(bytes)
    this.#packetsOut++
    this.#bytesOut += bytes
    if (number < this.#highestOut) this.#reordered++
    this.#highestOut = Math.max(this.#highestOut, number)
    this.#delay.add(now - cameMs)
    this.#lateness.add(Math.abs(now - due.dueMs))
    return payload
  }

  /** What is under way is lost. */
  clear(): void {
    this.#flights.clear()
    this.#budget.give(this.#inFlightBytes)
    this.#inFlightBytes = 0
  }

  get counts(): DirectionCounts {
    return {
      ...this.#model.counts,
      packetsOut: this.#packetsOut,
      bytesOut: this.#bytesOut,
      reordered: this.#reordered,
      overflowed: this.#overflowed,
      inFlightPackets: this.#flights.size,
      queueDelay: this.#model.queueDelay.summary(),
      delay: this.#delay.summary(),
      lateness: this.#lateness.summary(),
    }
  }
}
