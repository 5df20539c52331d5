'use client'

import type { ReactEventHandler } from 'react'
import { useState } from 'react'

import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

/** Over the whole box, as the picture itself lies in it. */
const OVER_ALL = 'pointer-events-none absolute inset-0 size-full object-contain'

/**
 * The picture, large. Its place is kept from the announcement on, so nothing jumps when it appears: first a blur, then
 * a small copy, then as much as is here, with the holes hatched. `onSeen`: the first of them but the blur, at that time.
 */
export function PictureView({
  transfer,
  onSeen,
}: {
  transfer: TransferView
  onSeen: (key: string, atMs: number) => void
}) {
  const { picture, sight } = transfer
  const isWhole = picture?.complete ?? false
  // A heavy one is whole a moment before it can be shown: until then what was seen of it stays.
  const isDrawn = isWhole && !(transfer.state === 'done' && picture?.url === null)
  const live = isDrawn ? null : (sight?.live ?? null)
  const shown = picture && (live?.url ?? picture.url)
  const early = sight?.previewUrl ?? live?.url ?? picture?.url ?? null
  // Of the very picture that is shown now: a repaired one gets another chance.
  const [unreadable, setUnreadable] = useState<string | null>(null)
  const nothingToShow =
    !shown && !early && !sight?.placeholderUrl && !isActive(transfer) && isDrawn === isWhole
  return (
    <div
      className={`relative overflow-hidden rounded-t-[1.4375rem] ${transfer.channels === 4 ? 'checkered' : 'bg-sunken'} ${nothingToShow ? 'hidden' : ''}`}
    >
      {!isDrawn && sight?.placeholderUrl && (
        <img src={sight.placeholderUrl} alt="" className="absolute inset-0 size-full object-cover" />
      )}
      {early && <Preview transfer={transfer} src={early} isCovered={isDrawn} onSeen={onSeen} />}
      {!picture && live && <img src={live.url} alt="" decoding="async" className={OVER_ALL} />}
      {!isDrawn && (
        <Behind
          transfer={transfer}
          isSeen={early !== null || Boolean(sight?.placeholderUrl)}
          tooEarly={shown !== null && unreadable === shown}
        />
      )}
      <img
        data-testid="received-image"
        data-transfer-id={transfer.transferId}
        data-complete={isWhole}
        data-sha256={picture?.sha256}
        data-shown-percent={isWhole ? 100 : picture ? (live?.shownPercent ?? undefined) : undefined}
        alt={shown ? `${transfer.name}, sent by ${transfer.peerName}` : ''}
        width={transfer.width}
        height={transfer.height}
        decoding="async"
        onError={() => setUnreadable(shown)}
        className={`relative mx-auto block h-auto max-h-[70svh] w-full object-contain ${shown && unreadable !== shown ? '' : 'invisible'}`}
        {...(shown ? { src: shown } : {})}
      />
      {live?.maskUrl && (
        <img src={live.maskUrl} alt="" className={`${OVER_ALL} [image-rendering:pixelated]`} />
      )}
      {!isWhole && picture && (
        <span className="absolute top-3 left-3 rounded-full bg-warn-soft px-3 py-1 text-base font-semibold text-warn">
          Incomplete
        </span>
      )}
      {!isWhole && !picture && early && isActive(transfer) && (
        <span className="absolute top-3 left-3 rounded-full bg-surface px-3 py-1 text-base font-semibold text-ink figures">
          {percentOf(transfer)}&nbsp;%
        </span>
      )}
    </div>
  )
}

/** The first picture on the screen. It stays where it is, under what comes later. */
function Preview({
  transfer,
  src,
  isCovered,
  onSeen,
}: {
  transfer: TransferView
  src: string
  isCovered: boolean
  onSeen: (key: string, atMs: number) => void
}) {
  const [atMs, setAtMs] = useState<number | null>(null)
  const handleLoad: ReactEventHandler<HTMLImageElement> = (event) => {
    if (atMs !== null) return
    const image = event.currentTarget
    // Loaded is not yet decoded: until then nothing is drawn.
    void image.decode().then(
      () => {
        const now = performance.timeOrigin + performance.now()
        setAtMs((before) => before ?? now)
        onSeen(transfer.key, now)
      },
      () => undefined,
    )
  }
  return (
    <img
      data-testid="preview"
      data-transfer-id={transfer.transferId}
      data-at-ms={atMs ?? undefined}
      src={src}
      alt=""
      onLoad={handleLoad}
      className={`${OVER_ALL} ${isCovered ? 'opacity-0' : ''}`}
    />
  )
}

/** Seen where no pixel is: how far it is, or why there is nothing to see. */
function Behind({
  transfer,
  isSeen,
  tooEarly,
}: {
  transfer: TransferView
  isSeen: boolean
  tooEarly: boolean
}) {
  // What is to be seen first comes within moments; "0 %" before it would only flash.
  if (isSeen || (isActive(transfer) && transfer.progress.chunksHeld === 0)) return null
  return (
    <div
      aria-hidden="true"
      className="absolute inset-0 flex items-center justify-center p-6 text-center text-muted"
    >
      {isActive(transfer) ? (
        <span className="text-5xl font-semibold tracking-tight figures">{percentOf(transfer)}&nbsp;%</span>
      ) : (
        tooEarly && (
          <span className="max-w-xs">
            A picture can be shown up to its first hole. Here that comes too early to see anything.
          </span>
        )
      )}
    </div>
  )
}

function percentOf({ progress }: TransferView): number {
  return Math.floor((100 * progress.chunksHeld) / Math.max(1, progress.chunks))
}
