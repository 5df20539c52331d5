'use client'

import { Trash2 } from 'lucide-react'
import { memo } from 'react'

import { formatBytes, formatShape } from '@/lib/react/format'
import { transferText } from '@/lib/react/page-status'
import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

import { Button } from '../../_ui/button'
import { Outcome } from '../../_ui/outcome'
import { ReportView } from '../../_ui/report-view'
import { TransferFigures } from '../../_ui/transfer-progress'

/** One picture to one receiver, from the click to the report. */
export const SentCard = memo(function SentCard({
  transfer,
  onCancel,
  onRemove,
}: {
  transfer: TransferView
  onCancel: (key: string) => void
  onRemove: (key: string) => void
}) {
  const running = isActive(transfer)
  return (
    <article aria-label={`${transfer.name} to ${transfer.peerName}`} className="card p-5 sm:p-6">
      <header className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2
            title={transfer.name}
            className="line-clamp-3 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]"
          >
            {transfer.name}
          </h2>
          <p className="mt-0.5 text-base text-muted figures">
            to{' '}
            <strong className="font-semibold [overflow-wrap:anywhere] text-ink">{transfer.peerName}</strong> ·{' '}
            {formatBytes(transfer.bytes)} · <span className="whitespace-nowrap">{formatShape(transfer)}</span>
          </p>
        </div>
        {running ? (
          <Button
            variant="danger"
            aria-label={`Cancel ${transfer.name} to ${transfer.peerName}`}
            onClick={() => onCancel(transfer.key)}
          >
            Cancel
          </Button>
        ) : (
          <Button
            variant="quiet"
            className="-mt-1 -mr-2"
            aria-label={`Remove ${transfer.name}`}
            onClick={() => onRemove(transfer.key)}
          >
            <Trash2 aria-hidden="true" />
          </Button>
        )}
      </header>
      {running ? (
        <>
          <p className="mt-4 mb-2 text-base text-muted">{transferText(transfer)}</p>
          <progress
            className="bar"
            aria-label={`${transfer.name}: chunks that have arrived`}
            max={transfer.progress.chunks}
            value={transfer.progress.chunksHeld}
          />
          <TransferFigures transfer={transfer} />
        </>
      ) : (
        <Outcome transfer={transfer} />
      )}
      <ReportView transferId={transfer.transferId} report={transfer.report} />
    </article>
  )
})
