'use client'

import { useEffect, useRef, useState } from 'react'

import { PieceMap } from '@/lib/react/piece-map'
import type { PacketLog } from '@/lib/transfer/packet-log'
import type { TransferView } from '@/lib/transfer/types'

/**
 * Progress that shows where the holes are: the picture from its first chunk on the left to its last on the
 * right, filled where chunks have arrived.
 */
export function PieceBar({ log, transfer }: { log: PacketLog; transfer: TransferView }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  // Read when the page has just been laid out; at each showing it would cost a layout of its own.
  const colour = useRef('transparent')
  const { chunks, chunksHeld } = transfer.progress
  const [map] = useState(() => new PieceMap(chunks))

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const look = () => {
      colour.current = getComputedStyle(element).color
      paint(element, map, colour.current)
    }
    const resized = new ResizeObserver(([entry]) => {
      if (!entry) return
      element.width = Math.round(entry.contentRect.width * devicePixelRatio)
      element.height = 1
      look()
    })
    const dark = matchMedia('(prefers-color-scheme: dark)')
    resized.observe(element)
    dark.addEventListener('change', look)
    return () => {
      resized.disconnect()
      dark.removeEventListener('change', look)
    }
  }, [map])

  // The log grows without a word; each showing of the transfer is the time to look at it.
  useEffect(() => {
    map.read(log)
    if (canvas.current) paint(canvas.current, map, colour.current)
  }, [log, map, transfer])

  const holes = transfer.state === 'incomplete'
  return (
    <>
      <progress
        className="sr-only"
        aria-label={`${transfer.name}: chunks that have arrived`}
        max={chunks}
        value={chunksHeld}
      />
      <canvas
        ref={canvas}
        aria-hidden="true"
        className={`block h-3 w-full rounded-full text-accent ${holes ? 'bg-danger' : 'bg-sunken'}`}
      />
    </>
  )
}

function paint(canvas: HTMLCanvasElement, map: PieceMap, colour: string): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { width } = canvas
  context.clearRect(0, 0, width, 1)
  context.fillStyle = colour
  let from = 0
  let alpha = 0
  // Most neighbours look alike, so a few rectangles draw the whole bar.
  for (let x = 0; x <= width; x++) {
    const next = x < width ? shade(map.filled(x / width, (x + 1) / width)) : -1
    if (next === alpha) continue
    context.globalAlpha = alpha
    if (alpha > 0) context.fillRect(from, 0, x - from, 1)
    from = x
    alpha = next
  }
}

/** One missing chunk among many must still be seen: the first one costs a third of the colour. */
function shade(filled: number): number {
  return filled === 1 ? 1 : Math.max(0, 0.65 - 2 * (1 - filled))
}
