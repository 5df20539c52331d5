import type { LabResults, RunResult } from '../results'
import { median } from '../statistics'

import { runsAt } from './cells'
import type { ChartTable } from './chart'
import { comparedCells } from './comparison'
import { markOf } from './marks'
import { amount, duration, MEANS_NAMES, networkTitles, NOTHING } from './words'

/**
 * How far two means agree, and in what they do not: the time until the first packet is the page's, the time from then on
 * the network's and the protocol's. Medians of all runs of a cell; one that was not exact by the deadline counts as slower
 * than every other.
 */
export function agreementTable(first: LabResults, second: LabResults): ChartTable {
  const titles = networkTitles(first.experiment)
  const means = [MEANS_NAMES[first.means], MEANS_NAMES[second.means], 'ratio']
  const under = (measure: string) => means.map((name) => `${measure}: ${name}`)
  return {
    caption: 'Medians by two means, and the second over the first.',
    columns: [
      'Contender, network, picture',
      ...under('Until exact'),
      ...under('Until the first packet').slice(0, 2),
      ...under('From the first packet until exact'),
      ...under('Packets sent').slice(0, 2),
    ],
    rows: comparedCells(first, second).map((cell) => {
      const both = [runsOf(first, cell), runsOf(second, cell)] as const
      const exact = both.map((runs) => median(runs.map(({ times }) => times.exact ?? Infinity)))
      const packet = both.map((runs) => median(runs.map(({ times }) => times.firstPacket ?? Infinity)))
      const rest = both.map((runs) => median(runs.map(restOf)))
      const sent = both.map((runs) => median(runs.flatMap(({ packets }) => packets?.sent ?? [])))
      return {
        head: `${markOf(cell.contender).name}, ${titles.get(cell.network) ?? cell.network}, ${cell.picture}`,
        cells: [
          ...[...exact.map(duration), ratio(exact)],
          ...packet.map(duration),
          ...[...rest.map(duration), ratio(rest)],
          ...sent.map((count) => (Number.isNaN(count) ? NOTHING : amount(count))),
        ],
      }
    }),
  }
}

type Cell = ReturnType<typeof comparedCells>[number]

function runsOf(results: LabResults, cell: Cell): readonly RunResult[] {
  return runsAt(results, cell).filter(({ contender }) => contender === cell.contender)
}

function restOf({ times: { exact, firstPacket } }: RunResult): number {
  return exact === null ? Infinity : exact - (firstPacket ?? 0)
}

function ratio([first = NaN, second = NaN]: readonly number[]): string {
  // Where one never ends there is none.
  return Number.isFinite(first) && Number.isFinite(second) ? (second / first).toFixed(2) : NOTHING
}
