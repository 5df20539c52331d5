'use client'

import { ImageIcon, SlidersHorizontal, X } from 'lucide-react'
import { useState } from 'react'

import { ORIGINAL_SETTINGS } from '@/lib/image/settings'
import type { TransferMode } from '@/lib/protocol/report'
import { formatBytes, formatNames } from '@/lib/react/format'
import type { DeskState, PictureDesk } from '@/lib/react/picture-desk'

import { Button } from '../../_ui/button'
import { CompressionPanel } from '../../_ui/compression-panel'
import { ModeChoice } from '../../_ui/mode-choice'
import { ErrorNotice } from '../../_ui/notice'
import { IconButton } from './icon-button'

/** The picture that goes with the next press of Send, and how it goes. */
export function StagedPicture({
  desk,
  picked,
  mode,
  onMode,
}: {
  desk: PictureDesk
  picked: DeskState
  mode: TransferMode
  onMode: (mode: TransferMode) => void
}) {
  const [choosing, setChoosing] = useState(false)
  const { file, facts, thumbnailUrl, phase, progress, result, errorCode, waiting } = picked
  // Text that was pasted beside the box is no failed picture.
  if (phase === 'empty' || errorCode === 'SHOAL_NO_FILE') return null
  const problem = errorCode ?? facts?.damage ?? null
  return (
    <section aria-label="The picked picture" className="mb-2 rounded-2xl border border-line bg-sunken p-2">
      {file && (
        <div className="flex items-center gap-3">
          <span className="flex size-14 shrink-0 items-center justify-center overflow-hidden rounded-xl bg-surface">
            {thumbnailUrl ? (
              <img
                src={thumbnailUrl}
                alt={`Preview of ${facts?.name ?? 'the picture'}`}
                className="size-full object-cover"
              />
            ) : (
              <ImageIcon aria-hidden="true" className="size-6 text-muted" />
            )}
          </span>
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">
              <bdi>{facts?.name ?? file.name}</bdi>
            </p>
            {phase === 'preparing' ? (
              <progress
                className="bar bar-on-sunken mt-1.5"
                aria-label="Preparing the picture"
                max={1}
                value={progress}
              />
            ) : (
              <p className="truncate text-sm text-muted figures">
                {result && result.after.bytes < result.before.bytes
                  ? `${formatBytes(result.before.bytes)} → ${formatBytes(result.after.bytes)}`
                  : formatBytes(file.size)}
                {waiting.length > 0 && ` · then ${formatNames(waiting.map((next) => next.name))}`}
              </p>
            )}
          </div>
          <IconButton label="How to send it" aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
            <SlidersHorizontal aria-hidden="true" />
          </IconButton>
          <IconButton label="Do not send this picture" onClick={() => desk.clear()}>
            <X aria-hidden="true" />
          </IconButton>
        </div>
      )}
      {problem && (
        <div className="mt-2">
          <ErrorNotice
            code={problem}
            tone={errorCode ? 'danger' : 'warn'}
            action={
              <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
                {errorCode === 'SHOAL_COMPRESS_FAILED' && (
                  <Button onClick={() => desk.setSettings(ORIGINAL_SETTINGS)}>Send the original</Button>
                )}
                {errorCode && waiting.length > 0 && (
                  <Button onClick={() => desk.advance()}>Skip this one</Button>
                )}
                {errorCode && waiting.length === 0 && !file && (
                  <Button onClick={() => desk.clear()}>Put it away</Button>
                )}
              </div>
            }
          />
        </div>
      )}
      {choosing && (
        <div className="mt-3 grid max-h-[40svh] gap-5 overflow-y-auto p-1 lg:grid-cols-2">
          <CompressionPanel settings={picked.settings} onChange={(settings) => desk.setSettings(settings)} />
          <ModeChoice mode={mode} onChange={onMode} />
        </div>
      )}
    </section>
  )
}
