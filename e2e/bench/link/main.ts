/** `npm run bench:link`: pictures over an emulated link between two hosts; docs/measurements.md says how. */
import { readFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join, resolve } from 'node:path'

import { whyNoLink } from '@/e2e/link/link'
import { buildWhenNeeded, fingerprintOfSources } from '@/server/bootstrap/pages.mjs'

import { formatCell } from './cells'
import { cellTable } from './markdown'
import { measureCell } from './measure-cell'
import { readOptions, USAGE } from './options'
import type { Options } from './options'
import { keyOf, planRuns } from './plan'
import { Records } from './records'
import type { RunRecord } from './records'
import { summarise } from './summary'

const ROOT = join(import.meta.dirname, '../../..')
const CONGESTION_CONTROL = '/proc/sys/net/ipv4/tcp_congestion_control'

async function main(): Promise<void> {
  const read = readOptions(process.argv.slice(2), process.env)
  if ('error' in read) throw new Error(`${read.error}\n\n${USAGE}`)
  const { options } = read
  if (options.help) return say(USAGE)
  const problem = whyNoLink()
  if (problem) throw new Error(problem)
  await buildWhenNeeded(ROOT)
  await measure(options)
}

async function measure({ cells, entries, out, linkTool, seed }: Options): Promise<void> {
  const records = new Records(resolve(ROOT, out))
  const build = fingerprintOfSources(ROOT).slice(0, 12)
  const environment = {
    build,
    kernel: release(),
    tcp: readFileSync(CONGESTION_CONTROL, 'utf8').trim(),
    cores: cpus().length,
  }
  const ofThisBuild = (): RunRecord[] => records.all.filter((run) => run.environment.build === build)
  for (const cell of cells) {
    const name = formatCell(cell)
    const made = new Set(
      ofThisBuild()
        .filter((run) => run.cell === name)
        .map(keyOf),
    )
    const planned = planRuns(entries, made)
    say(`${name}: ${planned.length} runs to make, ${made.size} there already`)
    await measureCell(cell, planned, {
      link: { tool: linkTool, seed },
      environment,
      onRun: (run) => {
        records.add(run)
        say(lineOf(run))
      },
    })
    say(`\n${cellTable(summarise(cell, ofThisBuild()))}`)
  }
}

function lineOf({ contender, state, round, outcome, ms, report, lanes }: RunRecord): string {
  const time = ms === null ? outcome : `${ms.toFixed(0)} ms`
  const sent = typeof report?.['packetsSent'] === 'number' ? `, ${report['packetsSent']} packets` : ''
  return `  ${contender}, ${state}, round ${round}: ${time}${sent}${lanes ? `, ${lanes.open} lanes` : ''}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`bench:link: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
