import { compareResults } from '../compare'
import type { ComparedCell } from '../compare'
import type { LabResults } from '../results'

import { runsAt, timingOf } from './cells'
import type { Place, Timing } from './cells'
import type { ChartSpec, ChartTable } from './chart'
import { mark, markOf } from './marks'
import { rowChart } from './row-chart'
import { durationWithInterval, networkTitles, NOTHING } from './words'

export const THIS_MARK = mark('These results', '#0072b2', '#5cb8f2', [], 'circle')
export const OTHER_MARK = mark('The other results', '#c95700', '#f0924a', [8, 4], 'square')

/** Cells that both results have; a copy that is lossy by design never is exact, so it is left out. */
export function comparedCells(first: LabResults, second: LabResults): ComparedCell[] {
  return compareResults(first, second).cells.filter(({ contender }) => contender !== 'rtp')
}

/** Every cell of two results of the same means; `agreementTable` is for others. */
export function comparisonTable(first: LabResults, cells: readonly ComparedCell[]): ChartTable {
  const titles = networkTitles(first.experiment)
  return {
    caption: 'Median time until exact in both results, with 95 % intervals.',
    columns: ['Contender, network, picture', THIS_MARK.name, OTHER_MARK.name, 'Ratio, second to first'],
    rows: cells.map((cell) => ({
      head: `${markOf(cell.contender).name}, ${titles.get(cell.network) ?? cell.network}, ${cell.picture}`,
      cells: [durationWithInterval(cell.first), durationWithInterval(cell.second), ratioWord(cell.ratio)],
    })),
  }
}

/** Both results at one place; null where their means differ, whose times never stand in one chart, or without cells. */
export function comparisonChart(
  first: LabResults,
  second: LabResults,
  { cells, place }: { readonly cells: readonly ComparedCell[]; readonly place: Place },
): ChartSpec | null {
  const own = cells.filter(({ network, picture }) => network === place.network && picture === place.picture)
  if (first.means !== second.means || own.length === 0) return null
  const timings = own.map((cell) => timingsOf(first, second, cell))
  const network = networkTitles(first.experiment).get(place.network) ?? place.network
  return rowChart({
    title: `Time until exact in both results: ${network}, ${place.picture}`,
    finding: findingOf(own),
    reading:
      'Points: medians; bars: where 95 of 100 repetitions of the measurement would put them. Where the bars of a row do not meet, the two differ.',
    axis: 'Time until exact',
    rowName: 'Contender',
    rows: own.map(({ contender }) => markOf(contender).name),
    groups: [
      { mark: THIS_MARK, timings: timings.map(([ours]) => ours) },
      { mark: OTHER_MARK, timings: timings.map(([, theirs]) => theirs) },
    ],
    deadlineMs: first.experiment.deadlineMs,
  })
}

/** The cell in the first results by its names, and in the second by what these stand for there. */
function timingsOf(first: LabResults, second: LabResults, cell: ComparedCell): readonly [Timing, Timing] {
  const own = runsAt(first, cell).filter(({ contender }) => contender === cell.contender)
  const link = JSON.stringify(own[0]?.network.settings)
  const theirs = second.runs.filter(
    ({ contender, network, picture }) =>
      contender === cell.contender &&
      picture.bytes === own[0]?.picture.bytes &&
      JSON.stringify(network.settings) === link,
  )
  return [timingOf(own, 'exact'), timingOf(theirs, 'exact')]
}

function findingOf(cells: readonly ComparedCell[]): string {
  const namesOf = (chosen: readonly ComparedCell[]) =>
    chosen.map(({ contender }) => markOf(contender).name).join(', ') || 'none'
  const faster = cells.filter(({ first, second }) => second.high < first.low)
  const slower = cells.filter(({ first, second }) => second.low > first.high)
  return `Faster in the other results: ${namesOf(faster)}; slower: ${namesOf(slower)}; of all the rest the intervals meet.`
}

function ratioWord(ratio: number): string {
  if (Number.isNaN(ratio)) return NOTHING
  return Number.isFinite(ratio) ? ratio.toFixed(2) : 'the second never ends'
}
