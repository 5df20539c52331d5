import { linksOf } from '../experiment'
import type { Contender } from '../experiment'
import type { LabResults } from '../results'

import { byContender, runsAt, timingOf } from './cells'
import type { ChartSpec } from './chart'
import { markOf } from './marks'
import { rowChart } from './row-chart'
import type { RowGroup } from './row-chart'
import { duration, MEASURE_WORDS, networkTitles } from './words'
import type { Measure } from './words'

/** A time on each network that is neither of a sweep nor of a matrix; null where there is none with runs. */
export function networkChart(
  results: LabResults,
  options: { picture: string; measure: Measure; contenders: readonly Contender[] },
): ChartSpec | null {
  const { picture, measure, contenders } = options
  const { experiment } = results
  const titles = networkTitles(experiment)
  const single = experiment.networks.filter(({ type }) => type === 'preset' || type === 'settings')
  const rows = single
    .flatMap(linksOf)
    .map(({ label }) => ({
      name: titles.get(label) ?? label,
      groups: new Map(byContender(runsAt(results, { network: label, picture }), contenders)),
    }))
    .filter(({ groups }) => groups.size > 0)
  const groups = contenders
    .map((contender): RowGroup => ({
      mark: markOf(contender),
      timings: rows.map((row) => {
        const runs = row.groups.get(contender)
        const timing = runs && timingOf(runs, measure)
        return timing && timing.runs > 0 ? timing : undefined
      }),
    }))
    .filter(({ timings }) => timings.some((timing) => timing !== undefined))
  if (groups.length === 0) return null
  const { name, note } = MEASURE_WORDS[measure]
  return rowChart({
    title: `${name} by network: ${picture}`,
    finding: findingOf(
      rows.map((row) => row.name),
      groups,
    ),
    reading: `${note} Points: medians; bars: where 95 of 100 repetitions of the measurement would put them. A hollow point: some of its runs never came so far.`,
    axis: name,
    rowName: 'Network',
    rows: rows.map((row) => row.name),
    groups,
    deadlineMs: experiment.deadlineMs,
  })
}

/** The network on which the slowest of those that end takes the most times as long as the fastest. */
function findingOf(rows: readonly string[], groups: readonly RowGroup[]): string {
  const spreads = rows.map((_, row) => {
    const medians = groups
      .flatMap(({ timings }) => timings[row]?.interval.middle ?? [])
      .filter(Number.isFinite)
    return medians.length > 0 ? Math.max(...medians) / Math.min(...medians) : 0
  })
  const row = spreads.indexOf(Math.max(...spreads))
  const words = groups.flatMap(({ mark, timings }) => {
    const timing = timings[row]
    return timing ? [`${mark.name} ${duration(timing.interval.middle)}`] : []
  })
  const where = rows[row] ?? ''
  return words.length > 1
    ? `They differ most on ${where}; the medians there are: ${words.join(', ')}.`
    : `On ${where} the median is: ${words.join('')}.`
}
