'use client'

import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

import type { ChartSpec } from '@/lib/lab/charts/chart'

import type { ChartView } from './chart-view'
import { DARK, STILL, useMedia } from './use-media'

export interface ChartState {
  readonly element: RefObject<HTMLDivElement | null>
  /** Null until its code is there. */
  readonly view: ChartView | null
  /** Its code could not be loaded. */
  readonly failed: boolean
}

/** Draws a chart into an element, and again when the theme or the chart changes. */
export function useChart(
  spec: ChartSpec,
  cursor: number | null,
  onPointer: ((value: number) => void) | undefined,
): ChartState {
  const element = useRef<HTMLDivElement>(null)
  const pointer = useRef(onPointer)
  const [view, setView] = useState<ChartView | null>(null)
  const [failed, setFailed] = useState(false)
  const dark = useMedia(DARK)
  const still = useMedia(STILL)
  const { height } = spec

  useEffect(() => {
    pointer.current = onPointer
  }, [onPointer])

  // By script: the policy of the pages forbids the attribute.
  useLayoutEffect(() => {
    if (element.current) element.current.style.height = `${height}px`
  }, [height])

  useEffect(() => {
    const place = element.current
    if (!place) return
    let opened: ChartView | null = null
    let isOver = false
    void import('./chart-view').then(
      ({ ChartView: View }) => {
        if (isOver) return
        opened = new View(place, (value) => pointer.current?.(value))
        setView(opened)
      },
      () => setFailed(true),
    )
    return () => {
      isOver = true
      opened?.dispose()
      setView(null)
    }
  }, [])

  useEffect(() => view?.show(spec, { dark, still }), [view, spec, dark, still])
  useEffect(() => view?.setCursor(cursor), [view, cursor, spec, dark, still])

  return { element, view, failed }
}
