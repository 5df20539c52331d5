'use client'

import { useEffect } from 'react'

import type { TransferView } from '@/lib/transfer/types'

/** While a picture moves, the tab's title says how far it is: that is what one sees of a hidden tab. */
export function useActiveTitle(active: TransferView | null): void {
  const percent = active
    ? Math.floor((100 * active.progress.chunksHeld) / Math.max(1, active.progress.chunks))
    : null
  const running = percent !== null

  useEffect(() => {
    if (!running) return
    const before = document.title
    return () => {
      document.title = before
    }
  }, [running])

  useEffect(() => {
    if (percent !== null) document.title = `${percent}\u00a0% · Shoal`
  }, [percent])
}
