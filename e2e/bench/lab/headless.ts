import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { resultsToCsv } from '@/lib/lab/csv'
import { experimentSchema } from '@/lib/lab/experiment'
import type { Experiment, PlannedRun } from '@/lib/lab/experiment'
import { reportHtml } from '@/lib/lab/report-html'
import { formatResults, parseResults } from '@/lib/lab/results'
import type { LabResults, RunResult } from '@/lib/lab/results'

/** Runs between two savings: a bench that is ended loses no more. */
const SAVE_EVERY = 20

/** What makes the runs. */
export interface HeadlessBench {
  readonly means: LabResults['means']
  /** The browser or runtime that measures. */
  readonly browser: string
  /** Makes what is not in `made`, calling back with each; resolves with what it did not make. */
  readonly make: (
    signal: AbortSignal,
    experiment: Experiment,
    made: LabResults,
    onRun: (result: RunResult) => void,
  ) => Promise<readonly PlannedRun[]>
}

export interface HeadlessOptions {
  readonly experimentFile: string
  /** Made when it is not there; what an earlier run of the same experiment left in it is gone on with. */
  readonly outFolder: string
  readonly shoal: string
  readonly bench: HeadlessBench
  readonly say: (line: string) => void
}

/** Makes an experiment without a person and writes results.json, results.csv and report.html; how many runs are missing. */
export async function runHeadless(signal: AbortSignal, options: HeadlessOptions): Promise<number> {
  const { experimentFile, outFolder, shoal, bench, say } = options
  const experiment = experimentSchema.parse(JSON.parse(readFileSync(experimentFile, 'utf8')))
  mkdirSync(outFolder, { recursive: true })
  const { means, browser } = bench
  const empty: LabResults = {
    format: 'shoal-lab',
    version: 1,
    ...{ means, experiment, shoal, browser, runs: [] },
  }
  const before = madeBefore(join(outFolder, 'results.json'), empty)
  if (before.length > 0) say(`${before.length} runs were made before`)
  const made = [...before]
  const save = () => write(outFolder, 'results.json', formatResults({ ...empty, runs: made }))
  const missing = await bench.make(signal, experiment, { ...empty, runs: [...before] }, (result) => {
    made.push(result)
    if (made.length % SAVE_EVERY !== 0) return
    say(`${made.length} runs`)
    save()
  })
  const results: LabResults = { ...empty, runs: [...made] }
  save()
  write(outFolder, 'results.csv', resultsToCsv(results))
  write(outFolder, 'report.html', reportHtml(results))
  const contenders = [...new Set(missing.map((plan) => plan.contender))]
  say(
    `${made.length} runs made${contenders.length > 0 ? `, ${missing.length} not: ${contenders.join(', ')}` : ''}`,
  )
  return missing.length
}

/** Throws when the folder holds something else: it is not written over. */
function madeBefore(file: string, empty: LabResults): readonly RunResult[] {
  if (!existsSync(file)) return []
  const old = parseResults(readFileSync(file, 'utf8'))
  const fixed = ({ means, shoal, experiment }: LabResults) => JSON.stringify([means, shoal, experiment])
  if (!old || fixed(old) !== fixed(empty)) {
    throw new Error(`${file} has results of something else; name another folder`)
  }
  return old.runs
}

/** Whole or not at all: a bench that is ended in between leaves the older file. */
function write(folder: string, name: string, text: string): void {
  const path = join(folder, name)
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
