/** A timer of Node ticks in whole milliseconds; half a tick early at most makes it half a tick late at most. */
export const EARLY_MAX_MS = 0.5

/** One of those that have something to do at certain times. */
export interface Sleeper {
  /** Milliseconds on the waker's clock; Infinity for never. */
  pollTimeout(): number
  handleTimeout(now: number): void
}

export interface WakerClock {
  now(): number
  /** Returns its cancellation. */
  schedule(afterMs: number, run: () => void): () => void
}

const systemClock: WakerClock = {
  now: () => performance.now(),
  schedule(afterMs, run) {
    const timer = setTimeout(run, afterMs)
    return () => clearTimeout(timer)
  },
}

/** One timer for all paths: it is set for whatever is due first. */
export class Waker {
  readonly #sleepers = new Set<Sleeper>()
  readonly #clock: WakerClock
  #setFor = Infinity
  #cancel: (() => void) | null = null

  constructor(clock: WakerClock = systemClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  /** Returns its leaving. */
  add(sleeper: Sleeper): () => void {
    this.#sleepers.add(sleeper)
    return () => {
      this.#sleepers.delete(sleeper)
      if (this.#sleepers.size === 0) this.#stop()
    }
  }

  /** A sleeper has something to do at that time now. */
  handleChange(dueMs: number): void {
    if (dueMs < this.#setFor) this.#set(dueMs)
  }

  #set(dueMs: number): void {
    this.#stop()
    if (dueMs === Infinity) return
    this.#setFor = dueMs
    const afterMs = Math.max(1, Math.floor(dueMs - this.#clock.now() - EARLY_MAX_MS))
    this.#cancel = this.#clock.schedule(afterMs, () => this.#wake())
  }

  #wake(): void {
    this.#stop()
    let next = Infinity
    for (const sleeper of this.#sleepers) {
      const now = this.#clock.now()
      if (sleeper.pollTimeout() <= now + EARLY_MAX_MS) sleeper.handleTimeout(now)
      next = Math.min(next, sleeper.pollTimeout())
    }
    this.#set(next)
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#setFor = Infinity
  }
}
