import { spanMs, toTenths } from '../packet/symbol'

/** The least delay is forgotten after 5 to 10 s, so that a route that got longer does not look like a queue for ever. */
const BASE_SPAN_MS = 5000

/** Queueing delay of one path as its receiver sees it: one-way delay above the least of the last seconds. */
export class PathMeter {
  #base = Infinity
  #olderBase = Infinity
  #baseSince = -Infinity
  #leastSince = Infinity
  #echoTenths = 0
  #echoAt = -Infinity

  /** Takes one packet in; returns its queueing delay as far as the least delay is known, ms. */
  handle(sentAtTenths: number, now: number): number {
    // The clocks differ by an unknown constant, which the least delay has in it as well.
    const delayMs = spanMs(sentAtTenths, toTenths(now))
    if (now - this.#baseSince >= BASE_SPAN_MS) {
      this.#olderBase = this.#base
      this.#base = delayMs
      this.#baseSince = now
    }
    this.#base = Math.min(this.#base, delayMs)
    this.#leastSince = Math.min(this.#leastSince, delayMs)
    this.#echoTenths = sentAtTenths
    this.#echoAt = now
    return delayMs - Math.min(this.#base, this.#olderBase)
  }

  /** What a feedback says of the path; begins a new interval. */
  read(now: number): {
    queueDelayTenths: number
    echoTenths: number
    holdTenths: number
    receiverTenths: number
  } {
    const base = Math.min(this.#base, this.#olderBase)
    const least = this.#leastSince
    this.#leastSince = Infinity
    return {
      queueDelayTenths: Number.isFinite(least) ? Math.round((least - base) * 10) : 0,
      echoTenths: this.#echoTenths,
      holdTenths: Math.round((now - this.#echoAt) * 10),
      receiverTenths: toTenths(now),
    }
  }
}
