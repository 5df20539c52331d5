import { formatLinkSpec } from '@/e2e/link/link-spec'

import type { Interval } from '@/lib/lab/statistics'
import type { Environment } from './records'
import type { CellSummary, Row } from './summary'
import { isMet } from './verdicts'
import type { Verdict } from './verdicts'

const HEAD = [
  'contender',
  'exact',
  'median, ms',
  'p95, ms',
  'of W (95 %)',
  'of L',
  'sent / needed',
  'lost',
  'queue full',
  'queue, most',
  'queueing p95, ms: 1st s, later',
  'lanes',
]

/** Everything measured, as the page that is committed. */
export function document(
  environments: readonly Environment[],
  summaries: readonly CellSummary[],
  verdicts: readonly Verdict[],
  chart: string | null,
): string {
  return [
    ...environments.map(environmentLine),
    ...(verdicts.length > 0 ? ['## Goals', verdictTable(verdicts)] : []),
    ...(chart === null ? [] : [`![Time against loss](${chart})`]),
    ...(summaries.length > 0 ? ['## Every contender', ...summaries.map(cellTable)] : []),
  ].join('\n\n')
}

/** The table of one cell. */
export function cellTable({ cell, limitMs, webSocketMs, lateP99Ms, rows }: CellSummary): string {
  const scale = [
    `L = ${ms(limitMs)} ms`,
    ...(webSocketMs === null ? [] : [`W = ${ms(webSocketMs)} ms`]),
    ...(lateP99Ms === null
      ? []
      : [`99 % of packets at most ${lateP99Ms.toFixed(1)} ms late from the emulator`]),
  ]
  const title = `### ${formatLinkSpec(cell.link)}: ${cell.bytes} bytes`
  return `${title}\n\n${scale.join(', ')}\n\n${tableOf([HEAD, ...rows.map(cellsOf)])}`
}

/** Every goal, with what was measured. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return tableOf([
    ['link: bytes', 'what', 'measured', 'must, at most', '', 'aim, at most', ''],
    ...verdicts.map(({ where, what, measured, must, aim }) => [
      where,
      what,
      plain(measured),
      ...wantedCells(measured, must),
      ...wantedCells(measured, aim),
    ]),
  ])
}

/** Markdown of some rows, the first being the head. */
export function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

function environmentLine({ browser, kernel, tcp, linkTool, cores, build }: Environment): string {
  return `${browser} on both hosts; Linux ${kernel}, TCP ${tcp}; ${cores} cores for everything; link by ${linkTool}; sources ${build}.`
}

function wantedCells(measured: number, wanted: number | null): string[] {
  if (wanted === null) return ['', '']
  return [plain(wanted), Number.isNaN(measured) ? '' : isMet(measured, wanted) ? 'met' : 'MISSED']
}

function cellsOf(row: Row): string[] {
  return [
    row.state === 'open' ? row.contender : `${row.contender}, ${row.state}`,
    `${row.exact} of ${row.runs}`,
    ms(row.medianMs),
    ms(row.p95Ms),
    interval(row.toWebSocket),
    plain(row.toLimit),
    row.sentOfNeeded === null ? '' : plain(row.sentOfNeeded),
    count(row.linkLost),
    count(row.linkQueueFull),
    count(row.queueHighPackets),
    [row.queueDelayP95Ms, row.settledQueueDelayP95Ms].map((each) => each?.toFixed(1) ?? '-').join(', '),
    count(row.lanes),
  ]
}

function interval(ratio: Interval | null): string {
  if (!ratio) return ''
  const { low, middle, high } = ratio
  return Number.isFinite(low) ? `${plain(middle)} (${plain(low)} to ${plain(high)})` : plain(low)
}

/** Infinity is a run that did not end. */
function ms(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'not finished'
}

/** Ratios with two digits behind the point, times with none. */
function plain(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not measured' : 'not finished'
  return Math.abs(value) < 20 ? value.toFixed(2) : value.toFixed(0)
}

function count(value: number | null): string {
  return value === null ? '' : value.toFixed(0)
}
