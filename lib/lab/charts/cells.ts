import { Random } from '@/lib/sim/random'

import type { Contender } from '../experiment'
import type { LabResults, RunResult } from '../results'
import { median, medianInterval, percentile } from '../statistics'
import type { Interval } from '../statistics'
import type { RunTrace } from '../traces'

import type { Measure } from './words'

/** One network and one picture of an experiment. */
export interface Place {
  readonly network: string
  readonly picture: string
}

/** The places that have runs, in the order of the experiment. */
export function placesOf({ runs }: LabResults): Place[] {
  const places = new Map(
    runs.map(({ network, picture }) => [
      JSON.stringify([network.label, picture.name]),
      { network: network.label, picture: picture.name },
    ]),
  )
  return [...places.values()]
}

export function runsAt({ runs }: LabResults, { network, picture }: Place): RunResult[] {
  return runs.filter((run) => run.network.label === network && run.picture.name === picture)
}

/** By contender, in the order of the experiment; those without a run are left out. */
export function byContender(
  runs: readonly RunResult[],
  contenders: readonly Contender[],
): (readonly [Contender, readonly RunResult[]])[] {
  return contenders.flatMap((contender) => {
    const own = runs.filter((run) => run.contender === contender)
    return own.length > 0 ? [[contender, own] as const] : []
  })
}

/** The trace of the last run of a contender at a place; null when none was kept. */
export function traceAt(
  results: LabResults,
  traces: ReadonlyMap<string, RunTrace>,
  place: Place,
  contender: Contender,
): { readonly run: RunResult; readonly trace: RunTrace } | null {
  const run = runsAt(results, place).findLast((each) => each.contender === contender && traces.has(each.key))
  const trace = run && traces.get(run.key)
  return trace ? { run, trace } : null
}

/**
 * The times of some runs of one contender: Infinity for a run that did not come so far by the deadline, none at all where
 * this was not measured. A copy that is lossy by design has no time until exact.
 */
export function timesOf(runs: readonly RunResult[], measure: Measure): number[] {
  const wanted = measure === 'exact' ? runs.filter(({ end }) => end !== 'lossy') : runs
  const measured =
    measure === 'exact' ||
    runs.some((run) => run.times[measure] !== null || (measure === 'ssim90' && run.samples.length > 0))
  return measured ? wanted.map((run) => run.times[measure] ?? Infinity) : []
}

/** The median of some runs' times with its interval, and how many there are of which how many came so far. */
export interface Timing {
  readonly interval: Interval
  readonly p95: number
  readonly ended: number
  readonly runs: number
}

export function timingOf(runs: readonly RunResult[], measure: Measure): Timing {
  const times = timesOf(runs, measure)
  return {
    interval: intervalOf(times),
    p95: percentile(times, 0.95),
    ended: times.filter(Number.isFinite).length,
    runs: times.length,
  }
}

const KNOWN_MAX = 4000
const known = new Map<string, Interval>()

/** Remembered by the numbers: while an experiment goes on, a page asks for the same ones after each run. */
function intervalOf(times: readonly number[]): Interval {
  const key = times.join()
  const before = known.get(key)
  if (before) return before
  const random = new Random(1)
  const interval = medianInterval(times, () => random.next())
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(key, interval)
  return interval
}

/** The median of what some runs have; NaN where none has it. */
export function medianOf(
  runs: readonly RunResult[],
  valueOf: (run: RunResult) => number | null | undefined,
): number {
  return median(runs.flatMap((run) => valueOf(run) ?? []))
}
