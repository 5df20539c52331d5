import { linksOf } from '../experiment'
import type { Contender, Network } from '../experiment'
import type { LabResults } from '../results'

import { byContender, runsAt, timingOf } from './cells'
import type { Timing } from './cells'
import { axisLook, frame, room } from './chart'
import type { ChartLook, ChartSpec, SeriesOption } from './chart'
import { lineLook, markOf, pointLook } from './marks'
import { limitLine, whiskers } from './shapes'
import { placeOf, timeAxis, timeScale } from './time-scale'
import { timingCells, timingColumns, timingWord } from './timing-words'
import { axisDuration, baseName, duration, MEASURE_WORDS, parameterName, parameterValue } from './words'
import type { Measure } from './words'

export type Sweep = Extract<Network, { type: 'sweep' }>

interface Point {
  /** Of the parameter. */
  readonly value: number
  readonly timing: Timing
}

/** Contenders stand side by side: as a share of the axis. */
const SIDE_STEP = 0.007
const LOG_FROM_RATIO = 100

/** A time against the parameter of a sweep; null without runs. */
export function sweepChart(
  results: LabResults,
  sweep: Sweep,
  options: { picture: string; measure: Measure; contenders: readonly Contender[] },
): ChartSpec | null {
  const { picture, measure, contenders } = options
  const { parameter, values } = sweep.over
  const lines = new Map<Contender, Point[]>()
  linksOf(sweep).forEach(({ label }, i) => {
    for (const [contender, runs] of byContender(runsAt(results, { network: label, picture }), contenders)) {
      const timing = timingOf(runs, measure)
      if (timing.runs > 0)
        lines.set(contender, [...(lines.get(contender) ?? []), { value: values[i] ?? 0, timing }])
    }
  })
  const groups = contenders.flatMap((contender) => {
    const points = lines.get(contender)
    return points ? [{ contender, points: points.sort((a, b) => a.value - b.value) }] : []
  })
  if (groups.length === 0) return null

  const { name, note } = MEASURE_WORDS[measure]
  const title = `${name} against ${parameterName(parameter).split(',')[0]?.toLowerCase() ?? ''}: ${baseName(sweep.base)}, ${picture}`
  const marks = groups.map(({ contender }) => markOf(contender))
  const scale = timeScale(
    groups.flatMap(({ points }) => points.map(({ timing }) => timing)),
    results.experiment.deadlineMs,
  )
  const along = alongOf(values)

  const series = (look: ChartLook): SeriesOption[] =>
    groups.flatMap(({ contender, points }, i): SeriesOption[] => {
      const mark = markOf(contender)
      const at = (value: number) => along.shifted(value, (i - (groups.length - 1) / 2) * SIDE_STEP)
      return [
        whiskers(
          mark,
          look,
          points.map(({ value, timing: { interval } }) => ({
            at: at(value),
            low: placeOf(interval.low, scale),
            high: placeOf(interval.high, scale),
          })),
          { lying: false },
        ),
        {
          type: 'line',
          name: mark.name,
          ...pointLook(mark, look),
          symbolSize: 10,
          lineStyle: lineLook(mark, look),
          z: 3,
          data: points.map(({ value, timing }) => ({
            value: [at(value), placeOf(timing.interval.middle, scale)],
            ...pointLook(mark, look, timing.ended < timing.runs),
            tooltip: {
              formatter: `${mark.name}, ${parameterValue(parameter, value)}\n${timingWord(timing)}`,
            },
          })),
          ...(i === 0 &&
            scale.neverMs !== null && {
              markLine: limitLine(
                look,
                { yAxis: scale.deadlineMs },
                `above: never by ${axisDuration(scale.deadlineMs)}`,
              ),
            }),
        },
      ]
    })

  return {
    title,
    finding: findingOf(groups, sweep),
    reading: `${note} Points: medians; bars: where 95 of 100 repetitions of the measurement would put them. A hollow point: some of its runs never came so far.`,
    marks,
    height: 360,
    zoomable: false,
    option: (look) => ({
      ...frame(look, { title, marks }),
      grid: room(look, { bottom: 20 }),
      xAxis: {
        ...axisLook(look, parameterName(parameter)),
        type: along.log ? 'log' : 'value',
        min: along.min,
        max: along.max,
        nameLocation: 'middle',
        nameGap: 28,
        splitLine: { show: false },
        axisTick: { customValues: [...values] },
        axisLabel: { color: look.muted, hideOverlap: true, customValues: [...values] },
      },
      yAxis: { ...timeAxis(scale, look, name), nameTextStyle: { color: look.muted, align: 'left' } },
      series: series(look),
    }),
    table: {
      caption: `${title}. Medians with 95 % intervals, and how many runs came so far.`,
      columns: [parameterName(parameter), ...timingColumns(groups.map(({ contender }) => contender))],
      rows: [...values]
        .sort((a, b) => a - b)
        .map((value) => ({
          head: String(value),
          cells: groups.flatMap(({ points }) =>
            timingCells(points.find((point) => point.value === value)?.timing),
          ),
        })),
    },
  }
}

/** At the largest value, where they differ the most as a rule. */
function findingOf(
  groups: readonly { contender: Contender; points: readonly Point[] }[],
  { over }: Sweep,
): string {
  const highest = Math.max(...over.values)
  const words = groups.flatMap(({ contender, points }) => {
    const timing = points.find(({ value }) => value === highest)?.timing
    return timing ? [`${markOf(contender).name} ${duration(timing.interval.middle)}`] : []
  })
  return words.length > 0
    ? `At ${parameterValue(over.parameter, highest)} the medians are: ${words.join(', ')}.`
    : `Nothing has been measured yet at ${parameterValue(over.parameter, highest)}.`
}

function alongOf(values: readonly number[]) {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const log = low > 0 && high / low >= LOG_FROM_RATIO
  const span = high - low || Math.max(1, Math.abs(high))
  const ratio = high / low
  return {
    log,
    min: log ? low / ratio ** 0.06 : low - span * 0.06,
    max: log ? high * ratio ** 0.06 : high + span * 0.06,
    shifted: (value: number, share: number) => (log ? value * ratio ** share : value + span * share),
  }
}
