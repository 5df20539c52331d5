'use client'

import { isActive } from '@/lib/react/transfer-choice'
import type { TransferView } from '@/lib/transfer/types'

import { Button } from '../../_ui/button'

/** What moves now and what could be mended, with the one button for each; nothing to see while there is neither. */
export function TransferStrip({
  active,
  transfers,
  repairable,
  waiting,
  onCancel,
  onRepair,
}: {
  active: TransferView | null
  transfers: readonly TransferView[]
  repairable: TransferView | null
  /** A press on Send that has not been carried out. */
  waiting: boolean
  onCancel: () => void
  onRepair: () => void
}) {
  const running = transfers.filter(isActive)
  const held = running.reduce((sum, { progress }) => sum + progress.chunksHeld, 0)
  const all = running.reduce((sum, { progress }) => sum + progress.chunks, 0)
  const idle = !active && !repairable && !waiting
  return (
    <div
      className={
        idle
          ? 'sr-only'
          : 'flex shrink-0 items-center gap-3 border-t border-line bg-surface px-4 py-1.5 text-base'
      }
    >
      <div className="min-w-0 flex-1">
        {active ? (
          <>
            <p className="truncate text-sm text-muted figures">
              {active.direction === 'send' ? 'Sending' : 'Receiving'} {active.name}
              {running.length > 1 && ` and ${running.length - 1} more`}
            </p>
            <progress
              className="bar mt-1"
              aria-label="Pictures under way"
              max={Math.max(1, all)}
              value={held}
            />
          </>
        ) : repairable ? (
          <p className="truncate text-warn">{repairable.name} has holes</p>
        ) : (
          waiting && <p className="text-muted">Will be sent as soon as it is ready.</p>
        )}
      </div>
      <Button
        data-testid="repair"
        variant="primary"
        className="min-h-11 disabled:hidden"
        disabled={!repairable || active !== null}
        onClick={onRepair}
      >
        Repair
      </Button>
      <Button
        data-testid="cancel"
        variant="danger"
        className="min-h-11 disabled:hidden"
        disabled={!active && !waiting}
        onClick={onCancel}
      >
        Cancel
      </Button>
    </div>
  )
}
