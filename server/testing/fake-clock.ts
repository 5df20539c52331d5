import type { Clock } from '../clock'

interface Task {
  readonly everyMs: number
  readonly run: () => void
  dueMs: number
}

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  private nowMs = 1_700_000_000_000
  private readonly tasks = new Set<Task>()

  now(): number {
    return this.nowMs
  }

  every(everyMs: number, run: () => void): () => void {
    const task = { everyMs, run, dueMs: this.nowMs + everyMs }
    this.tasks.add(task)
    return () => this.tasks.delete(task)
  }

  /** Jumps from one due task to the next until `ms` have passed. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms
    for (;;) {
      const [next] = [...this.tasks].sort((a, b) => a.dueMs - b.dueMs)
      if (!next || next.dueMs > endMs) break
      this.nowMs = next.dueMs
      next.dueMs += next.everyMs
      next.run()
    }
    this.nowMs = endMs
  }

  get running(): number {
    return this.tasks.size
  }
}
