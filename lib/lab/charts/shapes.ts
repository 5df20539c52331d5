import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts'

import { colourOf } from './marks'
import type { Mark } from './marks'
import type { ChartLook, SeriesOption } from './chart'

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>

/** Half the width of the ends of an interval. */
const CAP_PX = 4

/** An interval at a place of the axis that does not hold the values. */
export interface Whisker {
  readonly at: number
  readonly low: number
  readonly high: number
}

/**
 * Intervals as lines with a cap at either end. `shiftPx` moves them aside, so that those of several contenders at one
 * place lie side by side.
 */
export function whiskers(
  mark: Mark,
  look: ChartLook,
  data: readonly Whisker[],
  { lying, shiftPx = 0 }: { readonly lying: boolean; readonly shiftPx?: number },
): SeriesOption {
  const style = { stroke: colourOf(mark, look), lineWidth: 1.5 }
  const renderItem: RenderItem = (_, api) => {
    const place = Number(api.value(0))
    const ends = [1, 2].map((dimension) => {
      const value = Number(api.value(dimension))
      return api.coord(lying ? [value, place] : [place, value])
    })
    const [from = [0, 0], to = [0, 0]] = ends.map(([x = 0, y = 0]) =>
      lying ? [x, y + shiftPx] : [x + shiftPx, y],
    )
    const cap = ([x = 0, y = 0]: number[]) =>
      lying
        ? { x1: x, y1: y - CAP_PX, x2: x, y2: y + CAP_PX }
        : { x1: x - CAP_PX, y1: y, x2: x + CAP_PX, y2: y }
    const body = { x1: from[0] ?? 0, y1: from[1] ?? 0, x2: to[0] ?? 0, y2: to[1] ?? 0 }
    return {
      type: 'group',
      children: [body, cap(from), cap(to)].map((shape) => ({ type: 'line', shape, style })),
    }
  }
  return {
    type: 'custom',
    silent: true,
    clip: true,
    renderItem,
    z: 2,
    encode: lying ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    data: data.map(({ at, low, high }) => [at, low, high]),
  }
}

/** The area between two step curves that hold each value until the next point. */
export function band(
  mark: Mark,
  look: ChartLook,
  points: readonly { readonly ms: number; readonly low: number; readonly high: number }[],
): SeriesOption {
  const renderItem: RenderItem = (_, api) => {
    const upper = outline(points.map(({ ms, high }) => api.coord([ms, high])))
    const lower = outline(points.map(({ ms, low }) => api.coord([ms, low])))
    return {
      type: 'polygon',
      shape: { points: [...upper, ...lower.reverse()] },
      style: { fill: colourOf(mark, look), opacity: look.dark ? 0.22 : 0.14 },
    }
  }
  const first = points[0]
  return {
    type: 'custom',
    silent: true,
    clip: true,
    renderItem,
    z: 1,
    // One item draws all: its own value is of no account.
    data: first ? [[first.ms, first.low]] : [],
  }
}

function outline(points: readonly number[][]): number[][] {
  return points.flatMap(([x = 0, y = 0], i) => {
    const before = points[i - 1]
    return before
      ? [
          [x, before[1] ?? 0],
          [x, y],
        ]
      : [[x, y]]
  })
}

/** A line across the chart with a word on it. */
export function limitLine(
  look: ChartLook,
  at: { readonly xAxis: number } | { readonly yAxis: number },
  word: string,
): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: look.muted, type: [4, 4], width: 1 },
    label: {
      formatter: word,
      color: look.muted,
      position: 'xAxis' in at ? 'start' : 'insideEndTop',
    },
    data: [at],
  }
}
