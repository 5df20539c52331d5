import { TokenBucket } from '@/lib/protocol/token-bucket'

import type { Clock } from './clock'

/** Far more notes than a page of ours writes: the signals of 48 lanes are some hundred, texts 1 000 at once. */
const NOTES_PER_SECOND = 200
export const NOTES_BURST = 3000
/** Characters that wait: a few hundred of the longest notes. */
const WAITING_MAX_CHARS = 16 * 1024 * 1024
/** Notes are handled for so long at a time, then the page has as long for everything else. */
const SLICE_MS = 8

export interface NoteQueueOptions {
  readonly clock: Clock
  /** A note, in the order they came; not yet trusted. */
  readonly onNote: (note: string) => void
  /** More came than a page of ours writes, or than can wait; what waited is gone. */
  readonly onFlood: () => void
}

/**
 * Notes of one peer, counted as they come and handled when there is time. A browser hands over all that comes, however
 * far behind the page is: were notes counted as they are handled, a page that takes 10 ms for each would never see
 * more than 100 a second, and a flood of them would stand in line before everything else on it.
 */
export class NoteQueue {
  readonly #options: NoteQueueOptions
  readonly #bucket: TokenBucket
  #waiting: string[] = []
  #waitingChars = 0
  /** Time spent on notes without a pause, and when that was last, ms. */
  #spentMs = 0
  #lastMs = 0
  #handling = false
  #cancelTimer: (() => void) | null = null

  constructor(options: NoteQueueOptions) {
    this.#options = options
    this.#bucket = new TokenBucket(NOTES_PER_SECOND, NOTES_BURST, options.clock.now())
  }

  /** Handled at once unless others wait or the page is busy with them. */
  add(note: string): void {
    const { clock, onFlood } = this.#options
    this.#waitingChars += note.length
    if (!this.#bucket.take(clock.now()) || this.#waitingChars > WAITING_MAX_CHARS) {
      this.clear()
      onFlood()
      return
    }
    this.#waiting.push(note)
    if (!this.#handling && !this.#cancelTimer) this.#handleWaiting()
  }

  clear(): void {
    this.#waiting = []
    this.#waitingChars = 0
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #handleWaiting(): void {
    this.#handling = true
    try {
      this.#handleSlice()
    } finally {
      this.#handling = false
    }
  }

  #handleSlice(): void {
    const { clock, onNote } = this.#options
    for (let note = this.#waiting.shift(); note !== undefined; note = this.#waiting.shift()) {
      const beganMs = clock.now()
      if (beganMs - this.#lastMs > SLICE_MS) this.#spentMs = 0
      this.#waitingChars -= note.length
      onNote(note)
      this.#lastMs = clock.now()
      this.#spentMs += this.#lastMs - beganMs
      if (this.#spentMs < SLICE_MS) continue
      this.#cancelTimer = clock.schedule(this.#spentMs, () => {
        this.#cancelTimer = null
        this.#handleWaiting()
      })
      this.#spentMs = 0
      return
    }
  }
}
