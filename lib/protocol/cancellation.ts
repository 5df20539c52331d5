import { CANCEL_REPEATS_MAX, CANCELS_PENDING_MAX } from './constants'
import { type CancelReason, encodeCancel } from './packet/cancel'
import { earliest, RetryTimer } from './retry'

interface Pending {
  readonly packet: Uint8Array
  readonly retry: RetryTimer
  left: number
}

/** CANCEL packets that are repeated until they are acknowledged (SPEC CX2). */
export class Cancellations {
  readonly #pending = new Map<string, Pending>()
  readonly #outgoing: Uint8Array[] = []

  /** `limitBytes`: the receiver's cap with SHOAL_REFUSED_TOO_LARGE, else 0. */
  start(transferId: string, reason: CancelReason, limitBytes: number, now: number): void {
    if (this.#pending.has(transferId)) return
    const packet = encodeCancel(transferId, { reason, acknowledges: false, limitBytes })
    const retry = new RetryTimer()
    retry.start(now)
    this.#pending.set(transferId, { packet, retry, left: CANCEL_REPEATS_MAX })
    this.#outgoing.push(packet)
    for (const oldest of this.#pending.keys()) {
      if (this.#pending.size <= CANCELS_PENDING_MAX) break
      this.#pending.delete(oldest)
    }
  }

  acknowledge(transferId: string, reason: CancelReason): void {
    this.#outgoing.push(encodeCancel(transferId, { reason, acknowledges: true, limitBytes: 0 }))
  }

  handleAcknowledged(transferId: string): void {
    this.#pending.delete(transferId)
  }

  /** The peer is gone: nobody will acknowledge. */
  clear(): void {
    this.#pending.clear()
  }

  handleTimeout(now: number): void {
    for (const [transferId, pending] of this.#pending) {
      if (!pending.retry.handleTimeout(now)) continue
      this.#outgoing.push(pending.packet)
      if (--pending.left <= 0) this.#pending.delete(transferId)
    }
  }

  pollTimeout(): number | null {
    return earliest(...[...this.#pending.values()].map((pending) => pending.retry.dueMs))
  }

  pollControl(): Uint8Array | null {
    return this.#outgoing.shift() ?? null
  }
}
