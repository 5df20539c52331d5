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
  for (let i = 0; i < REPETITIONS; i++) {
    const drawn = pairs.map((pair) => pairs[Math.floor(random() * pairs.length)] ?? pair)
    const ratio = median(drawn.map(([own]) => own)) / median(drawn.map(([, other]) => other))
    if (!Number.isNaN(ratio)) ratios.push(ratio)
  }
  return { low: percentile(ratios, 0.025), middle: median(ratios), high: percentile(ratios, 0.975) }
}

/** A median, and by the bootstrap where 95 of 100 repetitions would put it; NaN of none. */
export function medianInterval(values: readonly number[], random: () => number): Interval {
  const medians = Array.from({ length: values.length === 0 ? 0 : REPETITIONS }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)] ?? NaN)),
  )
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
