import type { EChartsType } from 'echarts/core'

import type { ChartLook, ChartOption, ChartSpec } from '@/lib/lab/charts/chart'
import { hexOf } from '@/lib/lab/charts/colour'
import { init, SAVED_EXTRA_PX, SAVED_WIDTH_PX } from '@/lib/lab/charts/library'

/** Narrower than this a chart has room for less. */
const NARROW_PX = 560
const SAVED_PIXEL_RATIO = 2

export interface Media {
  readonly dark: boolean
  readonly still: boolean
}

/** The part of the whole that is seen, 0 to 100. */
interface Window {
  readonly start: number
  readonly end: number
}

const WHOLE: Window = { start: 0, end: 100 }

/** One chart on the page. Only this file knows the chart library; it is loaded when a chart is to be seen. */
export class ChartView {
  readonly #element: HTMLElement
  readonly #chart: EChartsType
  readonly #resized: ResizeObserver
  #shown: { readonly spec: ChartSpec; readonly media: Media } | null = null
  #cursor: number | null = null
  #isNarrow: boolean

  constructor(element: HTMLElement, onPointer: (value: number) => void) {
    this.#element = element
    this.#isNarrow = element.clientWidth < NARROW_PX
    this.#chart = init(element, null, { renderer: 'canvas' })
    this.#chart.getZr().on('mousemove', ({ offsetX, offsetY }) => {
      const point = [offsetX, offsetY]
      if (!this.#shown || !this.#chart.containPixel('grid', point)) return
      const value = this.#chart.convertFromPixel({ gridIndex: 0 }, point)[0]
      if (value !== undefined) onPointer(value)
    })
    this.#resized = new ResizeObserver(() => this.#resize())
    this.#resized.observe(element)
  }

  show(spec: ChartSpec, media: Media): void {
    const isOther = this.#shown?.spec.title !== spec.title
    const window = isOther ? WHOLE : this.#window()
    this.#shown = { spec, media }
    this.#chart.resize({ height: spec.height })
    this.#chart.setOption(
      this.#optionOf(spec, { ...this.#look(media), narrow: this.#isNarrow, alone: false }, window),
      { notMerge: true },
    )
  }

  /** A line across the chart at a place of its horizontal axis. */
  setCursor(value: number | null): void {
    this.#cursor = value
    if (this.#shown) this.#chart.setOption({ series: [this.#cursorSeries(this.#look(this.#shown.media))] })
  }

  /** By so many times, around the middle of what is seen: 0.5 shows half of it. */
  zoom(times: number): void {
    const { start, end } = this.#window()
    const half = Math.min(50, ((end - start) * times) / 2)
    this.#setWindow((start + end) / 2 - half, 2 * half)
  }

  /** By a share of what is seen; to the left where it is negative. */
  move(share: number): void {
    const { start, end } = this.#window()
    this.#setWindow(start + (end - start) * share, end - start)
  }

  toSvg(): string {
    return this.#alone('svg', (chart) => chart.renderToSVGString())
  }

  toPng(): Promise<Blob | null> {
    return this.#alone('canvas', (chart, { surface }) => {
      const canvas = chart.renderToCanvas({ pixelRatio: SAVED_PIXEL_RATIO, backgroundColor: surface })
      return new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    })
  }

  dispose(): void {
    this.#resized.disconnect()
    this.#chart.dispose()
  }

  #resize(): void {
    this.#chart.resize()
    const isNarrow = this.#element.clientWidth < NARROW_PX
    if (isNarrow === this.#isNarrow) return
    this.#isNarrow = isNarrow
    if (this.#shown) this.show(this.#shown.spec, this.#shown.media)
  }

  #optionOf(spec: ChartSpec, look: ChartLook, window: Window): ChartOption {
    const option = spec.option(look)
    const zooms = option.dataZoom ? [option.dataZoom].flat() : []
    return {
      ...option,
      ...(zooms.length > 0 && { dataZoom: zooms.map((zoom) => ({ ...zoom, ...window })) }),
      series: [option.series ?? [], look.alone ? [] : this.#cursorSeries(look)].flat(),
    }
  }

  #cursorSeries(look: Pick<ChartLook, 'accent'>) {
    return {
      id: 'cursor',
      type: 'line' as const,
      silent: true,
      animation: false,
      data: [],
      markLine: {
        silent: true,
        animation: false,
        symbol: 'none',
        label: { show: false },
        lineStyle: { color: look.accent, type: 'solid' as const, width: 1.5 },
        data: this.#cursor === null ? [] : [{ xAxis: this.#cursor }],
      },
    }
  }

  /** The same chart in a size of its own, with its title and legend, whatever the screen has room for. */
  #alone<Drawn>(renderer: 'svg' | 'canvas', draw: (chart: EChartsType, look: ChartLook) => Drawn): Drawn {
    if (!this.#shown) throw new Error('There is no chart yet.')
    const { spec, media } = this.#shown
    const look = { ...this.#look(media), narrow: false, still: true, alone: true }
    const chart = init(renderer === 'svg' ? null : document.createElement('div'), null, {
      renderer,
      ssr: renderer === 'svg',
      width: SAVED_WIDTH_PX,
      height: spec.height + SAVED_EXTRA_PX,
    })
    try {
      chart.setOption(this.#optionOf(spec, look, this.#window()))
      return draw(chart, look)
    } finally {
      chart.dispose()
    }
  }

  #look({ dark, still }: Media): Omit<ChartLook, 'narrow' | 'alone'> {
    const style = getComputedStyle(this.#element)
    const colour = (name: string) => hexOf(style.getPropertyValue(`--${name}`))
    return {
      dark,
      still,
      ink: colour('ink'),
      muted: colour('muted'),
      line: colour('line'),
      surface: colour('surface'),
      sunken: colour('sunken'),
      accent: colour('accent'),
      danger: colour('danger'),
      warn: colour('warn'),
    }
  }

  #window(): Window {
    const { dataZoom } =
      (this.#chart.getOption() as { dataZoom?: readonly Partial<Window>[] } | undefined) ?? {}
    const { start = 0, end = 100 } = dataZoom?.[0] ?? {}
    return { start, end }
  }

  #setWindow(start: number, width: number): void {
    const from = Math.max(0, Math.min(100 - width, start))
    this.#chart.dispatchAction({ type: 'dataZoom', start: from, end: from + width })
  }
}
