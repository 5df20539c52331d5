'use client'

import { ChevronDown, CircleCheck } from 'lucide-react'

import type { ChatPicture } from '@/lib/chat/types'
import { formatBytes } from '@/lib/react/format'
import { arrivals } from '@/lib/react/message-transfers'
import { transferText } from '@/lib/react/page-status'
import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

import { Button } from '../../_ui/button'
import { ReportView } from '../../_ui/report-view'
import { PicturePlace } from './picture-place'

/** A picture of one's own: how far it is with everyone, and a report for each. */
export function SentPicture({
  picture,
  transfers,
  url,
  onCancel,
}: {
  picture: ChatPicture
  transfers: readonly TransferView[]
  /** Null once this page no longer has its bytes. */
  url: string | null
  onCancel: (key: string) => void
}) {
  const running = transfers.filter(isActive)
  const { exact, of } = arrivals(transfers)
  const held = transfers.reduce((sum, { progress }) => sum + progress.chunksHeld, 0)
  const all = transfers.reduce((sum, { progress }) => sum + progress.chunks, 0)
  return (
    <>
      {url === null ? (
        <PicturePlace picture={picture} />
      ) : (
        <img
          src={url}
          alt={`${picture.name}, sent by you`}
          width={picture.width}
          height={picture.height}
          decoding="async"
          className="block h-auto max-h-[50svh] w-full rounded-t-[1.4375rem] bg-sunken object-contain"
        />
      )}
      <figcaption className="px-4 py-2.5">
        <p title={picture.name} className="truncate text-base font-medium">
          <bdi>{picture.name}</bdi>
        </p>
        <p className="flex items-center gap-1.5 text-sm text-muted figures">
          {formatBytes(picture.bytes)}
          {of > 0 && running.length === 0 && exact === of && (
            <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-accent" />
          )}
          {of > 0 && ` · exact at ${exact} of ${of}`}
          {of === 0 && ' · waits for others'}
        </p>
        {running.length > 0 && (
          <progress
            className="bar mt-2"
            aria-label={`${picture.name}: chunks that have arrived`}
            max={Math.max(1, all)}
            value={held}
          />
        )}
        {transfers.length > 0 && (
          <details className="group/each mt-1">
            <summary className="flex min-h-11 list-none items-center gap-2 rounded-xl text-base text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
              <ChevronDown
                aria-hidden="true"
                className="size-5 transition-transform group-open/each:rotate-180"
              />
              {of === 1 ? 'Its report' : 'Each report'}
            </summary>
            <ul className="divide-y divide-line">
              {transfers.map((transfer) => (
                <li key={transfer.key} className="py-3">
                  <div className="flex items-center justify-between gap-2">
                    <p className="min-w-0 text-base">
                      <strong className="font-semibold [overflow-wrap:anywhere]">
                        <bdi>{transfer.peerName}</bdi>
                      </strong>
                      <span className="block text-sm text-muted">{transferText(transfer)}</span>
                    </p>
                    {isActive(transfer) && (
                      <Button
                        variant="danger"
                        className="min-h-11 px-3"
                        aria-label={`Cancel ${transfer.name} to ${transfer.peerName}`}
                        onClick={() => onCancel(transfer.key)}
                      >
                        Cancel
                      </Button>
                    )}
                  </div>
                  <ReportView transferId={transfer.transferId} report={transfer.report} small />
                </li>
              ))}
            </ul>
          </details>
        )}
      </figcaption>
    </>
  )
}
