import { CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { init, use as register } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

import type { ChartOption } from './chart'

register([
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  SVGRenderer,
])

export { init }

/** Of a chart that stands alone. */
export const SAVED_WIDTH_PX = 1200
/** For its title and legend. */
export const SAVED_EXTRA_PX = 160

/** A chart as a file, wherever there is no page to measure: `height` as its spec has it, CSS pixels. */
export function drawSvg(option: ChartOption, height: number): string {
  const chart = init(null, null, {
    ...{ renderer: 'svg', ssr: true, width: SAVED_WIDTH_PX, height: height + SAVED_EXTRA_PX },
  })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
