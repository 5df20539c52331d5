/** The middle of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2
}

/** The least of the values that at least this share (0 to 1) of them does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

/** An estimate, and where 95 of 100 repetitions of the measurement would put it. */
export interface Interval {
  readonly low: number
  /** The middle of the repetitions. */
  readonly middle: number
  readonly high: number
}

const REPETITIONS = 2000

/**
 * The ratio of two medians that were measured in pairs, by the bootstrap: pairs are drawn with replacement, as many as
 * there are, and each draw gives a ratio (Efron, percentile interval). Infinity stands for a run that did not end; a
 * draw in which both medians are infinite says nothing and is left out. NaN without pairs.
 */
export function pairedRatio(pairs: readonly (readonly [number, number])[], random: () => number): Interval {
  const ratios: number[] = []
  const owns = new Drawing(pairs.map(([own]) => own))
  const others = new Drawing(pairs.map(([, other]) => other))
  for (let i = 0; i < REPETITIONS; i++) {
    for (let drawn = 0; drawn < pairs.length; drawn++) {
      const index = Math.floor(random() * pairs.length)
      owns.draw(index)
      others.draw(index)
    }
    const ratio = owns.takeMedian() / others.takeMedian()
    if (!Number.isNaN(ratio)) ratios.push(ratio)
  }
  return { low: percentile(ratios, 0.025), middle: median(ratios), high: percentile(ratios, 0.975) }
}

/** A median, and by the bootstrap where 95 of 100 repetitions would put it; NaN of none. */
export function medianInterval(values: readonly number[], random: () => number): Interval {
  const drawing = new Drawing(values)
  const medians = Array.from({ length: values.length === 0 ? 0 : REPETITIONS }, () => {
    for (let drawn = 0; drawn < values.length; drawn++) drawing.draw(Math.floor(random() * values.length))
    return drawing.takeMedian()
  })
  return { low: percentile(medians, 0.025), middle: median(values), high: percentile(medians, 0.975) }
}

/** Standard deviations to either side that hold 95 of 100. */
const Z = 1.959964

/** A share of successes with Wilson's score interval (1927), which holds for few runs and for none or all; NaN of none. */
export function shareInterval(successes: number, runs: number): Interval {
  const share = successes / runs
  const scale = 1 + (Z * Z) / runs
  const centre = (share + (Z * Z) / (2 * runs)) / scale
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / runs + (Z * Z) / (4 * runs * runs))
  return { low: Math.max(0, centre - half), middle: share, high: Math.min(1, centre + half) }
}

/**
 * Values drawn with replacement, and their median. They are sorted once and then counted: to sort each draw of some
 * hundred runs would hold up a page for seconds.
 */
class Drawing {
  readonly #sorted: readonly number[]
  /** Where each value is among the sorted. */
  readonly #ranks: Uint32Array
  readonly #counts: Uint32Array
  #drawn = 0

  constructor(values: readonly number[]) {
    const order = values
      .map((value, index) => ({ value, index }))
      .sort((a, b) => (a.value === b.value ? 0 : a.value < b.value ? -1 : 1))
    this.#sorted = order.map(({ value }) => value)
    this.#counts = new Uint32Array(values.length)
    this.#ranks = new Uint32Array(values.length)
    order.forEach(({ index }, rank) => (this.#ranks[index] = rank))
  }

  draw(index: number): void {
    const rank = this.#ranks[index] ?? 0
    this.#counts[rank] = (this.#counts[rank] ?? 0) + 1
    this.#drawn++
  }

  /** Of what was drawn since the last time; NaN of none. */
  takeMedian(): number {
    const lower = (this.#drawn - 1) >> 1
    const upper = this.#drawn >> 1
    let below = 0
    let sum = 0
    for (let rank = 0; rank < this.#counts.length && below <= upper; rank++) {
      const value = this.#sorted[rank] ?? NaN
      const next = below + (this.#counts[rank] ?? 0)
      if (below <= lower && lower < next) sum += value
      if (below <= upper && upper < next) sum += value
      below = next
    }
    const median = this.#drawn === 0 ? NaN : sum / 2
    this.#counts.fill(0)
    this.#drawn = 0
    return median
  }
}
