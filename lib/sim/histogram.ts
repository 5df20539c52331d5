/** Buckets grow by this factor, so a quantile is true to half of that: 2.5 %. */
const GROWTH = 1.05
/** Below this they are of equal width: what is shorter makes no difference, ms. */
const FINE_MS = 0.05
/** The last bucket begins past a minute and takes what is longer. */
const BUCKETS = 290

export interface HistogramSummary {
  readonly count: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** [lower edge in ms, how many], of the buckets that are not empty. */
  readonly buckets: readonly (readonly [number, number])[]
}

/** How often something took how long, in bounded memory: 2.3 KB, however much is added. */
export class Histogram {
  readonly #buckets = new Float64Array(BUCKETS)
  #count = 0
  #sum = 0
  #max = 0

  /** Milliseconds; less than nothing counts as nothing. */
  add(ms: number): void {
    const value = Math.max(0, ms)
    const bucket = Math.min(BUCKETS - 1, Math.floor(Math.log1p(value / FINE_MS) / Math.log(GROWTH)))
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#count++
    this.#sum += value
    this.#max = Math.max(this.#max, value)
  }

  get count(): number {
    return this.#count
  }

  /** The middle of the bucket that holds this share of all; 0 of none. */
  quantile(share: number): number {
    const wanted = share * this.#count
    let seen = 0
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count
      if (count > 0 && seen >= wanted)
        return Math.min(this.#max, (lowerEdge(bucket) + lowerEdge(bucket + 1)) / 2)
    }
    return 0
  }

  summary(): HistogramSummary {
    return {
      count: this.#count,
      meanMs: this.#count > 0 ? this.#sum / this.#count : 0,
      p50Ms: this.quantile(0.5),
      p95Ms: this.quantile(0.95),
      p99Ms: this.quantile(0.99),
      maxMs: this.#max,
      buckets: Array.from(this.#buckets.entries()).flatMap(([bucket, count]) =>
        count > 0 ? [[rounded(lowerEdge(bucket)), count] as const] : [],
      ),
    }
  }
}

function lowerEdge(bucket: number): number {
  return FINE_MS * (GROWTH ** bucket - 1)
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
