'use client'

import { useEffect, useRef } from 'react'

import type { TransferView } from '@/lib/transfer/types'

/** What moves no longer than this has no title: each one costs the browser a drawing of its tabs, and packets wait. */
const TITLE_AFTER_MS = 1000

/** While a picture moves, the tab's title says how far it is: that is what one sees of a hidden tab. */
export function useActiveTitle(active: TransferView | null): void {
  const latest = useRef(0)
  const isShown = useRef(false)
  const percent = active
    ? Math.floor((100 * active.progress.chunksHeld) / Math.max(1, active.progress.chunks))
    : null
  const running = percent !== null

  useEffect(() => {
    if (!running) return
    const before = document.title
    const timer = setTimeout(() => {
      isShown.current = true
      document.title = titleOf(latest.current)
    }, TITLE_AFTER_MS)
    return () => {
      clearTimeout(timer)
      if (!isShown.current) return
      isShown.current = false
      document.title = before
    }
  }, [running])

  useEffect(() => {
    if (percent === null) return
    latest.current = percent
    if (isShown.current) document.title = titleOf(percent)
  }, [percent])
}

function titleOf(percent: number): string {
  return `${percent}\u00a0% · Shoal`
}
