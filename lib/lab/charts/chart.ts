import type {
  CustomSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts'
import type {
  DataZoomComponentOption,
  GridComponentOption,
  LegendComponentOption,
  MarkLineComponentOption,
  TitleComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from 'echarts/components'
import type { ComposeOption } from 'echarts/core'

import type { Mark } from './marks'

/** What ECharts draws; these types alone are imported here, its code only where something is drawn. */
export type ChartOption = ComposeOption<
  | CustomSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | DataZoomComponentOption
  | GridComponentOption
  | LegendComponentOption
  | MarkLineComponentOption
  | TitleComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>

export type SeriesOption = Extract<NonNullable<ChartOption['series']>, readonly unknown[]>[number]

/** The page's colours as the style sheet has them at the moment, and the room there is. */
export interface ChartLook {
  readonly dark: boolean
  /** As on a phone. */
  readonly narrow: boolean
  /** Nothing may move. */
  readonly still: boolean
  /** In a file the chart stands alone, so it bears its title and legend; on the page these are text beside it. */
  readonly alone: boolean
  readonly ink: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly sunken: string
  readonly accent: string
  readonly danger: string
  readonly warn: string
}

/** A table for people and for readers of screens; the first column names the rows. */
export interface ChartTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly ChartRow[]
}

export interface ChartRow {
  readonly head: string
  /** A word of explanation under the head. */
  readonly note?: string
  readonly cells: readonly string[]
}

/** Everything about one chart: what it shows, what it says, and the numbers behind it. */
export interface ChartSpec {
  /** Also the name of the file when it is saved. */
  readonly title: string
  /** The main finding, one or two sentences. */
  readonly finding: string
  /** How it is to be read. */
  readonly reading: string
  readonly marks: readonly Mark[]
  /** CSS pixels. */
  readonly height: number
  readonly zoomable: boolean
  readonly option: (look: ChartLook) => ChartOption
  readonly table: ChartTable
}

const FONT =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"

const LEGEND_ROOM_PX = 64
/** Without it words that are broken lie on each other. */
const LINE_PX = 16

/** What all charts have in common; the title and the legend only where the chart stands alone. */
export function frame(look: ChartLook, spec: Pick<ChartSpec, 'title' | 'marks'>): ChartOption {
  const text = { color: look.ink, fontFamily: FONT, fontSize: look.narrow ? 12 : 13 }
  return {
    animation: !look.still,
    animationDuration: 300,
    animationDurationUpdate: 200,
    backgroundColor: look.alone ? look.surface : 'transparent',
    textStyle: text,
    tooltip: {
      trigger: 'item',
      confine: true,
      // The other way to show it writes style attributes, which the policy of the pages forbids.
      renderMode: 'richText',
      backgroundColor: look.surface,
      borderColor: look.line,
      textStyle: text,
    },
    ...(look.alone && {
      title: { text: spec.title, left: 24, top: 20, textStyle: { ...text, fontSize: 17, fontWeight: 600 } },
      legend: {
        bottom: 16,
        itemWidth: 44,
        textStyle: text,
        data: spec.marks.map(({ name }) => name),
      },
    }),
  }
}

/** Where the axes stand: clear of what `frame` draws above and below. */
export function room(look: ChartLook, extra: { readonly bottom?: number } = {}) {
  const { bottom = 0 } = extra
  return {
    left: look.alone ? 32 : 8,
    right: look.alone ? 40 : 20,
    top: look.alone ? 88 : 36,
    bottom: bottom + (look.alone ? LEGEND_ROOM_PX + 24 : 32),
  }
}

/** The lines and words of an axis. */
export function axisLook(look: ChartLook, name: string) {
  return {
    name,
    nameTextStyle: { color: look.muted },
    axisLabel: { color: look.muted, hideOverlap: true, lineHeight: LINE_PX },
    axisLine: { show: true, lineStyle: { color: look.line } },
    axisTick: { lineStyle: { color: look.line } },
    splitLine: { lineStyle: { color: look.line } },
  }
}
