/** `npm run bench:link`: pictures over an emulated link between two hosts; docs/measurements.md says how. */
import { cpus, release } from 'node:os'
import { join, resolve } from 'node:path'

import { linkToolName, whyNoLink } from '@/e2e/link/link'
import { formatLinkSpec } from '@/e2e/link/link-spec'
import { buildWhenNeeded, fingerprintOfSources } from '@/server/bootstrap/pages.mjs'

import { formatCell } from './cells'
import { cellTable, verdictTable } from './markdown'
import { firstLineOf, measureCell } from './measure-cell'
import { measureLong } from './measure-long'
import type { Beside } from './measure-long'
import { measureReady } from './measure-ready'
import type { Place } from './measure-ready'
import { readOptions, USAGE } from './options'
import type { Options } from './options'
import { alternate, keyOf, planRuns } from './plan'
import { isSameSeries } from './records'
import type { Environment, RunRecord } from './records'
import { Results } from './results'
import { summarise } from './summary'
import { cellVerdicts, longVerdicts, previewVerdicts, readyVerdicts } from './verdicts'

const ROOT = join(import.meta.dirname, '../../..')
/** Of the sources' digest, enough to tell two apart. */
const BUILD_DIGITS = 12

/** Says how the command is to be used, which takes more than a line. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const read = readOptions(process.argv.slice(2), process.env)
  if ('error' in read) throw new UsageError(`${read.error}\n\n${USAGE}`)
  const { options } = read
  if (options.help) return say(USAGE)
  if (options.render !== undefined) return say(new Results(resolve(ROOT, options.render)).render())
  const problem = whyNoLink()
  if (problem) throw new Error(problem)
  await buildWhenNeeded(ROOT)
  const bench = new Bench(options)
  if (options.task === 'table') await bench.table()
  else if (options.task === 'ready') await bench.ready()
  else await bench.long(options.task === 'queue' ? ['nothing'] : ['nothing', 'bbr', 'cubic'])
}

/** Makes what is not there yet, and writes the results anew after each link. */
class Bench {
  readonly #options: Options
  readonly #results: Results
  readonly #machine: Pick<Environment, 'build' | 'kernel' | 'cores'>
  readonly #link: { readonly tool: string | undefined; readonly seed: number }
  readonly #series: Pick<Environment, 'build' | 'linkTool'>

  constructor(options: Options) {
    const build = fingerprintOfSources(ROOT).slice(0, BUILD_DIGITS)
    this.#options = options
    this.#results = new Results(resolve(ROOT, options.out))
    this.#machine = { build, kernel: release(), cores: cpus().length }
    this.#link = { tool: options.linkTool, seed: options.seed }
    this.#series = { build, linkTool: linkToolName(this.#link) }
  }

  async table(): Promise<void> {
    const { runs } = this.#results
    for (const cell of this.#options.cells) {
      const name = formatCell(cell)
      const there = (): RunRecord[] => this.#ofSeries(runs.all).filter((run) => run.cell === name)
      const planned = planRuns(this.#options.entries, new Set(there().map(keyOf)))
      say(`${name}: ${planned.length} runs to make, ${there().length} there already`)
      await measureCell(cell, planned, {
        link: this.#link,
        machine: this.#machine,
        onRun: (run) => {
          runs.add(run)
          say(lineOf(run))
        },
      })
      this.#results.render()
      const summary = summarise(cell, there())
      const verdicts = [...cellVerdicts(summary), ...previewVerdicts(summary)]
      say(`\n${cellTable(summary)}\n${verdictTable(verdicts)}`)
    }
  }

  async ready(): Promise<void> {
    const { ready } = this.#results
    for (const link of this.#options.links) {
      const name = formatLinkSpec(link)
      const there = () => this.#ofSeries(ready.all).filter((run) => run.link === name)
      const places: readonly Place[] = ['near', 'far']
      const made = new Set(there().map(({ place, round }) => `${place}/${round}`))
      const planned = alternate(places, this.#options.runs)
        .map(([place, round]) => ({ place, round }))
        .filter(({ place, round }) => !made.has(`${place}/${round}`))
      await measureReady(link, planned, {
        link: this.#link,
        machine: this.#machine,
        onRun: (run) => {
          ready.add(run)
          const msOrNever = (ms: number | null) => (ms === null ? 'never' : `${ms.toFixed(0)} ms`)
          const [load, time] = [run.loadMs, run.readyMs].map(msOrNever)
          say(`  ${name}, ${run.place}: scripts after ${load}, then able to send in ${time}`)
        },
      })
      this.#results.render()
      say(`\n${verdictTable(readyVerdicts(there()))}`)
    }
  }

  async long(besides: readonly Beside[]): Promise<void> {
    const { long } = this.#results
    for (const link of this.#options.links) {
      const name = formatLinkSpec(link)
      const there = () => this.#ofSeries(long.all).filter((run) => run.link === name)
      const made = new Set(there().map(({ beside, round }) => `${beside}/${round}`))
      const planned = alternate(besides, this.#options.runs)
        .map(([beside, round]) => ({ beside, round }))
        .filter(({ beside, round }) => !made.has(`${beside}/${round}`))
      await measureLong(link, planned, {
        link: this.#link,
        machine: this.#machine,
        onRun: (run) => {
          long.add(run)
          say(
            `  ${name}, beside ${run.beside}: Shoal ${megabytes(run.shoalBytes)}, TCP ${megabytes(run.tcpBytes)} in seconds ${run.fromS} to ${run.toS.toFixed(1)}; queueing p95 ${run.queueDelayP95Ms ?? '-'} ms, by probes ${run.probeDelayP95Ms?.toFixed(1) ?? '-'} ms; ${run.ended}`,
          )
        },
      })
      this.#results.render()
      say(`\n${verdictTable(longVerdicts(there()))}`)
    }
  }

  #ofSeries<T extends { readonly environment: Environment }>(records: readonly T[]): T[] {
    return records.filter(({ environment }) => isSameSeries(environment, this.#series))
  }
}

function lineOf({ contender, state, round, outcome, ms, report, lanes }: RunRecord): string {
  const time = ms === null ? outcome : `${ms.toFixed(0)} ms`
  const sent = typeof report?.['packetsSent'] === 'number' ? `, ${report['packetsSent']} packets` : ''
  return `  ${contender}, ${state}, round ${round}: ${time}${sent}${lanes ? `, ${lanes.open} lanes` : ''}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`bench:link: ${error instanceof UsageError ? error.message : firstLineOf(error)}\n`)
  process.exitCode = 1
})
