import { formatLinkSpec, parseLinkSpec } from '@/e2e/link/link-spec'

import { median, percentile } from '@/lib/lab/statistics'
import {
  goalOf,
  hasPreviewGoal,
  PREVIEW_SHARE,
  previewWithinMs,
  QUEUE_DELAY_MAX_MS,
  READY_WITHIN_MS,
  SHARE_MAX,
  wantedOverhead,
} from './cells'
import type { Bar } from './cells'
import type { LongRecord } from './measure-long'
import type { ReadyRecord } from './measure-ready'
import type { CellSummary, Row } from './summary'

/** One figure that has a goal. NaN: nothing was measured. */
export interface Verdict {
  /** "link: bytes", or the link alone. */
  readonly where: string
  readonly what: string
  readonly measured: number
  /** At most; null where nothing must be. */
  readonly must: number | null
  readonly aim: number | null
}

export const isMet = (measured: number, wanted: number): boolean => measured <= wanted

/** What the table's cell wants of Assured, with lanes open: pages that have sent before, and pages that have not. */
export function cellVerdicts(summary: CellSummary): Verdict[] {
  const { cell, rows } = summary
  const goal = goalOf(cell)
  const where = `${formatLinkSpec(cell.link)}: ${cell.bytes}`
  return rows
    .filter(({ contender, state }) => contender === 'assured' && state !== 'cold')
    .flatMap((row) => {
      const name = row.state === 'open' ? 'Assured' : 'Assured, first picture'
      const wanted = wantedOverhead(cell.bytes)
      const arrived = 1 - cell.link.lossPercent / 100
      return [
        ...(goal ? timeVerdicts(summary, row, goal.must, goal.aim) : []).map((each) => ({
          ...each,
          where,
          what: `${name}: ${each.what}`,
        })),
        ...(row.sentOfNeeded === null
          ? []
          : [
              {
                where,
                what: `${name}: data sent / needed`,
                measured: row.sentOfNeeded,
                must: wanted.must / arrived,
                aim: wanted.aim / arrived,
              },
            ]),
      ]
    })
}

function timeVerdicts({ webSocketMs }: CellSummary, row: Row, must: Bar, aim: Bar): Omit<Verdict, 'where'>[] {
  const lines: readonly [keyof Bar, string, number][] = [
    ['ofWebSocket', 'median / W', row.toWebSocket?.middle ?? NaN],
    ['ofLimit', 'median / L', row.toLimit],
    ['p95OfWebSocket', 'p95 / W', webSocketMs === null ? NaN : row.p95Ms / webSocketMs],
  ]
  return lines
    .filter(([key]) => must[key] !== undefined || aim[key] !== undefined)
    .map(([key, what, measured]) => ({ what, measured, must: must[key] ?? null, aim: aim[key] ?? null }))
}

/** The first preview at the highest loss: the time within which 95 of 100 had one. */
export function previewVerdicts({ cell, rows }: CellSummary): Verdict[] {
  if (!hasPreviewGoal(cell.link)) return []
  return rows
    .filter(
      ({ contender, state, previews }) => contender === 'assured' && state !== 'cold' && previews.length > 0,
    )
    .map(({ state, previews }) => ({
      where: `${formatLinkSpec(cell.link)}: ${cell.bytes}`,
      what: `first preview${state === 'open' ? '' : ', first picture'}, ms within which 95 % of ${previews.length} had it`,
      measured: percentile(previews, PREVIEW_SHARE),
      must: previewWithinMs(cell.link),
      aim: null,
    }))
}

export function readyVerdicts(records: readonly ReadyRecord[]): Verdict[] {
  return groups(records, ({ link, place }) => `${link}, ${place}`).map(([where, runs]) => ({
    where,
    what: `able to send, ms, median of ${runs.length} (page load before it ${Math.round(median(runs.map(({ loadMs }) => loadMs ?? Infinity)))} ms)`,
    measured: median(runs.map(({ readyMs }) => readyMs ?? Infinity)),
    must: READY_WITHIN_MS[runs[0]?.link ?? ''] ?? null,
    aim: null,
  }))
}

export function longVerdicts(records: readonly LongRecord[]): Verdict[] {
  return groups(records, ({ link, beside }) => `${link}, ${beside}`).flatMap(([, runs]) => {
    const [{ link, beside } = { link: '', beside: 'nothing' }] = runs
    return beside === 'nothing' ? queueVerdict(link, runs) : [shareVerdict(link, beside, runs)]
  })
}

/** By the link's own count where it has one, else by the probes. */
function queueVerdict(link: string, runs: readonly LongRecord[]): Verdict[] {
  const delays = runs.flatMap(
    ({ queueDelayP95Ms, probeDelayP95Ms }) => queueDelayP95Ms ?? probeDelayP95Ms ?? [],
  )
  if (delays.length === 0) return []
  const rate = median(runs.map(({ shoalBytes, fromS, toS }) => (shoalBytes * 8) / 1e6 / (toS - fromS)))
  return [
    {
      where: link,
      what: `queueing delay alone, p95 after the first second, ms, median of ${runs.length} (${rate.toFixed(1)} of ${parseLinkSpec(link)?.mbit ?? NaN} Mbit/s)`,
      measured: median(delays),
      must: QUEUE_DELAY_MAX_MS,
      aim: null,
    },
  ]
}

/** The share of whichever carried more. */
function shareVerdict(link: string, beside: string, runs: readonly LongRecord[]): Verdict {
  const share = median(runs.map(({ shoalBytes, tcpBytes }) => shoalBytes / (shoalBytes + tcpBytes)))
  return {
    where: link,
    what: `share of the larger beside TCP (${beside}), median of ${runs.length}; Shoal's is ${share.toFixed(2)}`,
    measured: Math.max(share, 1 - share),
    must: SHARE_MAX,
    aim: null,
  }
}

function groups<T>(records: readonly T[], nameOf: (record: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>()
  for (const record of records) found.set(nameOf(record), [...(found.get(nameOf(record)) ?? []), record])
  return [...found]
}
