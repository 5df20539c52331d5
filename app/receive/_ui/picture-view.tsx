'use client'

import { useState } from 'react'

import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

/**
 * The picture, large. Its place is kept from the announcement on, so nothing jumps when it appears; without
 * `src` there is nothing to show yet.
 */
export function PictureView({ transfer }: { transfer: TransferView }) {
  const { picture } = transfer
  const shown = picture?.url ?? null
  const incomplete = picture !== null && !picture.complete
  const nothingToCome = !shown && !isActive(transfer)
  // Of the very picture that is shown now: a repaired one gets another chance.
  const [unreadable, setUnreadable] = useState<string | null>(null)
  return (
    <div
      className={`relative overflow-hidden rounded-t-[1.4375rem] ${transfer.channels === 4 ? 'checkered' : 'bg-sunken'} ${nothingToCome ? 'hidden' : ''}`}
    >
      {!picture?.complete && <Behind transfer={transfer} tooEarly={shown !== null && unreadable === shown} />}
      <img
        data-testid="received-image"
        data-transfer-id={transfer.transferId}
        data-complete={picture?.complete ?? false}
        data-sha256={picture?.sha256}
        alt={shown ? `${transfer.name}, sent by ${transfer.peerName}` : ''}
        width={transfer.width}
        height={transfer.height}
        decoding="async"
        onError={() => setUnreadable(shown)}
        className={`relative mx-auto block h-auto max-h-[70svh] w-full object-contain ${shown && unreadable !== shown ? '' : 'invisible'}`}
        {...(shown ? { src: shown } : {})}
      />
      {incomplete && (
        <span className="absolute top-3 left-3 rounded-full bg-warn-soft px-3 py-1 text-base font-semibold text-warn">
          Incomplete
        </span>
      )}
    </div>
  )
}

/** Seen until pixels cover it: how far it is, or why there is nothing to see. */
function Behind({ transfer, tooEarly }: { transfer: TransferView; tooEarly: boolean }) {
  const { chunks, chunksHeld } = transfer.progress
  return (
    <div
      aria-hidden="true"
      className="absolute inset-0 flex items-center justify-center p-6 text-center text-muted"
    >
      {isActive(transfer) ? (
        <span className="text-5xl font-semibold tracking-tight figures">
          {Math.floor((100 * chunksHeld) / Math.max(1, chunks))}&nbsp;%
        </span>
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
