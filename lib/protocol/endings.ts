import { FINISHED_KEPT_MAX } from './constants'
import type { CancelReason } from './packet/cancel'

/** What is left of a transfer that this side has put away. */
export type Ending =
  /** Ended before its time: whatever still comes for it is answered by CANCEL. */
  | { readonly type: 'cancelled'; readonly reason: CancelReason; readonly limitBytes: number }
  /** Received to the end: a sender that still asks gets the final REPORT again. */
  | { readonly type: 'received'; readonly report: Uint8Array }

/** The last transfers that ended, so that a peer that has not noticed finds its answer (SPEC EP5, LM5). */
export class Endings {
  readonly #kept = new Map<string, Ending>()

  get(transferId: string): Ending | null {
    return this.#kept.get(transferId) ?? null
  }

  add(transferId: string, ending: Ending): void {
    this.#kept.set(transferId, ending)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= FINISHED_KEPT_MAX) break
      this.#kept.delete(oldest)
    }
  }
}
