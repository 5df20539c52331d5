import { formatBytes, formatPercent, formatRate, formatSecondsLeft } from '@/lib/react/format'
import type { TransferView } from '@/lib/transfer/types'

const CHUNK_BYTES = 1024

/** How far, how fast, how long still, and what was lost so far. */
export function TransferFigures({ transfer }: { transfer: TransferView }) {
  const { progress, bytes } = transfer
  const held = Math.min(bytes, progress.chunksHeld * CHUNK_BYTES)
  const percent = progress.chunks > 0 ? Math.floor((100 * progress.chunksHeld) / progress.chunks) : 0
  return (
    <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3 figures sm:grid-cols-4">
      <Figure
        label="Arrived"
        value={`${percent}\u00a0%`}
        detail={`${formatBytes(held)} of ${formatBytes(bytes)}`}
      />
      <Figure label="Speed" value={formatRate(progress.bytesPerSecond)} />
      <Figure
        label="Left"
        value={progress.secondsLeft === null ? '–' : formatSecondsLeft(progress.secondsLeft)}
      />
      <Figure
        label="Lost so far"
        value={progress.lossPercent === null ? '–' : formatPercent(progress.lossPercent)}
        detail={progress.repairRounds > 0 ? `repair round ${progress.repairRounds}` : undefined}
      />
    </dl>
  )
}

function Figure({ label, value, detail }: { label: string; value: string; detail?: string | undefined }) {
  return (
    <div>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="text-lg leading-tight font-semibold whitespace-nowrap">{value}</dd>
      {detail && <dd className="text-sm whitespace-nowrap text-muted">{detail}</dd>}
    </div>
  )
}
