'use client'

import { ChevronDown } from 'lucide-react'

import type { CarryingPath, TransferMode, TransferReport } from '@/lib/protocol/report'
import {
  formatClock,
  formatCount,
  formatDuration,
  formatExactBytes,
  formatPercent,
  formatRate,
} from '@/lib/react/format'

import { CopyButton } from './copy-button'

/**
 * The loss report of one transfer. The element is there from the start; `data-report` only when the report is
 * final, as the JSON of the record itself.
 */
export function ReportView({
  transferId,
  report,
  small = false,
}: {
  transferId: string
  report: TransferReport | null
  /** Where there is little room, as in a chat. */
  small?: boolean
}) {
  return (
    <div
      data-testid="report"
      data-transfer-id={transferId}
      data-report={report ? JSON.stringify(report) : undefined}
      className={report ? (small ? 'mt-2' : 'appear mt-5') : undefined}
    >
      {report && <FinalReport report={report} small={small} />}
    </div>
  )
}

function FinalReport({ report, small }: { report: TransferReport; small: boolean }) {
  return (
    <>
      <dl
        className={`grid grid-cols-2 gap-px overflow-hidden rounded-2xl border border-line bg-line figures ${small ? 'hidden' : 'sm:grid-cols-4'}`}
      >
        <Headline
          label="Packets lost"
          value={formatCount(report.packetsLost)}
          detail={`of ${formatCount(report.packetsSent)} sent`}
        />
        <Headline
          label="Loss"
          value={formatPercent(report.lossPercent)}
          detail={`${formatPercent(report.successPercent)} arrived`}
        />
        <Headline
          label="Time"
          value={formatDuration(report.completedAtMs - report.firstPacketAtMs)}
          detail="first packet to last"
        />
        <Headline
          label="Goodput"
          value={formatRate(report.goodputBytesPerSecond)}
          detail="picture bytes only"
        />
      </dl>
      {report.resumed > 0 && (
        <p className="mt-3 text-base text-muted">
          Resumed: {formatCount(report.resumed)} chunks were there from an earlier try and were not sent
          again.
        </p>
      )}
      <details className="group mt-2">
        <summary className="flex min-h-11 list-none items-center gap-2 rounded-xl text-base text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
          <ChevronDown aria-hidden="true" className="size-5 transition-transform group-open:rotate-180" />
          {small ? `Loss report: ${formatPercent(report.lossPercent)} lost` : 'Full loss report'}
        </summary>
        <dl className="mt-1 divide-y divide-line text-base figures">
          {rows(report).map(([label, value]) => (
            <div key={label} className="flex flex-wrap justify-between gap-x-6 gap-y-0.5 py-2">
              <dt className="text-muted">{label}</dt>
              <dd className="ml-auto text-right [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
        <CopyButton className="mt-4" text={() => JSON.stringify(report, null, 2)}>
          Copy report as JSON
        </CopyButton>
      </details>
    </>
  )
}

function Headline({ label, value, detail }: { label: string; value: string; detail: string }) {
  return (
    <div className="bg-surface p-3 sm:p-4">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="text-xl leading-tight font-semibold tracking-tight whitespace-nowrap">{value}</dd>
      <dd className="mt-0.5 text-sm text-muted">{detail}</dd>
    </div>
  )
}

const MODES: Record<TransferMode, string> = {
  classic: 'Classic: one pass, no repair',
  repair: 'Repair: rounds until exact',
  assured: 'Assured: several lanes, an erasure code',
}

const PATHS: Record<CarryingPath, string> = {
  direct: 'Direct, from browser to browser',
  turn: 'Through a TURN server',
  relay: 'Through this server, sealed',
}

const OVERHEAD_DIGITS = 2

function rows(report: TransferReport): readonly (readonly [string, string])[] {
  return [
    ['Picture', report.name],
    ['Type', report.type],
    ['Size', formatExactBytes(report.bytes)],
    ['Width × height', `${report.width} × ${report.height}`],
    ['Mode', MODES[report.mode]],
    ['Exact', report.exact ? 'Yes, the receiver’s SHA-256 is the announced one' : 'No'],
    ['Packets sent', formatCount(report.packetsSent)],
    ['Packets received', formatCount(report.packetsReceived)],
    ['Packets lost', formatCount(report.packetsLost)],
    ['Loss', formatPercent(report.lossPercent)],
    ['Success', formatPercent(report.successPercent)],
    ['Duplicates', formatCount(report.duplicates)],
    ['Late, after the count was closed', formatCount(report.lateAfterFreeze)],
    ['Chunks repaired', formatCount(report.repaired)],
    ['Repair rounds', formatCount(report.repairRounds)],
    ['Chunks there from an earlier try', formatCount(report.resumed)],
    ['Bytes received', formatExactBytes(report.bytesReceived)],
    ['Send pressed (sender’s clock)', formatClock(report.startedAtMs)],
    ['First packet (receiver’s clock)', formatClock(report.firstPacketAtMs)],
    ['Complete (receiver’s clock)', formatClock(report.completedAtMs)],
    ...pathRows(report),
    ['Goodput', formatRate(report.goodputBytesPerSecond)],
    ['SHA-256 of what is held', report.sha256],
    ['Transfer', report.transferId],
  ]
}

function pathRows(report: TransferReport): readonly (readonly [string, string])[] {
  const { path, mode, previewAtMs, minRttMs, queueDelayMsP95 } = report
  return [
    ['Path', path ? PATHS[path] : 'Not known'],
    ['Lanes', formatCount(report.lanes)],
    ...(report.relayedBytes > 0 ? ([['Relayed', formatExactBytes(report.relayedBytes)]] as const) : []),
    ['Data sent / picture', report.overheadRatio.toFixed(OVERHEAD_DIGITS)],
    ...(mode === 'assured'
      ? ([
          ['Coded packets sent', formatCount(report.codedPacketsSent)],
          ['Chunks rebuilt by the code', formatCount(report.recovered)],
          ['Under way at the end, not needed', formatCount(report.inFlightAtEnd)],
        ] as const)
      : []),
    ...(minRttMs === null ? [] : ([['Least round trip', formatDuration(minRttMs)]] as const)),
    ...(queueDelayMsP95 === null
      ? []
      : ([['Queueing delay, 95th percentile', formatDuration(queueDelayMsP95)]] as const)),
    ...(previewAtMs === null ? [] : ([['First seen (receiver’s clock)', formatClock(previewAtMs)]] as const)),
  ]
}
