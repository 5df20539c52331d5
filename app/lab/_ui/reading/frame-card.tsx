'use client'

import { useEffect, useRef } from 'react'

import type { Mark } from '@/lib/lab/charts/marks'
import { frameAt } from '@/lib/lab/charts/quality'
import { duration } from '@/lib/lab/charts/words'
import type { RunResult } from '@/lib/lab/results'
import type { RunTrace } from '@/lib/lab/traces'

import { Swatch } from './swatch'

/** What one contender had on the screen at a time. */
export function FrameCard({
  mark,
  ms,
  word,
  seen,
}: {
  mark: Mark
  ms: number
  /** Its quality at that time. */
  word: string
  /** Null: nothing was kept of this one; undefined: of none, which is said elsewhere. */
  seen: { readonly run: RunResult; readonly trace: RunTrace } | null | undefined
}) {
  const frame = seen ? frameAt(seen.trace, ms) : null
  return (
    <li className="min-w-0 rounded-2xl border border-line p-3">
      <div className="flex flex-wrap items-center gap-x-2">
        <Swatch mark={mark} />
        <span className="text-base font-medium">{mark.name}</span>
      </div>
      <p className="text-base text-muted figures">{word}</p>
      {seen !== undefined && (
        <div className="mt-2 grid aspect-[4/3] place-items-center overflow-hidden rounded-xl bg-sunken">
          {frame ? (
            <Frame picture={frame.picture} alt={`${mark.name} after ${duration(ms)}`} />
          ) : (
            <span className="rounded-lg bg-surface px-2 py-1 text-center text-base">
              {seen && seen.trace.frames.length > 0 ? 'Nothing yet' : 'None was kept'}
            </span>
          )}
        </div>
      )}
      {seen && frame && (
        <p className="mt-1 text-sm text-muted">
          Run {seen.run.repetition + 1}, shown since {duration(frame.ms)}
        </p>
      )}
    </li>
  )
}

function Frame({ picture, alt }: { picture: Blob; alt: string }) {
  const image = useRef<HTMLImageElement>(null)
  useEffect(() => {
    if (!image.current) return
    const url = URL.createObjectURL(picture)
    image.current.src = url
    return () => URL.revokeObjectURL(url)
  }, [picture])
  return <img ref={image} alt={alt} className="size-full object-contain" />
}
