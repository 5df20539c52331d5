'use client'

import { ImagePlus } from 'lucide-react'
import { memo } from 'react'
import type { RefObject } from 'react'

import { ACCEPT } from '@/lib/image/intake'

/**
 * Where a picture comes in: one large target for finger, mouse, keyboard, drop and paste. The input is there from
 * the start, also before anyone is connected.
 */
export const PicturePicker = memo(function PicturePicker({
  input,
  small,
  dragging,
  onFiles,
}: {
  input: RefObject<HTMLInputElement | null>
  small: boolean
  dragging: boolean
  onFiles: (input: HTMLInputElement) => void
}) {
  return (
    <label
      className={`relative flex items-center justify-center rounded-3xl border-2 border-dashed transition-colors focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-accent hover:border-accent ${
        dragging ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'
      } ${small ? 'min-h-14 gap-3 px-4 py-3' : 'min-h-64 flex-col gap-3 px-6 py-10 text-center lg:min-h-96'}`}
    >
      <ImagePlus aria-hidden="true" className={small ? 'size-6 text-accent' : 'size-12 text-accent'} />
      <span className={small ? 'font-medium' : 'text-xl font-semibold tracking-tight'}>
        {small ? 'Pick another picture' : dragging ? 'Let go to take it' : 'Pick a picture'}
      </span>
      {!small && (
        <span className="max-w-xs text-muted">
          JPEG, PNG or WebP.
          <span className="hidden pointer-fine:inline"> Drop it here or paste it, too.</span>
        </span>
      )}
      <input
        ref={input}
        data-testid="pick-image"
        type="file"
        multiple
        accept={ACCEPT}
        aria-label="Pick a picture"
        className="absolute inset-0 cursor-pointer opacity-0"
        onChange={(event) => onFiles(event.currentTarget)}
      />
    </label>
  )
})
