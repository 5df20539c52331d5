import { CONTROL_RETRY_MAX_MS, CONTROL_RETRY_MIN_MS } from './constants'

const BACKOFF_FACTOR = 1.5

/** When to repeat an unanswered control packet: at once slow enough for most paths, then slower to a bound. */
export class RetryTimer {
  #dueMs: number | null = null
  #intervalMs = CONTROL_RETRY_MIN_MS

  get dueMs(): number | null {
    return this.#dueMs
  }

  start(now: number, firstMs = CONTROL_RETRY_MIN_MS): void {
    this.#intervalMs = firstMs
    this.#dueMs = now + this.#intervalMs
  }

  stop(): void {
    this.#dueMs = null
  }

  /** The other side is at work: wait from now on again, at the pace reached. */
  postpone(now: number): void {
    if (this.#dueMs !== null) this.#dueMs = now + this.#intervalMs
  }

  /** The way to the other side has just opened: what waits goes out now, and soon again. */
  hasten(now: number): void {
    if (this.#dueMs === null) return
    this.#intervalMs = CONTROL_RETRY_MIN_MS
    this.#dueMs = now
  }

  /** True when it is time to repeat; the next time is then set. */
  handleTimeout(now: number): boolean {
    if (this.#dueMs === null || now < this.#dueMs) return false
    this.#intervalMs = Math.min(this.#intervalMs * BACKOFF_FACTOR, CONTROL_RETRY_MAX_MS)
    this.#dueMs = now + this.#intervalMs
    return true
  }
}

/** The earliest of some times, null for never. */
export function earliest(...times: readonly (number | null)[]): number | null {
  let first: number | null = null
  for (const time of times) if (time !== null && (first === null || time < first)) first = time
  return first
}
