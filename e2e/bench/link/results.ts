import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { formatResults } from '@/lib/lab/results'

import { formatCell, parseCell, TABLE_CELLS } from './cells'
import type { Cell } from './cells'
import { timeByLossChart } from './chart'
import { document } from './markdown'
import { labResults } from './lab-results'
import type { LongRecord } from './measure-long'
import type { ReadyRecord } from './measure-ready'
import { JsonLines, newestSeries } from './records'
import type { Environment, RunRecord } from './records'
import { summarise } from './summary'
import { cellVerdicts, longVerdicts, previewVerdicts, readyVerdicts } from './verdicts'

const CHART = 'time-by-loss.svg'

/** All that is kept in one folder. */
export class Results {
  readonly folder: string
  readonly runs: JsonLines<RunRecord>
  readonly ready: JsonLines<ReadyRecord>
  readonly long: JsonLines<LongRecord>

  constructor(folder: string) {
    this.folder = folder
    this.runs = new JsonLines(folder, 'runs.jsonl')
    this.ready = new JsonLines(folder, 'ready.jsonl')
    this.long = new JsonLines(folder, 'long.jsonl')
  }

  /** Writes bench.json, bench.md, the chart and lab-results.json for the lab's page anew from the records; of each cell or link the newest series counts. */
  render(): string {
    const runs = this.#cells().flatMap((cell) => newestSeries(this.runs.all.filter(isOf(cell))))
    const ready = newestOfEachLink(this.ready.all)
    const long = newestOfEachLink(this.long.all)
    const summaries = this.#cells().map((cell) => summarise(cell, runs))
    const verdicts = [
      ...summaries.flatMap(cellVerdicts),
      ...summaries.flatMap(previewVerdicts),
      ...readyVerdicts(ready),
      ...longVerdicts(long),
    ]
    const environments = distinct([...runs, ...ready, ...long].map(({ environment }) => environment))
    const markdown = document(environments, summaries, verdicts, summaries.length > 0 ? CHART : null)
    if (summaries.length > 0) writeFileSync(join(this.folder, CHART), timeByLossChart(summaries))
    writeFileSync(join(this.folder, 'bench.md'), markdown)
    const lab = labResults(this.#cells(), runs, environments.map(({ build }) => build).join(' '))
    if (lab) writeFileSync(join(this.folder, 'lab-results.json'), formatResults(lab))
    writeFileSync(
      join(this.folder, 'bench.json'),
      `${JSON.stringify({ environments, cells: summaries, verdicts, ready, long }, infinityAsText, 2)}\n`,
    )
    return markdown
  }

  /** The table's first, in its order. */
  #cells(): Cell[] {
    const names = new Set([...TABLE_CELLS.map(formatCell), ...this.runs.all.map(({ cell }) => cell)])
    return [...names]
      .filter((name) => this.runs.all.some(({ cell }) => cell === name))
      .flatMap((name) => parseCell(name) ?? [])
  }
}

function isOf(cell: Cell): (run: RunRecord) => boolean {
  const name = formatCell(cell)
  return (run) => run.cell === name
}

function newestOfEachLink<T extends ReadyRecord | LongRecord>(records: readonly T[]): T[] {
  const links = [...new Set(records.map(({ link }) => link))]
  return links.flatMap((link) => newestSeries(records.filter((record) => record.link === link)))
}

function distinct(environments: readonly Environment[]): Environment[] {
  const found = new Map(environments.map((each) => [`${each.build} ${each.linkTool}`, each]))
  return [...found.values()]
}

function infinityAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
