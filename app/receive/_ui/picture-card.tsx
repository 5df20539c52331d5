'use client'

import { Download, Trash2 } from 'lucide-react'
import { memo } from 'react'

import { formatBytes, formatCount, formatShape } from '@/lib/react/format'
import { copyText, transferText } from '@/lib/react/page-status'
import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

import { Button, buttonClass } from '../../_ui/button'
import { Outcome } from '../../_ui/outcome'
import { ReportView } from '../../_ui/report-view'
import { TransferFigures } from '../../_ui/transfer-progress'
import { PacketStream } from './packet-stream'
import { PieceBar } from '../../_ui/piece-bar'
import { PictureView } from '../../_ui/picture-view'

export interface CardActions {
  readonly cancel: (key: string) => void
  readonly repair: (key: string) => void
  readonly remove: (key: string) => void
  readonly seen: (key: string, atMs: number) => void
}

/**
 * One picture, from its announcement to its report. Drawn again only when its own transfer changed. It comes without an
 * animation: while it would play, the processor has packets to take in.
 */
export const PictureCard = memo(function PictureCard({
  transfer,
  actions,
}: {
  transfer: TransferView
  actions: CardActions
}) {
  const running = isActive(transfer)
  const { picture, packetLog, progress } = transfer
  const copy = copyText(transfer)
  return (
    <article aria-label={`${transfer.name} from ${transfer.peerName}`} className="card">
      <PictureView transfer={transfer} onSeen={actions.seen} />
      <div className="p-5 sm:p-6">
        <header
          className={`flex items-start justify-between gap-x-6 gap-y-3 ${picture ? 'max-sm:flex-col' : ''}`}
        >
          <div className="min-w-0">
            <h2
              title={transfer.name}
              className="line-clamp-3 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]"
            >
              {transfer.name}
            </h2>
            <p className="mt-0.5 text-base text-muted figures">
              from{' '}
              <strong className="font-semibold [overflow-wrap:anywhere] text-ink">{transfer.peerName}</strong>{' '}
              · {formatBytes(transfer.bytes)} ·{' '}
              <span className="whitespace-nowrap">{formatShape(transfer)}</span>
            </p>
          </div>
          <div className={`flex shrink-0 gap-2 ${picture ? 'max-sm:w-full' : ''}`}>
            <a
              data-testid="save"
              data-transfer-id={transfer.transferId}
              aria-disabled={picture ? undefined : true}
              className={buttonClass(picture?.complete ? 'primary' : 'secondary', 'aria-disabled:hidden')}
              {...(picture ? { href: picture.fileUrl, download: picture.fileName } : {})}
            >
              <Download aria-hidden="true" />
              Save
            </a>
            {transfer.canRepair && !running && (
              <Button variant="primary" onClick={() => actions.repair(transfer.key)}>
                Repair
              </Button>
            )}
            {running ? (
              <Button variant="danger" onClick={() => actions.cancel(transfer.key)}>
                Cancel
              </Button>
            ) : (
              <Button
                variant="quiet"
                className="-mr-3 max-sm:ml-auto"
                aria-label={`Remove ${transfer.name}`}
                onClick={() => actions.remove(transfer.key)}
              >
                <Trash2 aria-hidden="true" />
              </Button>
            )}
          </div>
        </header>
        {packetLog && transfer.state !== 'done' && (
          <div className="mt-4">
            <PieceBar log={packetLog} transfer={transfer} />
          </div>
        )}
        {transfer.interrupted && <p className="mt-4 text-base text-warn">{transferText(transfer)}</p>}
        {running && <TransferFigures transfer={transfer} />}
        {!running && <Outcome transfer={transfer} />}
        {picture && !picture.complete && (
          <p className="mt-3 text-base text-muted">
            {formatCount(progress.chunks - progress.chunksHeld)} of {formatCount(progress.chunks)} chunks are
            missing. {describeShown(transfer)} the saved file has zero bytes where they belong.
          </p>
        )}
        {copy !== null && <p className="mt-3 text-base text-muted">{copy}</p>}
        <ReportView transferId={transfer.transferId} report={transfer.report} />
        {packetLog && <PacketStream log={packetLog} length={packetLog.length} />}
      </div>
    </article>
  )
})

function describeShown({ picture, sight }: TransferView): string {
  const percent = sight?.live?.shownPercent ?? null
  if (percent !== null) return `${percent} % of the pixels are here, the rest is hatched;`
  return picture?.url ? 'The picture shows what is intact;' : 'Nothing of it can be shown;'
}
