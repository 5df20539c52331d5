/** A queue longer than this does not come from holding to the path's rate: it is emptied (SPEC CC4). */
const LONG_QUEUE_MS = 25
/** Our own is emptied within this; one that stays is somebody else's. */
const RIVAL_AFTER_MS = 600
/** So short for so long it is nobody's: the rival is gone. */
const GONE_QUEUE_MS = 15
const GONE_AFTER_MS = 100
/** The rival may be gone and the queue be ours by now: so often, and for so long, it is emptied as if it were. */
const LOOK_EVERY_MS = 4000
const LOOK_MS = 400

/** `unknown`: longer than ours should be, but not yet for long enough to tell. */
export type QueueOwner = 'ours' | 'unknown' | 'theirs'

/** Whose the queue of a path is: ours, or that of somebody who keeps it filled whatever we do (SPEC CC8). */
export class RivalWatch {
  #shortAt = -Infinity
  #notGoneAt = -Infinity

  /** Nothing is known of the queue. */
  begin(now: number): void {
    this.#shortAt = now
  }

  handleQueue(standingMs: number, now: number): void {
    if (standingMs > GONE_QUEUE_MS) this.#notGoneAt = now
    const isShort =
      this.#rivalForMs(now) < 0 ? standingMs <= LONG_QUEUE_MS : now - this.#notGoneAt >= GONE_AFTER_MS
    if (isShort) this.#shortAt = now
  }

  owner(now: number): QueueOwner {
    if (now === this.#shortAt) return 'ours'
    const forMs = this.#rivalForMs(now)
    if (forMs < 0) return 'unknown'
    return forMs % LOOK_EVERY_MS < LOOK_EVERY_MS - LOOK_MS ? 'theirs' : 'ours'
  }

  /** Negative while there is none. */
  #rivalForMs(now: number): number {
    return now - this.#shortAt - RIVAL_AFTER_MS
  }
}
