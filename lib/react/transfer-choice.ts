import type { TransferState, TransferView } from '@/lib/transfer/types'

const ACTIVE_STATES: ReadonlySet<TransferState> = new Set(['waiting', 'sending', 'receiving', 'repairing'])

/** Whether packets move or are about to. */
export function isActive(transfer: TransferView): boolean {
  return ACTIVE_STATES.has(transfer.state)
}

/** What the page's one Cancel button acts on. `transfers` are newest first. */
export function newestActive(transfers: readonly TransferView[]): TransferView | null {
  return transfers.find(isActive) ?? null
}

/** What the page's one Repair button acts on. */
export function newestRepairable(transfers: readonly TransferView[]): TransferView | null {
  return transfers.find((transfer) => transfer.canRepair && !isActive(transfer)) ?? null
}

/** Which transfer finished last, remembered from one state of the room to the next. */
export interface FinishedTrace {
  readonly finishedKeys: ReadonlySet<string>
  readonly lastKey: string | null
}

export const NOTHING_FINISHED: FinishedTrace = { finishedKeys: new Set(), lastKey: null }

/** The next trace; the same object when nothing finished, was removed or started again. */
export function traceFinished(trace: FinishedTrace, transfers: readonly TransferView[]): FinishedTrace {
  // What a reload has brought back did not finish just now.
  const finished = transfers.filter((transfer) => !isActive(transfer) && !transfer.kept)
  const newest = finished.find(({ key }) => !trace.finishedKeys.has(key))?.key
  const unchanged = newest === undefined && finished.length === trace.finishedKeys.size
  if (unchanged) return trace
  const finishedKeys = new Set(finished.map(({ key }) => key))
  const kept = trace.lastKey !== null && finishedKeys.has(trace.lastKey) ? trace.lastKey : null
  return { finishedKeys, lastKey: newest ?? kept }
}
