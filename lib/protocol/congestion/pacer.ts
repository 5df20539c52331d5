/**
 * Tokens that may pile up while a timer is late: a busy page wakes up every 16 ms or so, a page on a slow device every
 * 30, and what was not sent by then must be caught up with; more would be a burst that fills a queue.
 */
const CATCH_UP_MS = 32
/** Short sleeps cost more processor time than the packets they space out. */
const SLEEP_MIN_MS = 2

/** A token bucket: spreads packets over time at a rate that may change at any moment. */
export class Pacer {
  #tokens = 0
  #updatedAt: number | null = null

  maySend(bytes: number, rateBytesPerMs: number, now: number): boolean {
    this.#refill(bytes, rateBytesPerMs, now)
    return this.#tokens >= bytes
  }

  handleSent(bytes: number): void {
    this.#tokens -= bytes
  }

  nextSendAt(bytes: number, rateBytesPerMs: number): number {
    const from = this.#updatedAt ?? -Infinity
    if (this.#tokens >= bytes) return from
    return from + Math.max(SLEEP_MIN_MS, (bytes - this.#tokens) / rateBytesPerMs)
  }

  #refill(bytes: number, rateBytesPerMs: number, now: number): void {
    const most = Math.max(4 * bytes, rateBytesPerMs * CATCH_UP_MS + bytes)
    // The first packet of all leaves at once, and a little company with it.
    if (this.#updatedAt === null) this.#tokens = 4 * bytes
    else this.#tokens = Math.min(most, this.#tokens + (now - this.#updatedAt) * rateBytesPerMs)
    this.#updatedAt = now
  }
}
