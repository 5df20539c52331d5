interface Entry {
  readonly atMs: number
  readonly order: number
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
  #planned = 0
  /** A binary heap, the next event first. */
  readonly #heap: Entry[] = []

  constructor(startMs = 0) {
    this.#now = startMs
  }

  get now(): number {
    return this.#now
  }

  /** Plans `run`; a time in the past means now. Returns its cancellation. */
  schedule(atMs: number, run: () => void): () => void {
    const entry: Entry = { atMs: Math.max(atMs, this.#now), order: this.#planned++, run }
    this.#push(entry)
    return () => {
      entry.run = null
    }
  }

  run({ untilMs = Infinity, maxEvents = Infinity }: RunLimits = {}): RunOutcome {
    let events = 0
    for (;;) {
      const next = this.#heap[0]
      if (!next) return 'rest'
      if (next.run && next.atMs > untilMs) {
        this.#now = Math.max(this.#now, untilMs)
        return 'time'
      }
      if (next.run && events >= maxEvents) return 'events'
      this.#pop()
      const run = next.run
      if (!run) continue
      next.run = null
      events++
      this.#now = next.atMs
      run()
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (!parent || !isBefore(entry, parent)) break
      heap[at] = parent
      at = parentAt
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      let childAt = 2 * at + 1
      const left = heap[childAt]
      const right = heap[childAt + 1]
      if (!left) break
      let child = left
      if (right && isBefore(right, left)) {
        child = right
        childAt++
      }
      if (!isBefore(child, last)) break
      heap[at] = child
      at = childAt
    }
    heap[at] = last
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs !== b.atMs ? a.atMs < b.atMs : a.order < b.order
}
