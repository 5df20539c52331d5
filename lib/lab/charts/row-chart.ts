import type { Timing } from './cells'
import { axisLook, frame, room } from './chart'
import type { ChartLook, ChartSpec, SeriesOption } from './chart'
import { pointLook } from './marks'
import type { Mark } from './marks'
import { limitLine, whiskers } from './shapes'
import { placeOf, timeAxis, timeScale } from './time-scale'
import { timingCells, timingWord } from './timing-words'
import { axisDuration } from './words'

/** Those who are compared, with their times row by row; undefined where there is none. */
export interface RowGroup {
  readonly mark: Mark
  readonly timings: readonly (Timing | undefined)[]
}

const ROW_PX = 16
const ROW_MIN_PX = 44
const AROUND_PX = 72
/** Of the label of a row on a phone, where it is broken into lines. */
const LINE_CHARS = 12
const LINE_PX = 16
const LABEL_PX = { narrow: 104, wide: 200 } as const

/** Times with their intervals, a row for each network or the like, its contenders below each other. */
export function rowChart(options: {
  readonly title: string
  readonly finding: string
  readonly reading: string
  readonly axis: string
  readonly rowName: string
  readonly rows: readonly string[]
  readonly groups: readonly RowGroup[]
  readonly deadlineMs: number
}): ChartSpec {
  const { title, finding, reading, axis, rowName, rows, groups, deadlineMs } = options
  const marks = groups.map(({ mark }) => mark)
  const timings = groups.flatMap((group) => group.timings.flatMap((timing) => timing ?? []))
  const scale = timeScale(timings, deadlineMs)
  const lines = Math.max(...rows.map((row) => Math.ceil(row.length / LINE_CHARS)))
  const rowPx = Math.max(ROW_MIN_PX, groups.length * ROW_PX + 12, lines * LINE_PX + 8)

  const series = (look: ChartLook): SeriesOption[] =>
    groups.flatMap(({ mark, timings: own }, i): SeriesOption[] => {
      const shiftPx = (i - (groups.length - 1) / 2) * ROW_PX
      const known = own.flatMap((timing, row) => (timing && timing.runs > 0 ? [{ timing, row }] : []))
      return [
        whiskers(
          mark,
          look,
          known.map(({ timing: { interval }, row }) => ({
            at: row,
            low: placeOf(interval.low, scale),
            high: placeOf(interval.high, scale),
          })),
          { lying: true, shiftPx },
        ),
        {
          type: 'scatter',
          name: mark.name,
          ...pointLook(mark, look),
          symbolSize: 10,
          symbolOffset: [0, shiftPx],
          z: 3,
          data: known.map(({ timing, row }) => ({
            value: [placeOf(timing.interval.middle, scale), row],
            ...pointLook(mark, look, timing.ended < timing.runs),
            tooltip: { formatter: `${mark.name}, ${rows[row] ?? ''}\n${timingWord(timing)}` },
          })),
          ...(i === 0 &&
            scale.neverMs !== null && {
              markLine: limitLine(look, { xAxis: scale.deadlineMs }, 'never'),
            }),
        },
      ]
    })

  return {
    title,
    finding,
    reading:
      scale.neverMs === null
        ? reading
        : `${reading} Right of the dashed line: never by the deadline, ${axisDuration(deadlineMs)}.`,
    marks,
    height: rows.length * rowPx + AROUND_PX,
    zoomable: false,
    option: (look) => ({
      ...frame(look, { title, marks }),
      grid: room(look, { bottom: 16 }),
      xAxis: { ...timeAxis(scale, look, axis), nameLocation: 'middle', nameGap: 26 },
      yAxis: {
        ...axisLook(look, ''),
        type: 'category',
        inverse: true,
        data: [...rows],
        axisTick: { show: false },
        splitLine: { show: true, lineStyle: { color: look.line } },
        axisLabel: {
          color: look.ink,
          interval: 0,
          width: look.narrow ? LABEL_PX.narrow : LABEL_PX.wide,
          overflow: 'break',
          lineHeight: LINE_PX,
        },
      },
      series: series(look),
    }),
    table: {
      caption: `${title}. Medians with 95 % intervals, and how many runs came so far.`,
      columns: [rowName, ...marks.flatMap(({ name }) => [name, `${name}, runs`])],
      rows: rows.map((head, row) => ({
        head,
        cells: groups.flatMap((group) => timingCells(group.timings[row])),
      })),
    },
  }
}
