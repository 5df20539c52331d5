'use client'

import { ImageOff } from 'lucide-react'
import { memo } from 'react'

import { NOTE_TEXTS } from '@/lib/image/notes'
import { DEFAULT_SETTINGS, ORIGINAL_SETTINGS } from '@/lib/image/settings'
import type { PictureSettings } from '@/lib/image/settings'
import { formatBytes, formatExactBytes, formatNames, formatShape } from '@/lib/react/format'
import type { DeskState } from '@/lib/react/picture-desk'

import { Button } from '../../_ui/button'
import { ErrorNotice } from '../../_ui/notice'
import { Preparation } from './preparation'

interface PickedCardProps {
  readonly picked: DeskState
  readonly onSettings: (settings: PictureSettings) => void
  /** Goes on with the next of the files that wait. */
  readonly onSkip: () => void
}

/** What was picked, what will be sent of it, and what waits behind it. */
export const PickedCard = memo(function PickedCard({ picked, onSettings, onSkip }: PickedCardProps) {
  const { file, facts, result, errorCode, waiting } = picked
  const problem = errorCode ?? facts?.damage ?? null
  // Above everything that can be read later: on a phone what stands further down begins below the screen.
  const notice = problem && (
    <ErrorNotice
      code={problem}
      tone={errorCode ? 'danger' : 'warn'}
      action={errorCode && <WaysOut picked={picked} onSettings={onSettings} onSkip={onSkip} />}
    />
  )
  return (
    <section aria-label="The picked picture" className="appear overflow-hidden card">
      {file && (
        <div className="flex flex-col sm:flex-row">
          <Thumbnail picked={picked} />
          <div className="min-w-0 flex-1 p-5 sm:p-6">
            <h2
              title={facts?.name ?? file.name}
              className="line-clamp-3 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]"
            >
              {facts?.name ?? file.name}
            </h2>
            {notice && <div className="mt-4">{notice}</div>}
            <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 text-base figures">
              <Fact label="Type" value={facts?.type ?? (file.type || 'unknown')} />
              <Fact label="Size" value={`${formatBytes(file.size)} (${formatExactBytes(file.size)})`} />
              <Fact label="H × W × channels" value={facts ? formatShape(facts) : errorCode ? '–' : '…'} />
            </dl>
            <Preparation picked={picked} />
            {result && result.notes.length > 0 && (
              <ul className="mt-3 space-y-1 text-base text-muted">
                {result.notes.map((note) => (
                  <li key={note}>{NOTE_TEXTS[note]}</li>
                ))}
              </ul>
            )}
          </div>
        </div>
      )}
      {!file && notice && <div className="p-4">{notice}</div>}
      {waiting.length > 0 && (
        <p className="border-t border-line px-5 py-3 text-base [overflow-wrap:anywhere] text-muted sm:px-6">
          Then {formatNames(waiting.map((next) => next.name))}
        </p>
      )}
    </section>
  )
})

function WaysOut({ picked: { errorCode, settings, waiting }, onSettings, onSkip }: PickedCardProps) {
  const canKeep = errorCode === 'SHOAL_COMPRESS_FAILED'
  const canShrink = errorCode === 'SHOAL_IMAGE_TOO_LARGE' && settings.kind === 'original'
  if (!canKeep && !canShrink && waiting.length === 0) return null
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {canKeep && <Button onClick={() => onSettings(ORIGINAL_SETTINGS)}>Send the original</Button>}
      {canShrink && <Button onClick={() => onSettings(DEFAULT_SETTINGS)}>Compress it</Button>}
      {waiting.length > 0 && <Button onClick={onSkip}>Skip this one</Button>}
    </div>
  )
}

function Thumbnail({ picked: { facts, thumbnailUrl, phase } }: { picked: DeskState }) {
  const ground = facts?.channels === 4 ? 'checkered' : 'bg-sunken'
  const nothingToCome = phase === 'failed' && !thumbnailUrl
  return (
    <div
      className={`flex h-56 shrink-0 items-center justify-center sm:h-auto sm:min-h-60 sm:w-72 ${ground} ${nothingToCome ? 'max-sm:hidden' : ''}`}
    >
      {thumbnailUrl ? (
        <img
          src={thumbnailUrl}
          alt={`Preview of ${facts?.name ?? 'the picture'}`}
          className="appear size-full object-contain sm:max-h-72"
        />
      ) : (
        nothingToCome && <ImageOff aria-hidden="true" className="size-12 text-muted" />
      )}
    </div>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="[overflow-wrap:anywhere]">{value}</dd>
    </>
  )
}
