import { compareResults } from '../compare'
import type { ComparedCell } from '../compare'
import type { LabResults } from '../results'
import type { Interval } from '../statistics'

import type { Timing } from './cells'
import type { ChartSpec, ChartTable } from './chart'
import { mark, markOf } from './marks'
import { rowChart } from './row-chart'
import { durationWithInterval, MEANS_NAMES, networkTitles, NOTHING } from './words'

export const THIS_MARK = mark('These results', '#0072b2', '#5cb8f2', [], 'circle')
export const OTHER_MARK = mark('The other results', '#c95700', '#f0924a', [8, 4], 'square')

export interface ComparedResults {
  /** Null where the means differ: their times never stand in one chart. */
  readonly spec: ChartSpec | null
  readonly table: ChartTable
}

/** Two results, cell by cell; null where they have no cell in common. */
export function comparedResults(first: LabResults, second: LabResults): ComparedResults | null {
  const { sameMeans, cells: all } = compareResults(first, second)
  // A copy that is lossy by design never is exact.
  const cells = all.filter(({ contender }) => contender !== 'rtp')
  if (cells.length === 0) return null
  const titles = networkTitles(first.experiment)
  const rows = cells.map(
    ({ contender, network, picture }) =>
      `${markOf(contender).name}, ${titles.get(network) ?? network}, ${picture}`,
  )
  const table: ChartTable = {
    caption: sameMeans
      ? 'Median time until exact in both results, with 95 % intervals.'
      : `Median time until exact by two means. The ratio says how well ${MEANS_NAMES[first.means].toLowerCase()} and ${MEANS_NAMES[second.means].toLowerCase()} agree, and nothing of the contenders.`,
    columns: [
      'Contender, network, picture',
      sameMeans ? THIS_MARK.name : MEANS_NAMES[first.means],
      sameMeans ? OTHER_MARK.name : MEANS_NAMES[second.means],
      'Ratio, second to first',
    ],
    rows: cells.map((cell, i) => ({
      head: rows[i] ?? '',
      cells: [durationWithInterval(cell.first), durationWithInterval(cell.second), ratioWord(cell.ratio)],
    })),
  }
  if (!sameMeans) return { spec: null, table }
  const spec = rowChart({
    title: 'Time until exact in both results',
    finding: findingOf(cells),
    reading:
      'Points: medians; bars: where 95 of 100 repetitions of the measurement would put them. Where the bars of a row do not meet, the two differ.',
    axis: 'Time until exact',
    rowName: 'Contender, network, picture',
    rows,
    groups: [
      { mark: THIS_MARK, timings: cells.map((cell) => timing(cell.first)) },
      { mark: OTHER_MARK, timings: cells.map((cell) => timing(cell.second)) },
    ],
    deadlineMs: first.experiment.deadlineMs,
  })
  return { spec: { ...spec, table }, table }
}

/** How many runs ended is not said by the comparison: a point is hollow where half or more did not. */
function timing(interval: Interval): Timing | undefined {
  if (Number.isNaN(interval.middle)) return undefined
  return { interval, p95: NaN, ended: Number.isFinite(interval.middle) ? 1 : 0, runs: 1 }
}

function findingOf(cells: readonly ComparedCell[]): string {
  const faster = cells.filter(({ first, second }) => second.high < first.low).length
  const slower = cells.filter(({ first, second }) => second.low > first.high).length
  const same = cells.length - faster - slower
  return `Of ${cells.length} cells the other results are faster in ${faster} and slower in ${slower}; in ${same} the intervals meet.`
}

function ratioWord(ratio: number): string {
  if (Number.isNaN(ratio)) return NOTHING
  return Number.isFinite(ratio) ? ratio.toFixed(2) : 'the second never ends'
}
