/** Delays above this count as this. */
const DELAY_MAX_MS = 2000

/** Counts delays by the millisecond, so that a percentile costs neither memory nor sorting. */
export class DelayHistogram {
  #counts: Uint32Array | null = null
  #total = 0

  add(delayMs: number): void {
    this.#counts ??= new Uint32Array(DELAY_MAX_MS + 1)
    const bin = Math.min(DELAY_MAX_MS, Math.max(0, Math.round(delayMs)))
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1
    this.#total++
  }

  /** The delay that this share of all stays within, ms; null when there was none. */
  percentile(share: number): number | null {
    if (!this.#counts) return null
    let below = 0
    for (let delayMs = 0; delayMs <= DELAY_MAX_MS; delayMs++) {
      below += this.#counts[delayMs] ?? 0
      if (below >= share * this.#total) return delayMs
    }
    return DELAY_MAX_MS
  }
}
