import type { RepairRequest } from '../packet/repair'
import type { Run } from '../packet/runs'
import { isOlderStatus, type ReceiverStatus } from '../packet/status'
import { WantedChunks } from './wanted-chunks'

/** What the receiver of one picture has told of itself: its counts, and what it wants of the first pass (SPEC TX6, RS5). */
export class ReceiverView {
  readonly #chunkCount: number
  #status: ReceiverStatus | null = null
  /** What a receiver that has some of the picture already wants of it. */
  readonly #wanted = new WantedChunks()

  constructor(chunkCount: number) {
    this.#chunkCount = chunkCount
  }

  /** Its counts as last heard. */
  get status(): ReceiverStatus | null {
    return this.#status
  }

  /** It has said that it holds every chunk. */
  get whole(): boolean {
    return this.#status?.chunksHeld === this.#chunkCount && this.#status.phase !== 'receiving'
  }

  /** The MANIFEST has its answer: a REPORT, and where that speaks of chunks that are there already, what is wanted. */
  get answered(): boolean {
    const status = this.#status
    if (!status) return false
    return status.resumed === 0 || status.phase !== 'receiving' || this.#wanted.complete
  }

  /** What is wanted, in ascending order; all of it once `addWanted` was true. */
  get wanted(): readonly Run[] {
    return this.#wanted.runs
  }

  /** Older than what we know: REPORTs overtake each other, and the request that opened our round. */
  isStale(status: ReceiverStatus, round: number): boolean {
    if (status.repairRounds < round) return true
    return this.#status !== null && isOlderStatus(status, this.#status)
  }

  /** Not stale. */
  update(status: ReceiverStatus): void {
    this.#status = status
  }

  /** It has asked for another round, whatever it said before. */
  reopen(): void {
    this.#status = this.#status && { ...this.#status, phase: 'receiving' }
  }

  /** A part of a request of round 0; true when it was the last that was missing. */
  addWanted(request: RepairRequest): boolean {
    return this.#wanted.add(request)
  }
}
