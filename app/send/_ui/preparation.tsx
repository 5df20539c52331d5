import { formatBytes, formatExactBytes, formatShape } from '@/lib/react/format'
import type { DeskState } from '@/lib/react/picture-desk'

/** From the file to what will be sent: under way, or before and after. */
export function Preparation({ picked: { phase, progress, result, settings } }: { picked: DeskState }) {
  if (phase === 'preparing') {
    return (
      <div className="mt-4 rounded-2xl bg-sunken px-4 py-3">
        <p className="mb-3 text-base text-muted">
          {settings.kind === 'compress' ? 'Compressing…' : 'Looking at it…'}
        </p>
        <progress
          className="bar bar-on-sunken mb-2"
          aria-label="Preparing the picture"
          max={1}
          value={progress}
        />
      </div>
    )
  }
  if (phase !== 'ready' || !result) return null
  const { before, after } = result
  const smaller = after.bytes < before.bytes
  return (
    <div className="mt-4 rounded-2xl bg-sunken px-4 py-3 figures">
      <p className="text-sm text-muted">{smaller ? 'Compressed here, before it is sent' : 'Sent as it is'}</p>
      <p className="text-lg font-semibold">
        {smaller
          ? `${formatBytes(before.bytes)} → ${formatBytes(after.bytes)}`
          : formatExactBytes(after.bytes)}{' '}
        {smaller && (
          <span className="inline-block font-normal text-accent-ink">
            {Math.round(100 * (1 - after.bytes / before.bytes))}&nbsp;% smaller
          </span>
        )}
      </p>
      {smaller && (
        <p className="text-base text-muted">
          <span className="inline-block">{formatShape(before)} →</span>{' '}
          <span className="inline-block">{formatShape(after)}</span>
        </p>
      )}
    </div>
  )
}
