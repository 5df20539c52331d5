import type { Contender } from '../experiment'
import type { LabResults, RunResult } from '../results'
import { PSNR_MAX_DB } from '../results'

import { byContender, runsAt } from './cells'
import type { Place } from './cells'
import { axisLook, frame, room } from './chart'
import type { ChartLook, ChartSpec, ChartTable, SeriesOption } from './chart'
import { lineLook, markOf, pointLook } from './marks'
import { pointAt, qualityCurve, reachedMs } from './quality'
import type { Quality, QualityPoint } from './quality'
import { band } from './shapes'
import { niceAbove } from './time-scale'
import { axisDuration, duration, networkTitles, NOTHING } from './words'

export interface QualityCurves {
  readonly spec: ChartSpec
  /** Where the curves end: nothing changes after it. */
  readonly untilMs: number
  readonly curves: ReadonlyMap<Contender, readonly QualityPoint[]>
}

export const QUALITY_WORDS: Readonly<
  Record<
    Quality,
    { readonly name: string; readonly note: string; readonly good: number; readonly max: number }
  >
> = {
  ssim: {
    name: 'SSIM',
    note: 'How alike what is on the screen and the original look; 1: the same.',
    good: 0.9,
    max: 1,
  },
  psnrDb: {
    name: 'PSNR, dB',
    note: `How small the differences from the original are, in decibels; ${PSNR_MAX_DB}: none.`,
    good: 30,
    max: PSNR_MAX_DB,
  },
}

/** "0.93", "31.4 dB". */
export function qualityWord(quality: Quality, value: number): string {
  return quality === 'ssim' ? value.toFixed(2) : `${value.toFixed(1)}\u00a0dB`
}

const TABLE_ROWS = 12
/** The curves end a little after the last thing that happens. */
const MARGIN = 1.02

/** Quality over time at one place, contender by contender; null where it was not measured. */
export function qualityCurves(
  results: LabResults,
  place: Place,
  { quality, every, contenders }: { quality: Quality; every: boolean; contenders: readonly Contender[] },
): QualityCurves | null {
  const groups = byContender(runsAt(results, place), contenders)
    .map(([contender, runs]) => ({ contender, runs, curve: qualityCurve(runs, quality) }))
    .filter(({ curve }) => curve.length > 0)
  if (groups.length === 0) return null
  const lastMs = Math.max(1, ...groups.map(({ curve }) => curve.at(-1)?.ms ?? 0))
  const untilMs = Math.min(results.experiment.deadlineMs, niceAbove(lastMs * MARGIN))
  const words = QUALITY_WORDS[quality]
  const network = networkTitles(results.experiment).get(place.network) ?? place.network
  const title = `Quality over time: ${network}, ${place.picture}`
  const marks = groups.map(({ contender }) => markOf(contender))

  const series = (look: ChartLook): SeriesOption[] =>
    groups.flatMap(({ contender, runs, curve }) => {
      const mark = markOf(contender)
      const line = stepLine(
        curve.map(({ ms, middle }) => [ms, middle]),
        untilMs,
      )
      const around = every
        ? runs.map((run): SeriesOption => ({
            ...line([
              [0, 0],
              ...run.samples.map((sample) => [sample.ms, Math.min(words.max, sample[quality])]),
            ]),
            lineStyle: { ...lineLook(mark, look, 1), opacity: 0.35 },
            silent: true,
            tooltip: { show: false },
          }))
        : [band(mark, look, [...curve, { ...lastOf(curve), ms: untilMs }])]
      return [
        ...around,
        {
          ...line(),
          name: mark.name,
          lineStyle: lineLook(mark, look, 2.5),
          ...pointLook(mark, look),
          z: 4,
        },
      ]
    })

  const spec: ChartSpec = {
    title,
    finding: `${words.name.replace(', dB', '')} of at least ${qualityWord(quality, words.good)} is reached by ${groups
      .map(({ contender, curve }) => `${markOf(contender).name}: ${duration(reachedMs(curve, words.good))}`)
      .join('; ')}.`,
    reading: `${words.note} Before anything is there it is 0. ${
      every
        ? 'Thin lines: each run; the thick one: their median.'
        : 'The line: the median of the runs; the band: 80 of 100 of them.'
    }`,
    marks,
    height: 340,
    zoomable: false,
    table: tableOf(groups, { quality, untilMs, title }),
    option: (look) => ({
      ...frame(look, { title, marks }),
      tooltip: { show: false },
      grid: room(look),
      xAxis: {
        type: 'value',
        ...axisLook(look, ''),
        min: 0,
        max: untilMs,
        axisLabel: { color: look.muted, hideOverlap: true, formatter: axisDuration },
      },
      yAxis: { type: 'value', ...axisLook(look, words.name), min: 0, max: words.max },
      series: series(look),
    }),
  }
  return { spec, untilMs, curves: new Map(groups.map(({ contender, curve }) => [contender, curve])) }
}

function lastOf(curve: readonly QualityPoint[]): QualityPoint {
  return curve.at(-1) ?? { ms: 0, low: 0, middle: 0, high: 0 }
}

/** A line that holds each value until the next, and the last one to the end. */
function stepLine(points: readonly (readonly number[])[], untilMs: number) {
  return (data: readonly (readonly number[])[] = points) => ({
    type: 'line' as const,
    step: 'end' as const,
    showSymbol: false,
    animation: false,
    data: [...data, [untilMs, data.at(-1)?.[1] ?? 0]].map((point) => [...point]),
  })
}

function tableOf(
  groups: readonly { contender: Contender; runs: readonly RunResult[]; curve: readonly QualityPoint[] }[],
  { quality, untilMs, title }: { quality: Quality; untilMs: number; title: string },
): ChartTable {
  return {
    caption: `${title}. Median of the runs, and the band of 80 of 100 of them, of ${QUALITY_WORDS[quality].name}.`,
    columns: ['Time since the send', ...groups.map(({ contender }) => markOf(contender).name)],
    rows: Array.from({ length: TABLE_ROWS + 1 }, (_, i) => {
      const ms = Math.round((untilMs * i) / TABLE_ROWS)
      return {
        head: duration(ms),
        cells: groups.map(({ curve }) => {
          const point = pointAt(curve, ms)
          if (!point) return NOTHING
          const [low, middle, high] = [point.low, point.middle, point.high].map((value) =>
            qualityWord(quality, value),
          )
          return low === high ? `${middle}` : `${middle} (${low} to ${high})`
        }),
      }
    }),
  }
}
