import { Cancellations } from './cancellation'
import { FINISHED_KEPT_MAX } from './constants'
import type { Cancel, CancelReason } from './packet/cancel'
import { encodeStatus, type ReceiverStatus } from './packet/status'
import type { Packet } from './wire'

/** The last transfers that ended, so that a peer that has not noticed finds its answer (SPEC EP5, CX2, CX3, LM5). */
export class ClosedTransfers {
  readonly #endings = new Map<string, Ending>()
  readonly #cancellations = new Cancellations()
  /** Final REPORTs of pictures that are put away, for senders that still ask. */
  readonly #reports: Uint8Array[] = []

  has(transferId: string): boolean {
    return this.#endings.has(transferId)
  }

  /** Received to the end and put away. */
  addReceived(transferId: string, status: ReceiverStatus): void {
    this.#add(transferId, { type: 'received', report: encodeStatus(transferId, status) })
  }

  /** Ended before its time, or gone; the peer is told when it still sends something for it. */
  addCancelled(transferId: string, reason: CancelReason): void {
    this.#add(transferId, { type: 'cancelled', reason, limitBytes: 0 })
  }

  /** Ended from this side: the peer is told at once. `limitBytes`: our cap with SHOAL_REFUSED_TOO_LARGE, else 0. */
  cancel(transferId: string, reason: CancelReason, limitBytes: number, now: number): void {
    this.#add(transferId, { type: 'cancelled', reason, limitBytes })
    this.#cancellations.start(transferId, reason, limitBytes, now)
  }

  /** True for a CANCEL that asks for an end, which is acknowledged here; false when it acknowledges one of ours. */
  handleCancel(transferId: string, { acknowledges, reason }: Cancel): boolean {
    if (acknowledges) this.#cancellations.handleAcknowledged(transferId)
    else this.#cancellations.acknowledge(transferId, reason)
    return !acknowledges
  }

  /** False when its transfer has not ended, as far as is remembered; else the peer has not noticed, and is answered. */
  handlePacket(packet: Packet, now: number): boolean {
    const ending = this.#endings.get(packet.transferId)
    if (!ending) return false
    if (ending.type === 'received') {
      if (packet.type === 'end') this.#reports.push(ending.report)
    } else if (packet.type !== 'report' || packet.data.phase !== 'final') {
      this.#cancellations.start(packet.transferId, ending.reason, ending.limitBytes, now)
    }
    return true
  }

  /** Nobody will acknowledge anything any more. */
  handlePeerGone(): void {
    this.#cancellations.clear()
  }

  handleTimeout(now: number): void {
    this.#cancellations.handleTimeout(now)
  }

  pollTimeout(): number | null {
    return this.#cancellations.pollTimeout()
  }

  pollControl(): Uint8Array | null {
    return this.#reports.shift() ?? this.#cancellations.pollControl()
  }

  #add(transferId: string, ending: Ending): void {
    this.#endings.set(transferId, ending)
    for (const oldest of this.#endings.keys()) {
      if (this.#endings.size <= FINISHED_KEPT_MAX) break
      this.#endings.delete(oldest)
    }
  }
}

/** What is left of a transfer that this side has put away. */
type Ending =
  /** Ended before its time: whatever still comes for it is answered by CANCEL. */
  | { readonly type: 'cancelled'; readonly reason: CancelReason; readonly limitBytes: number }
  /** Received to the end: a sender that still asks gets the final REPORT again. */
  | { readonly type: 'received'; readonly report: Uint8Array }
