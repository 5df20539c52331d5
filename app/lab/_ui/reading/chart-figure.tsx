'use client'

import { ChevronLeft, ChevronRight, Download, Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId } from 'react'

import type { ChartSpec } from '@/lib/lab/charts/chart'
import { saveBlob } from '@/lib/react/save-text'

import { Button } from '../../../_ui/button'
import type { ChartView } from './chart-view'
import { TableBehind } from './data-table'
import { fileNameOf } from './file-name'
import { Legend } from './swatch'
import { useChart } from './use-chart'

/** A chart with what it says, how it is read, and the table behind it. */
export function ChartFigure({
  spec,
  cursor = null,
  onPointer,
  children,
}: {
  spec: ChartSpec
  /** A place of the horizontal axis to be marked. */
  cursor?: number | null
  /** Where the pointer is on the horizontal axis. */
  onPointer?: (value: number) => void
  /** Between the chart and its table. */
  children?: ReactNode
}) {
  const { element, view, failed } = useChart(spec, cursor, onPointer)
  const titleId = useId()
  return (
    <figure aria-labelledby={titleId} className="min-w-0">
      <h4 id={titleId} className="text-lg leading-snug font-semibold">
        {spec.title}
      </h4>
      {/* The chart below bears the same words for those who do not see it. */}
      <p aria-hidden="true" className="mt-1 text-base">
        {spec.finding}
      </p>
      <div className="mt-3">
        <Legend marks={spec.marks} />
      </div>
      {failed && (
        <p className="mt-3 rounded-2xl bg-warn-soft p-4 text-base text-warn">
          The chart could not be loaded. The table has the same numbers.
        </p>
      )}
      <div
        ref={element}
        role="img"
        aria-label={`${spec.title}. ${spec.finding}`}
        data-chart={view ? 'drawn' : 'loading'}
        className={`mt-2 w-full touch-pan-y overflow-hidden ${failed ? 'hidden' : ''}`}
      />
      {spec.zoomable && view && <ZoomButtons view={view} />}
      <figcaption className="mt-1 text-base text-muted">{spec.reading}</figcaption>
      {children}
      <div className="mt-2 flex flex-wrap gap-2">
        <SaveButton
          label={`Save as PNG: ${spec.title}`}
          disabled={!view}
          onClick={() => {
            void view?.toPng().then((png) => png && saveBlob(fileNameOf(spec.title, 'png'), png))
          }}
        >
          PNG
        </SaveButton>
        <SaveButton
          label={`Save as SVG: ${spec.title}`}
          disabled={!view}
          onClick={() => {
            if (!view) return
            saveBlob(fileNameOf(spec.title, 'svg'), new Blob([view.toSvg()], { type: 'image/svg+xml' }))
          }}
        >
          SVG
        </SaveButton>
      </div>
      <TableBehind table={spec.table} />
    </figure>
  )
}

function SaveButton({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string
  disabled: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Button aria-label={label} disabled={disabled} className="px-4!" onClick={onClick}>
      <Download aria-hidden="true" />
      {children}
    </Button>
  )
}

const ZOOM = 0.5
const STEP = 0.25

function ZoomButtons({ view }: { view: ChartView }) {
  const buttons = [
    { label: 'Zoom in', Icon: ZoomIn, act: () => view.zoom(ZOOM) },
    { label: 'Zoom out', Icon: ZoomOut, act: () => view.zoom(1 / ZOOM) },
    { label: 'Earlier', Icon: ChevronLeft, act: () => view.move(-STEP) },
    { label: 'Later', Icon: ChevronRight, act: () => view.move(STEP) },
    { label: 'Show all', Icon: Maximize, act: () => view.zoom(Infinity) },
  ]
  return (
    <div role="group" aria-label="Zoom" className="my-2 flex flex-wrap gap-1">
      {buttons.map(({ label, Icon, act }) => (
        <Button key={label} aria-label={label} title={label} className="min-w-12 px-3!" onClick={act}>
          <Icon aria-hidden="true" />
        </Button>
      ))}
    </div>
  )
}
