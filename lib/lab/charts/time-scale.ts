import type { Timing } from './cells'
import { axisLook } from './chart'
import type { ChartLook } from './chart'
import { axisDuration } from './words'

/** Where times differ by more than this, the axis is logarithmic: the small ones would lie on each other. */
const LOG_FROM_RATIO = 15

/** An axis for times some of which may never come. */
export interface TimeScale {
  readonly log: boolean
  readonly min: number
  readonly max: number
  /** Where "never" is drawn, past the deadline; null where all came. */
  readonly neverMs: number | null
  readonly deadlineMs: number
}

export function timeScale(timings: readonly Timing[], deadlineMs: number): TimeScale {
  const values = timings.flatMap(({ interval }) => [interval.low, interval.middle, interval.high])
  const finite = values.filter((value) => Number.isFinite(value))
  const never = values.some((value) => value === Infinity)
  const high = never ? deadlineMs : Math.max(1, ...finite)
  const low = Math.max(0.1, Math.min(high, ...finite))
  const log = high / low > LOG_FROM_RATIO
  return {
    log,
    min: log ? floorOf(low) : 0,
    max: never ? deadlineMs * (log ? 2.2 : 1.18) : log ? high * 1.2 : niceAbove(high * 1.03),
    neverMs: never ? deadlineMs * (log ? 1.5 : 1.09) : null,
    deadlineMs,
  }
}

/** Where a time is drawn. */
export function placeOf(ms: number, { neverMs, max }: TimeScale): number {
  return Number.isFinite(ms) ? ms : (neverMs ?? max)
}

/** The axis as the chart library has it. */
export function timeAxis(scale: TimeScale, look: ChartLook, name: string) {
  const common = axisLook(look, '')
  return {
    ...common,
    type: scale.log ? ('log' as const) : ('value' as const),
    name: `${name}${scale.log ? ' (logarithmic)' : ''}`,
    min: scale.min,
    max: scale.max,
    axisLabel: {
      ...common.axisLabel,
      formatter: (ms: number) => (scale.neverMs !== null && ms > scale.deadlineMs ? '' : axisDuration(ms)),
    },
  }
}

/** 1, 2 or 5 times a power of ten, at most the value. */
function floorOf(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([5, 2, 1].find((digit) => digit * power <= value) ?? 1) * power
}

/** A round number that is at least the value. */
export function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((digit) => digit * power >= value) ?? 10) * power
}
