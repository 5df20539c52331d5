import { DueHeap } from './due-heap'

interface Planned {
  run: (() => void) | null
}

export interface RunLimits {
  /** Stop before the first event after this time. */
  readonly untilMs?: number
  /** Stop after so many events: two sides that answer each other without end show here. */
  readonly maxEvents?: number
}

/** rest: nothing is planned any more. time, events: a limit was met first. */
export type RunOutcome = 'rest' | 'time' | 'events'

/** Simulated time: it jumps from one planned event to the next. Events of one moment run in the order planned. */
export class EventLoop {
  #now: number
  readonly #planned = new DueHeap<Planned>()

  constructor(startMs = 0) {
    this.#now = startMs
  }

  get now(): number {
    return this.#now
  }

  /** Plans `run`; a time in the past means now. Returns its cancellation. */
  schedule(atMs: number, run: () => void): () => void {
    const planned: Planned = { run }
    this.#planned.add(Math.max(atMs, this.#now), planned)
    return () => {
      planned.run = null
    }
  }

  run({ untilMs = Infinity, maxEvents = Infinity }: RunLimits = {}): RunOutcome {
    let events = 0
    for (;;) {
      const next = this.#planned.peek()
      if (!next) return 'rest'
      const { run } = next.value
      if (run && next.dueMs > untilMs) {
        this.#now = Math.max(this.#now, untilMs)
        return 'time'
      }
      if (run && events >= maxEvents) return 'events'
      this.#planned.poll(next.dueMs)
      if (!run) continue
      next.value.run = null
      events++
      this.#now = next.dueMs
      run()
    }
  }
}
