/** So many a second in the long run, and so many at once after a pause. */
export class TokenBucket {
  readonly #perMs: number
  readonly #most: number
  #level: number
  #atMs: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1000
    this.#most = burst
    this.#level = burst
    this.#atMs = nowMs
  }

  take(nowMs: number, count = 1): boolean {
    const passed = Math.max(0, nowMs - this.#atMs)
    this.#level = Math.min(this.#most, this.#level + passed * this.#perMs)
    this.#atMs = Math.max(this.#atMs, nowMs)
    if (this.#level < count) return false
    this.#level -= count
    return true
  }
}
