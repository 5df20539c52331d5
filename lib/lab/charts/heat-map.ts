import { linksOf } from '../experiment'
import type { Contender, Network } from '../experiment'
import type { LabResults } from '../results'

import { runsAt, timingOf } from './cells'
import { axisLook, frame, room } from './chart'
import type { ChartLook, ChartSpec } from './chart'
import { contrast, mixed } from './colour'
import { markOf } from './marks'
import { baseName, duration, parameterName, parameterValue, percent, NOTHING } from './words'

export type Matrix = Extract<Network, { type: 'matrix' }>
export type HeatMeasure = 'time' | 'success'

interface Cell {
  readonly column: number
  readonly row: number
  readonly first: number
  readonly second: number
  /** Milliseconds, or a share of the runs; NaN where nothing was measured. */
  readonly value: number
}

const HEAT_WORDS = {
  time: 'Median time until exact',
  success: 'Share of runs that ended exact',
} as const

const COLOURS = { light: ['#dff1f5', '#07485c'], dark: ['#173a47', '#b4ecf8'] } as const
const CELL_PX = 44
const AROUND_PX = 134
/** More columns than that have no room for figures. */
const LABELLED_MAX = { narrow: 5, wide: 14 } as const

/** One contender over two parameters; null without runs. */
export function heatMap(
  results: LabResults,
  matrix: Matrix,
  options: { picture: string; contender: Contender; measure: HeatMeasure },
): ChartSpec | null {
  const { picture, contender, measure } = options
  const { over, and } = matrix
  const cells = linksOf(matrix).map(({ label }, i): Cell => {
    const [column, row] = [Math.floor(i / and.values.length), i % and.values.length]
    const runs = runsAt(results, { network: label, picture }).filter((run) => run.contender === contender)
    const timing = timingOf(runs, 'exact')
    return {
      column,
      row,
      first: over.values[column] ?? 0,
      second: and.values[row] ?? 0,
      value: measure === 'time' ? timing.interval.middle : timing.ended / timing.runs,
    }
  })
  if (cells.every(({ value }) => Number.isNaN(value))) return null
  const { name } = markOf(contender)
  const title = `${HEAT_WORDS[measure]}, ${name}: ${baseName(matrix.base)}, ${picture}`
  return {
    title,
    finding: findingOf(cells, matrix, measure),
    reading:
      measure === 'time'
        ? 'The stronger the colour, the longer it takes; by steps of equal ratio.'
        : 'The stronger the colour, the more runs brought the whole picture by the deadline.',
    marks: [],
    height: and.values.length * CELL_PX + AROUND_PX,
    zoomable: false,
    option: (look) => optionOf(look, { cells, matrix, measure, title }),
    table: {
      caption: `${title}. Rows: ${parameterName(and.parameter)}; columns: ${parameterName(over.parameter)}.`,
      columns: [
        parameterName(and.parameter),
        ...over.values.map((value) => parameterValue(over.parameter, value)),
      ],
      rows: and.values.map((value, row) => ({
        head: parameterValue(and.parameter, value),
        cells: over.values.map((_, column) =>
          word(cells.find((cell) => cell.column === column && cell.row === row)?.value ?? NaN, measure),
        ),
      })),
    },
  }
}

function optionOf(
  look: ChartLook,
  {
    cells,
    matrix: { over, and },
    measure,
    title,
  }: { cells: readonly Cell[]; matrix: Matrix; measure: HeatMeasure; title: string },
) {
  const level = (value: number) => (measure === 'time' ? Math.log10(Math.max(1, value)) : value)
  const levels = cells.flatMap(({ value }) => (Number.isFinite(value) ? level(value) : []))
  const min = measure === 'time' ? Math.min(...levels) : 0
  const max = measure === 'time' ? Math.max(min + 0.01, ...levels) : 1
  const labelled = over.values.length <= (look.narrow ? LABELLED_MAX.narrow : LABELLED_MAX.wide)
  const [weak, strong] = COLOURS[look.dark ? 'dark' : 'light']
  const inkOn = (value: number) => {
    const ground = mixed(weak, strong, (level(value) - min) / (max - min))
    return contrast(ground, look.surface) > contrast(ground, look.ink) ? look.surface : look.ink
  }
  const category = (name: string, values: readonly number[]) => ({
    ...axisLook(look, name),
    type: 'category' as const,
    data: values.map(String),
    splitLine: { show: false },
    axisTick: { show: false },
  })
  return {
    ...frame(look, { title, marks: [] }),
    grid: { ...room(look, { bottom: look.alone ? 8 : 72 }) },
    xAxis: {
      ...category(parameterName(over.parameter), over.values),
      nameLocation: 'middle' as const,
      nameGap: 28,
    },
    yAxis: {
      ...category(parameterName(and.parameter), and.values),
      nameTextStyle: { color: look.muted, align: 'left' as const },
    },
    visualMap: {
      type: 'continuous' as const,
      min,
      max,
      orient: 'horizontal' as const,
      left: 'center',
      bottom: look.alone ? 16 : 0,
      inRange: { color: [weak, strong] },
      text: [
        word(measure === 'time' ? 10 ** max : max, measure),
        word(measure === 'time' ? 10 ** min : min, measure),
      ],
      textStyle: { color: look.muted },
      itemHeight: 160,
    },
    series: [
      {
        type: 'heatmap' as const,
        data: cells
          .filter(({ value }) => !Number.isNaN(value))
          .map(({ column, row, first, second, value }) => ({
            value: [column, row, Number.isFinite(value) ? level(value) : max],
            ...(!Number.isFinite(value) && { visualMap: false, itemStyle: { color: look.sunken } }),
            label: {
              show: labelled,
              fontWeight: 600 as const,
              formatter: word(value, measure),
              color: Number.isFinite(value) ? inkOn(value) : look.muted,
            },
            tooltip: {
              formatter: `${parameterValue(over.parameter, first)}, ${parameterValue(and.parameter, second)}\n${word(value, measure)}`,
            },
          })),
        itemStyle: { borderColor: look.surface, borderWidth: 2 },
      },
    ],
  }
}

function word(value: number, measure: HeatMeasure): string {
  if (Number.isNaN(value)) return NOTHING
  return measure === 'time' ? duration(value) : percent(value)
}

function findingOf(cells: readonly Cell[], { over, and }: Matrix, measure: HeatMeasure): string {
  const sorted = cells.filter(({ value }) => !Number.isNaN(value)).sort((a, b) => a.value - b.value)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first && first.value === last?.value) return `The same in every cell: ${word(first.value, measure)}.`
  const ends = [first, last].flatMap((cell) =>
    cell
      ? [
          `${word(cell.value, measure)} at ${parameterValue(over.parameter, cell.first)} and ${parameterValue(and.parameter, cell.second)}`,
        ]
      : [],
  )
  const never = sorted.filter(({ value }) => value === Infinity || (measure === 'success' && value === 0))
  const none =
    never.length > 0
      ? ` In ${never.length} of ${sorted.length} cells ${measure === 'time' ? 'half of the runs or more' : 'all runs'} never ended.`
      : ''
  return `From ${ends.join(' to ')}.${none}`
}
