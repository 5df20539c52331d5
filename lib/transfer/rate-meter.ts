/** The span over which a rate is taken: short enough to follow the link, long enough to read. */
const SPAN_MS = 1000
const SAMPLE_MIN_MS = 50

/** Bytes per second over about the last second, from a running total. */
export class RateMeter {
  readonly #samples: { atMs: number; total: number }[] = []

  sample(total: number, now: number): void {
    const last = this.#samples.at(-1)
    if (last && now - last.atMs < SAMPLE_MIN_MS) return
    this.#samples.push({ atMs: now, total })
    while (this.#samples.length > 2 && now - (this.#samples[1]?.atMs ?? now) >= SPAN_MS) this.#samples.shift()
  }

  /** 0 before two samples, and when nothing moved. */
  bytesPerSecond(): number {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.atMs <= first.atMs) return 0
    return ((last.total - first.total) * 1000) / (last.atMs - first.atMs)
  }
}
