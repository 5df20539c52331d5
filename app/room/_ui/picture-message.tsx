'use client'

import { Download } from 'lucide-react'

import type { ChatMessage, ChatPicture } from '@/lib/chat/types'
import { isMessage } from '@/lib/react/chat-entries'
import { formatBytes } from '@/lib/react/format'
import { shownTransfer } from '@/lib/react/message-transfers'
import { copyText, transferText } from '@/lib/react/page-status'
import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

import { Button, buttonClass } from '../../_ui/button'
import { PictureView } from '../../_ui/picture-view'
import { PieceBar } from '../../_ui/piece-bar'
import { ReportView } from '../../_ui/report-view'
import { PicturePlace } from './picture-place'
import { SentPicture } from './sent-picture'

export interface PictureActions {
  readonly cancel: (key: string) => void
  readonly repair: (key: string) => void
  readonly seen: (key: string, atMs: number) => void
  /** Asks whoever has it. */
  readonly fetch: (messageId: string) => void
}

/** A picture in the chat, from its announcement to its report. */
export function PictureMessage({
  message,
  picture,
  transfers,
  ownUrl,
  actions,
}: {
  message: ChatMessage
  picture: ChatPicture
  transfers: readonly TransferView[]
  ownUrl: string | null
  actions: PictureActions
}) {
  const own = message.own
  const transfer = own ? null : shownTransfer(transfers)
  return (
    <figure
      className={`w-88 max-w-full min-w-0 rounded-3xl border ${message.to === null ? 'border-line' : 'border-dashed border-warn'} bg-surface`}
    >
      {own ? (
        <SentPicture picture={picture} transfers={transfers} url={ownUrl} onCancel={actions.cancel} />
      ) : transfer ? (
        <ReceivedPicture transfer={transfer} actions={actions} />
      ) : (
        <>
          <PicturePlace picture={picture} />
          <figcaption className="flex items-center gap-3 px-4 py-2.5">
            <Facts name={picture.name} bytes={picture.bytes} />
            {isMessage(message) && (
              <Button
                data-testid="get-picture"
                className="min-h-11 shrink-0 px-4"
                onClick={() => actions.fetch(message.id)}
              >
                Get it
              </Button>
            )}
          </figcaption>
        </>
      )}
    </figure>
  )
}

function ReceivedPicture({ transfer, actions }: { transfer: TransferView; actions: PictureActions }) {
  const { picture, packetLog } = transfer
  const running = isActive(transfer)
  const copy = copyText(transfer)
  return (
    <>
      <PictureView transfer={transfer} onSeen={actions.seen} />
      <figcaption className="px-4 py-2.5">
        <div className="flex items-center gap-2">
          <Facts name={transfer.name} bytes={transfer.bytes} />
          {transfer.canRepair && !running && (
            <Button variant="primary" className="min-h-11 px-4" onClick={() => actions.repair(transfer.key)}>
              Repair
            </Button>
          )}
          <a
            data-testid="save"
            data-transfer-id={transfer.transferId}
            aria-label={`Save ${transfer.name}`}
            aria-disabled={picture ? undefined : true}
            className={buttonClass('secondary', 'min-h-11 shrink-0 px-3 aria-disabled:hidden')}
            {...(picture ? { href: picture.fileUrl, download: picture.fileName } : {})}
          >
            <Download aria-hidden="true" />
          </a>
        </div>
        {packetLog && transfer.state !== 'done' && (
          <div className="mt-2">
            <PieceBar log={packetLog} transfer={transfer} />
          </div>
        )}
        {transfer.state !== 'done' && (
          <p className={`mt-1.5 text-sm ${running ? 'text-muted' : 'text-warn'}`}>{transferText(transfer)}</p>
        )}
        {copy !== null && <p className="mt-1.5 text-sm text-muted">{copy}</p>}
        <ReportView transferId={transfer.transferId} report={transfer.report} small />
      </figcaption>
    </>
  )
}

function Facts({ name, bytes }: { name: string; bytes: number }) {
  return (
    <div className="min-w-0 flex-1">
      <p title={name} className="truncate text-base font-medium">
        <bdi>{name}</bdi>
      </p>
      <p className="text-sm text-muted figures">{formatBytes(bytes)}</p>
    </div>
  )
}
