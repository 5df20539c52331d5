import type { Clock } from '../clock'

interface Task {
  readonly dueMs: number
  readonly run: () => void
}

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  private nowMs = 1_700_000_000_000
  private readonly tasks = new Set<Task>()

  now(): number {
    return this.nowMs
  }

  schedule(delayMs: number, run: () => void): () => void {
    const task = { dueMs: this.nowMs + delayMs, run }
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
      this.tasks.delete(next)
      next.run()
    }
    this.nowMs = endMs
  }

  get waiting(): number {
    return this.tasks.size
  }
}
