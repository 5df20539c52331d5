import { ShoalError } from '@/lib/protocol/errors'

import { plannedRuns } from './experiment'
import type { Experiment, PlannedRun } from './experiment'
import type { RunResult } from './results'

/** A connection that did not come up says nothing of a picture: it is made anew, so often in all. */
const CONNECTING_MAX = 3

export interface RunnerOptions {
  readonly experiment: Experiment
  /** Makes one run; null when this bench cannot measure that contender. */
  readonly run: (plan: PlannedRun, signal: AbortSignal) => Promise<RunResult | null>
  /** Runs that were made before: they are not made again. */
  readonly made?: readonly RunResult[]
  readonly onRun?: (result: RunResult, progress: RunnerProgress) => void
}

export interface RunnerProgress {
  readonly made: number
  readonly planned: number
}

export interface RunnerOutcome {
  /** In the order planned. */
  readonly runs: readonly RunResult[]
  /** What was not made: the bench could not, no connection came up, or it was stopped. */
  readonly missing: readonly PlannedRun[]
}

/** Makes the runs of an experiment one after the other; when stopped, what was made is kept. */
export async function makeRuns(signal: AbortSignal, options: RunnerOptions): Promise<RunnerOutcome> {
  const { experiment, run, made = [], onRun } = options
  const plans = plannedRuns(experiment)
  const results = new Map(made.map((result) => [result.key, result]))
  for (const plan of plans) {
    if (signal.aborted) break
    if (results.has(plan.key)) continue
    const result = await unlessStopped(
      signal,
      connecting(() => run(plan, signal)),
    )
    if (!result) continue
    results.set(plan.key, result)
    onRun?.(result, { made: results.size, planned: plans.length })
  }
  return {
    runs: plans.flatMap(({ key }) => results.get(key) ?? []),
    missing: plans.filter(({ key }) => !results.has(key)),
  }
}

/** A run that fails because it was stopped is one that was not made. */
async function unlessStopped<T>(signal: AbortSignal, running: Promise<T>): Promise<T | null> {
  try {
    return await running
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

async function connecting<T>(run: () => Promise<T>): Promise<T | null> {
  for (let attempt = 0; attempt < CONNECTING_MAX; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof ShoalError) || error.code !== 'SHOAL_LAB_NOT_CONNECTED') throw error
    }
  }
  return null
}
