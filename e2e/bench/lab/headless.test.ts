import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { compareResults } from '@/lib/lab/compare'
import type { Experiment } from '@/lib/lab/experiment'
import { formatResults, mergeResults, parseResults, qualityArea } from '@/lib/lab/results'
import type { LabResults } from '@/lib/lab/results'
import { verdicts } from '@/lib/lab/verdict'

import { runHeadless } from './headless'
import { SIMULATED } from './simulated'

const TINY: Experiment = {
  version: 1,
  contenders: ['assured', 'repair', 'classic'],
  networks: [{ type: 'preset', name: 'one-in-five' }],
  pictures: [{ name: 'tiny', bytes: 40_000 }],
  repetitions: 6,
  deadlineMs: 20_000,
  seed: 1,
  start: 'cold',
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function made(experiment: Experiment, signal = new AbortController().signal, out = 'out') {
  const experimentFile = join(folder, 'experiment.json')
  writeFileSync(experimentFile, JSON.stringify(experiment))
  const outFolder = join(folder, out)
  const missing = await runHeadless(signal, {
    experimentFile,
    outFolder,
    shoal: 'test',
    bench: SIMULATED,
    say: () => undefined,
  })
  const text = readFileSync(join(outFolder, 'results.json'), 'utf8')
  const results = parseResults(text)
  if (!results) throw new Error('the results cannot be read again')
  return { missing, results, outFolder }
}

test('a tiny experiment is made whole, read again, and says what its runs bear', async () => {
  const { missing, results, outFolder } = await made(TINY)
  expect(missing).toBe(0)
  expect(results.runs).toHaveLength(18)
  const exact = results.runs.filter((run) => run.end === 'exact')
  expect(exact.filter((run) => run.contender !== 'classic')).toHaveLength(12)
  const repaired = exact.filter((run) => run.contender === 'repair')
  expect(repaired.every(({ times }) => (times.firstPreview ?? Infinity) < (times.exact ?? 0))).toBe(true)
  expect(readFileSync(join(outFolder, 'results.csv'), 'utf8').trim().split('\r\n')).toHaveLength(19)
  expect(readFileSync(join(outFolder, 'report.html'), 'utf8')).toContain('<table>')
  const sentences = verdicts(results)[0]?.sentences.join(' ') ?? ''
  expect(sentences).toMatch(
    /Classic lost \d+\.\d % of its packets and never brought the whole picture in 6 runs\./,
  )
  expect(
    compareResults(results, results).cells.every(({ ratio }) => ratio === 1 || Number.isNaN(ratio)),
  ).toBe(true)
})

test('what was made before is kept, and the same runs come out', async () => {
  const whole = await made(TINY)
  const stopped = AbortSignal.abort()
  const none = await made(TINY, stopped, 'pieces')
  expect(none.missing).toBe(18)
  const half: LabResults = { ...whole.results, runs: whole.results.runs.slice(0, 9) }
  writeFileSync(join(none.outFolder, 'results.json'), formatResults(half))
  const resumed = await made(TINY, undefined, 'pieces')
  expect(resumed.results).toEqual(whole.results)
  const rest: LabResults = { ...half, runs: whole.results.runs.slice(9) }
  expect(mergeResults(half, rest)).toEqual(whole.results)
  expect(mergeResults(half, { ...rest, means: 'emulator' })).toBeNull()
})

test('a contender that is not simulated is missing, and is said to be', async () => {
  const { missing, results } = await made({ ...TINY, contenders: ['assured', 'ws'], repetitions: 1 })
  expect(missing).toBe(1)
  expect(results.runs).toHaveLength(1)
})

test('results with runs that their experiment does not have, or of any other kind, are refused', async () => {
  const { results } = await made({ ...TINY, repetitions: 1 })
  const [run] = results.runs
  if (!run) throw new Error('no run')
  for (const file of ['', 'null', '{}', '[1', JSON.stringify({ ...results, version: 2 })])
    expect(parseResults(file)).toBeNull()
  expect(parseResults(formatResults({ ...results, runs: [run, run] }))).toBeNull()
  expect(parseResults(formatResults({ ...results, runs: [{ ...run, seed: run.seed + 1 }] }))).toBeNull()
})

test('the area under a curve is that of its steps, over the deadline', () => {
  const samples = [
    { ms: 500, psnrDb: 20, ssim: 0.5 },
    { ms: 750, psnrDb: 60, ssim: 1 },
  ]
  expect(qualityArea(samples, 1000)).toEqual({ psnrDb: 20, ssim: 0.375 })
  expect(qualityArea(samples, 500)).toEqual({ psnrDb: 0, ssim: 0 })
  expect(qualityArea([], 1000)).toBeNull()
})
