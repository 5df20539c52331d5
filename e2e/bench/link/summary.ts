import { limitMs } from '@/e2e/link/link-spec'
import { randomFrom } from '@/e2e/photos/scene'

import { median, pairedRatio, percentile } from '@/lib/lab/statistics'
import type { Interval } from '@/lib/lab/statistics'
import { formatCell } from './cells'
import type { Cell } from './cells'
import { CONTENDERS, RUN_STATES } from './contender'
import type { ContenderName, RunState } from './contender'
import type { RunRecord } from './records'

/** One contender in one cell; Infinity stands for "not finished". */
export interface Row {
  readonly contender: ContenderName
  readonly state: RunState
  readonly runs: number
  readonly exact: number
  readonly medianMs: number
  readonly p95Ms: number
  /** To one WebSocket in the same rounds; null for that one itself, and without one. */
  readonly toWebSocket: Interval | null
  readonly toLimit: number
  /** Data bytes sent, of those needed; null where nothing counts them. */
  readonly sentOfNeeded: number | null
  /** From the sender to the receiver, medians over the runs; null without counters. */
  readonly linkLost: number | null
  readonly linkQueueFull: number | null
  readonly queueHighPackets: number | null
  /** In the first second. */
  readonly queueDelayP95Ms: number | null
  /** After the first second; null where no run was that long. */
  readonly settledQueueDelayP95Ms: number | null
  readonly lanes: number | null
  /** From the press to the first preview; Infinity where there was none although others had one. */
  readonly previews: readonly number[]
}

export interface CellSummary {
  readonly cell: Cell
  readonly limitMs: number
  /** Of one WebSocket; null without one. */
  readonly webSocketMs: number | null
  /** How late the link handed over 99 of 100 packets at most, in half of the runs; null where it cannot tell. */
  readonly lateP99Ms: number | null
  readonly rows: readonly Row[]
}

const CHUNK_BYTES = 1024
const SEED = 1
/** What is left of a shorter run after its first second is its tail, not its steady state. */
const SETTLED_MIN_MS = 1200

/** What the runs of one cell say. Pure: the same runs give the same summary. */
export function summarise(cell: Cell, all: readonly RunRecord[]): CellSummary {
  const runs = all.filter((run) => run.cell === formatCell(cell))
  const webSocket = runs.filter((run) => run.contender === 'ws-1' && run.state === 'open')
  const limit = limitMs(cell.link, cell.bytes)
  const rows = RUN_STATES.flatMap((state) =>
    CONTENDERS.flatMap((contender) => {
      const own = runs.filter((run) => run.contender === contender && run.state === state)
      return own.length === 0 ? [] : [rowOf(cell, own, webSocket, limit)]
    }),
  )
  return {
    cell,
    limitMs: limit,
    webSocketMs: webSocket.length > 0 ? median(webSocket.map(timeOf)) : null,
    lateP99Ms: medianOf(runs.map(({ firstSecond }) => firstSecond?.aToB.lateP99Ms)),
    rows,
  }
}

function rowOf(cell: Cell, own: readonly RunRecord[], webSocket: readonly RunRecord[], limit: number): Row {
  const [{ contender, state } = { contender: 'assured', state: 'open' } as const] = own
  const times = own.map(timeOf)
  const pairs = own.flatMap((run) => {
    const other = webSocket.find(({ round }) => round === run.round)
    return other ? [[timeOf(run), timeOf(other)] as const] : []
  })
  const isWebSocket = contender === 'ws-1' && state === 'open'
  const forward = own.map(({ firstSecond, afterwards }) => ({
    first: firstSecond?.aToB,
    after: afterwards?.aToB,
  }))
  return {
    contender,
    state,
    runs: own.length,
    exact: own.filter((run) => run.outcome === 'exact').length,
    medianMs: median(times),
    p95Ms: percentile(times, 0.95),
    toWebSocket: isWebSocket || pairs.length === 0 ? null : pairedRatio(pairs, randomFrom(SEED)),
    toLimit: median(times) / limit,
    sentOfNeeded: medianOf(own.map((run) => sentOfNeeded(cell, run))),
    linkLost: medianOf(forward.map(({ first, after }) => first && first.lost + (after?.lost ?? 0))),
    linkQueueFull: medianOf(
      forward.map(({ first, after }) => first && (first.queueFull ?? NaN) + (after?.queueFull ?? 0)),
    ),
    queueHighPackets: medianOf(
      forward.map(
        ({ first, after }) => first && Math.max(first.queueHighPackets ?? NaN, after?.queueHighPackets ?? 0),
      ),
    ),
    queueDelayP95Ms: medianOf(own.map(({ firstSecond }) => firstSecond?.aToB.queueDelayP95Ms)),
    settledQueueDelayP95Ms: medianOf(
      own.map((run) => (timeOf(run) > SETTLED_MIN_MS ? run.afterwards?.aToB.queueDelayP95Ms : null)),
    ),
    lanes: medianOf(own.map((run) => run.lanes?.open)),
    previews: own.some(({ previewMs }) => previewMs !== null)
      ? own.map(({ previewMs }) => previewMs ?? Infinity)
      : [],
  }
}

function timeOf({ ms }: RunRecord): number {
  return ms ?? Infinity
}

/** Data packets sent, of those that the picture has. */
function sentOfNeeded(cell: Cell, { report }: RunRecord): number | null {
  const sent = report?.['packetsSent']
  return typeof sent === 'number' ? sent / Math.ceil(cell.bytes / CHUNK_BYTES) : null
}

function medianOf(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
  return known.length > 0 ? median(known) : null
}
