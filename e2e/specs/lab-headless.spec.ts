import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from '@/e2e/fixtures/test'
import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import type { Experiment } from '@/lib/lab/experiment'
import { plannedRuns } from '@/lib/lab/experiment'
import { parseResults } from '@/lib/lab/results'

const SWEPT: Experiment = {
  version: 1,
  contenders: ['assured-1'],
  networks: [
    { type: 'sweep', base: 'lte', over: { parameter: 'lossPercent', values: [0, 10] } },
    {
      type: 'matrix',
      base: 'home-wifi',
      over: { parameter: 'oneWayMs', values: [5, 20] },
      and: { parameter: 'lossPercent', values: [0, 10] },
    },
  ],
  pictures: [{ name: BUILT_IN_PICTURE.name, bytes: BUILT_IN_PICTURE.bytes }],
  repetitions: 1,
  deadlineMs: 15_000,
  seed: 5,
  start: 'cold',
}

test('without a person a sweep and a matrix are made over the emulator, in pieces where it is stopped', async () => {
  // Its runs are in real time, over connections that have to be made first.
  test.setTimeout(180_000)
  const [file, out] = [test.info().outputPath('experiment.json'), test.info().outputPath('out')]
  writeFileSync(file, JSON.stringify(SWEPT))
  const made = await lab('--experiment', file, '--out', out)
  expect(made.output).toContain('6 runs made')
  expect(made.code).toBe(0)

  const read = (name: string) => readFileSync(join(out, name), 'utf8')
  const results = parseResults(read('results.json'))
  expect(results?.means).toBe('emulator')
  const runs = results?.runs ?? []
  expect(runs.map(({ key }) => key)).toEqual(plannedRuns(SWEPT).map(({ key }) => key))
  for (const { end, network, link, samples } of runs) {
    expect(end).toBe('exact')
    expect(samples.at(-1)?.ssim).toBe(1)
    if (network.settings.lossPercent > 0) expect(link?.forth.lost).toBeGreaterThan(0)
  }
  expect(read('results.csv').trim().split('\r\n')).toHaveLength(7)
  expect(read('report.html')).toContain('<table>')

  // What is there is not made again; what is missing is.
  writeFileSync(join(out, 'results.json'), JSON.stringify({ ...results, runs: runs.slice(0, 5) }))
  const resumed = await lab('--experiment', file, '--out', out)
  expect(resumed.code).toBe(0)
  expect(resumed.output).toContain('5 runs were made before')
  expect(parseResults(read('results.json'))?.runs.slice(0, 5)).toEqual(runs.slice(0, 5))
})

/** `npm run lab -- ARGS`, and what it wrote. */
async function lab(...args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ['server/bootstrap/lab.mjs', ...args], { stdio: 'pipe' })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, output }
}
