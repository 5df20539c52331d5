import { formatLinkSpec } from '@/e2e/link/link-spec'

import type { CellSummary, Row } from './summary'

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
  'queue p95 in the first s, after it, ms',
  'lanes',
]

/** The table of one cell. */
export function cellTable({ cell, limitMs, webSocketMs, rows }: CellSummary): string {
  const title = `### ${formatLinkSpec(cell.link)}: ${cell.bytes} bytes`
  const scale = `L = ${ms(limitMs)} ms${webSocketMs === null ? '' : `, W = ${ms(webSocketMs)} ms`}`
  return `${title}\n\n${scale}\n\n${tableOf([HEAD, ...rows.map(cellsOf)])}`
}

/** Markdown of some rows, the first being the head. */
export function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

function cellsOf(row: Row): string[] {
  const { toWebSocket } = row
  return [
    row.state === 'open' ? row.contender : `${row.contender}, ${row.state}`,
    `${row.exact} of ${row.runs}`,
    ms(row.medianMs),
    ms(row.p95Ms),
    toWebSocket
      ? `${ratio(toWebSocket.middle)} (${ratio(toWebSocket.low)} to ${ratio(toWebSocket.high)})`
      : '',
    ratio(row.toLimit),
    row.sentOfNeeded === null ? '' : ratio(row.sentOfNeeded),
    count(row.linkLost),
    count(row.linkQueueFull),
    count(row.queueHighPackets),
    [row.queueDelayP95Ms, row.settledQueueDelayP95Ms].map((each) => each?.toFixed(1) ?? '-').join(', '),
    count(row.lanes),
  ]
}

/** Infinity is a run that did not end. */
export function ms(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'not finished'
}

export function ratio(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : 'none'
}

function count(value: number | null): string {
  return value === null ? '' : value.toFixed(0)
}
