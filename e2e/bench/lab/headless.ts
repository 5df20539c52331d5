import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { resultsToCsv } from '@/lib/lab/csv'
import { experimentSchema } from '@/lib/lab/experiment'
import type { Experiment } from '@/lib/lab/experiment'
import { reportHtml } from '@/lib/lab/report-html'
import { formatResults, parseResults } from '@/lib/lab/results'
import type { LabResults, RunResult } from '@/lib/lab/results'
import { makeRuns } from '@/lib/lab/runner'
import { simulateRun } from '@/lib/lab/sim-contenders'

import { raptorqCode } from '../../sim/raptorq-code'

/** Runs between two savings: a bench that is ended loses no more. */
const SAVE_EVERY = 20

export interface HeadlessOptions {
  readonly experimentFile: string
  /** Made when it is not there; what an earlier run of the same experiment left in it is gone on with. */
  readonly outFolder: string
  readonly shoal: string
  readonly say: (line: string) => void
}

/** Makes an experiment on the simulator and writes results.json, results.csv and report.html; how many runs are missing. */
export async function runHeadless(signal: AbortSignal, options: HeadlessOptions): Promise<number> {
  const { experimentFile, outFolder, shoal, say } = options
  const experiment = experimentSchema.parse(JSON.parse(readFileSync(experimentFile, 'utf8')))
  mkdirSync(outFolder, { recursive: true })
  const empty: LabResults = {
    format: 'shoal-lab',
    version: 1,
    means: 'simulator',
    experiment,
    shoal,
    browser: `Node ${process.version}`,
    runs: [],
  }
  const made = [...madeBefore(join(outFolder, 'results.json'), empty)]
  if (made.length > 0) say(`${made.length} runs were made before`)
  const code = raptorqCode()
  const outcome = await makeRuns(signal, {
    experiment,
    made,
    run: (plan) => nextTurn().then(() => simulateRun(plan, experiment, code)),
    onRun: (result, progress) => {
      made.push(result)
      if (progress.made % SAVE_EVERY !== 0) return
      say(`${progress.made} of ${progress.planned}`)
      write(outFolder, 'results.json', formatResults({ ...empty, runs: made }))
    },
  })
  const results: LabResults = { ...empty, runs: [...outcome.runs] }
  write(outFolder, 'results.json', formatResults(results))
  write(outFolder, 'results.csv', resultsToCsv(results))
  write(outFolder, 'report.html', reportHtml(results))
  const contenders = [...new Set(outcome.missing.map((plan) => plan.contender))]
  say(
    `${outcome.runs.length} runs made${contenders.length > 0 ? `, ${outcome.missing.length} not: ${contenders.join(', ')}` : ''}`,
  )
  return outcome.missing.length
}

/** Lets a signal to stop come through. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Throws when the folder holds something else: it is not written over. */
function madeBefore(file: string, empty: LabResults): readonly RunResult[] {
  if (!existsSync(file)) return []
  const old = parseResults(readFileSync(file, 'utf8'))
  const same = (a: Experiment, b: Experiment) => JSON.stringify(a) === JSON.stringify(b)
  if (
    !old ||
    old.means !== empty.means ||
    old.shoal !== empty.shoal ||
    !same(old.experiment, empty.experiment)
  ) {
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
