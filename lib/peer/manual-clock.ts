import type { Clock } from './clock'

/** A clock for tests that goes only where it is told to; callbacks run in order of their time. */
export class ManualClock implements Clock {
  #now: number
  #lastId = 0
  readonly #timers = new Map<number, { dueMs: number; callback: () => void }>()

  constructor(startMs = 1_000_000) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const id = ++this.#lastId
    this.#timers.set(id, { dueMs: this.#now + Math.max(0, delayMs), callback })
    return () => void this.#timers.delete(id)
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Lets `ms` pass, running what falls due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      let next: [number, { dueMs: number; callback: () => void }] | null = null
      for (const timer of this.#timers) if (!next || timer[1].dueMs < next[1].dueMs) next = timer
      if (!next || next[1].dueMs > end) break
      this.#timers.delete(next[0])
      this.#now = Math.max(this.#now, next[1].dueMs)
      next[1].callback()
    }
    this.#now = end
  }
}
