import { PSNR_MAX_DB } from '../results'
import type { QualitySample, RunResult } from '../results'
import { median, percentile } from '../statistics'
import type { RunTrace, ShownFrame } from '../traces'

export type Quality = 'ssim' | 'psnrDb'

/** Quality from `ms` on, until the next point. */
export interface QualityPoint {
  readonly ms: number
  readonly low: number
  readonly middle: number
  readonly high: number
}

/** Of 100 runs, 80 are within the band; of fewer than ten all are. */
const BAND = [0.1, 0.9] as const

/** More points than that no screen shows. */
const POINTS_MAX = 400

/** What is on the screen at a time; 0 before there is anything. */
export function qualityAt(samples: readonly QualitySample[], quality: Quality, ms: number): number {
  const sample = samples.findLast((each) => each.ms <= ms)
  return sample ? Math.min(PSNR_MAX_DB, sample[quality]) : 0
}

/** The curve of some runs of one contender, time by time: the median of the runs and the band around it. */
export function qualityCurve(runs: readonly RunResult[], quality: Quality): QualityPoint[] {
  const measured = runs.filter(({ samples }) => samples.length > 0)
  if (measured.length === 0) return []
  const at = new Array<number>(measured.length).fill(0)
  const times = thinned([0, ...measured.flatMap(({ samples }) => samples.map(({ ms }) => ms))])
  return times.map((ms) => {
    const values = measured.map(({ samples }, i) => {
      let next = at[i] ?? 0
      while ((samples[next]?.ms ?? Infinity) <= ms) next++
      at[i] = next
      return Math.min(PSNR_MAX_DB, samples[next - 1]?.[quality] ?? 0)
    })
    const [low, high] = BAND
    return { ms, low: percentile(values, low), middle: median(values), high: percentile(values, high) }
  })
}

/** From when on the median of the runs is at least so good; Infinity: never. */
export function reachedMs(curve: readonly QualityPoint[], value: number): number {
  return curve.find(({ middle }) => middle >= value)?.ms ?? Infinity
}

export function pointAt(curve: readonly QualityPoint[], ms: number): QualityPoint | null {
  return curve.findLast((point) => point.ms <= ms) ?? null
}

/** What was on the screen at a time; null before there was anything. */
export function frameAt({ frames }: RunTrace, ms: number): ShownFrame | null {
  return frames.findLast((frame) => frame.ms <= ms) ?? null
}

function thinned(times: readonly number[]): number[] {
  const sorted = [...new Set(times)].sort((a, b) => a - b)
  if (sorted.length <= POINTS_MAX) return sorted
  const step = (sorted.length - 1) / (POINTS_MAX - 1)
  return Array.from({ length: POINTS_MAX }, (_, i) => sorted[Math.round(i * step)] ?? 0)
}
