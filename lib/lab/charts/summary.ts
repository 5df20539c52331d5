import type { Contender } from '../experiment'
import type { LabResults, RunResult } from '../results'
import { shareInterval } from '../statistics'

import { byContender, medianOf, runsAt, timingOf } from './cells'
import type { Place } from './cells'
import type { ChartRow, ChartTable } from './chart'
import { markOf } from './marks'
import { qualityWord } from './quality-chart'
import {
  amount,
  duration,
  durationWithInterval,
  MEASURE_WORDS,
  networkTitles,
  NOTHING,
  percent,
  rate,
} from './words'
import type { Measure } from './words'

type Measured = readonly [head: string, note: string, cellOf: (runs: readonly RunResult[]) => string]

const ROWS: readonly Measured[] = [
  [
    'Ended exact',
    'Runs that brought every byte by the deadline, with a 95 % interval of the share.',
    success,
  ],
  timed('firstPacket'),
  timed('firstPreview'),
  timed('ssim90'),
  timed('exact'),
  [
    '95th percentile until exact',
    'Of 100 runs 95 took at most so long.',
    (runs) => duration(timingOf(runs, 'exact').p95),
  ],
  [
    'SSIM over time',
    'The mean from the send to the deadline; 1: the whole picture at once.',
    (runs) =>
      orNothing(
        medianOf(runs, ({ area }) => area?.ssim),
        (value) => value.toFixed(3),
      ),
  ],
  [
    'PSNR over time',
    'The mean from the send to the deadline, in decibels.',
    (runs) =>
      orNothing(
        medianOf(runs, ({ area }) => area?.psnrDb),
        (value) => qualityWord('psnrDb', value),
      ),
  ],
  [
    'Overhead',
    'Bytes sent for each byte of the picture.',
    (runs) =>
      orNothing(
        medianOf(runs, ({ overheadRatio }) => overheadRatio),
        (value) => value.toFixed(2),
      ),
  ],
  [
    'Goodput',
    'Bytes of the picture that arrive in a second.',
    (runs) =>
      orNothing(
        medianOf(runs, (run) => run.goodputBytesPerSecond),
        rate,
      ),
  ],
  [
    'Queueing delay',
    'How long packets wait in the queue of the link: 95 of 100 at most so long.',
    (runs) => duration(medianOf(runs, ({ queueDelayMsP95 }) => queueDelayMsP95)),
  ],
  [
    'Long tasks',
    'How often the page could not answer for 50 ms or more, and for how long together.',
    longTasks,
  ],
  [
    'Packets lost',
    'Of the data packets that the contender itself counts.',
    (runs) => lostOf(runs.flatMap(({ packets }) => packets ?? [])),
  ],
  [
    'Packets recovered',
    'Rebuilt by the erasure code without being sent again; median.',
    (runs) =>
      orNothing(
        medianOf(runs, ({ packets }) => packets?.recovered),
        amount,
      ),
  ],
  [
    'Link, forth',
    'What the link itself counted on the way of the picture: lost of all packets.',
    (runs) => lostOf(runs.flatMap(({ link }) => link?.forth ?? [])),
  ],
  [
    'Link, back',
    'The same on the way of the answers.',
    (runs) => lostOf(runs.flatMap(({ link }) => link?.back ?? [])),
  ],
]

/** All measures at one place: a row for each, a column for each contender. */
export function summaryTable(
  results: LabResults,
  place: Place,
  contenders: readonly Contender[],
): ChartTable | null {
  const groups = byContender(runsAt(results, place), contenders)
  if (groups.length === 0) return null
  const network = networkTitles(results.experiment).get(place.network) ?? place.network
  const rows = ROWS.map(([head, note, cellOf]): ChartRow => ({
    head,
    note,
    cells: groups.map(([, runs]) => cellOf(runs)),
  }))
  return {
    caption: `All measures: ${network}, ${place.picture}. Medians of the runs; in brackets 95 % intervals.`,
    columns: ['Measure', ...groups.map(([contender]) => markOf(contender).name)],
    rows: rows.filter(({ cells }) => cells.some((cell) => cell !== NOTHING)),
  }
}

function timed(measure: Measure): Measured {
  const { name, note } = MEASURE_WORDS[measure]
  return [name, note, (runs) => durationWithInterval(timingOf(runs, measure).interval)]
}

function success(runs: readonly RunResult[]): string {
  const exact = runs.filter(({ end }) => end === 'exact').length
  if (runs.every(({ end }) => end === 'lossy')) return 'a lossy copy by design'
  const { low, high } = shareInterval(exact, runs.length)
  return `${exact} of ${runs.length} (${percent(low)} to ${percent(high)})`
}

function longTasks(runs: readonly RunResult[]): string {
  const count = medianOf(runs, (run) => run.longTasks?.count)
  if (Number.isNaN(count)) return NOTHING
  return `${amount(count)} (${duration(medianOf(runs, (run) => run.longTasks?.totalMs))})`
}

function lostOf(counts: readonly { readonly sent: number; readonly lost: number }[]): string {
  const sent = counts.reduce((sum, each) => sum + each.sent, 0)
  const lost = counts.reduce((sum, each) => sum + each.lost, 0)
  return sent === 0 ? NOTHING : `${amount(lost)} of ${amount(sent)} (${percent(lost / sent)})`
}

function orNothing(value: number, wordOf: (value: number) => string): string {
  return Number.isNaN(value) ? NOTHING : wordOf(value)
}
