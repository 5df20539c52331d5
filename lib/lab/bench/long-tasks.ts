import type { RunResult } from '../results'

/** Tasks of 50 ms and more on this page's thread; null where a browser does not tell. */
export class LongTasks {
  #observer: PerformanceObserver | null = null
  #count = 0
  #totalMs = 0

  start(): void {
    if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()))
    this.#observer.observe({ entryTypes: ['longtask'] })
  }

  stop(): RunResult['longTasks'] {
    if (!this.#observer) return null
    this.#take(this.#observer.takeRecords())
    this.#observer.disconnect()
    this.#observer = null
    return { count: this.#count, totalMs: this.#totalMs }
  }

  #take(entries: PerformanceEntryList): void {
    this.#count += entries.length
    for (const { duration } of entries) this.#totalMs += duration
  }
}

/** Those of two threads; null where one of them does not tell. */
export function together(one: RunResult['longTasks'], other: RunResult['longTasks']): RunResult['longTasks'] {
  return one && other && { count: one.count + other.count, totalMs: one.totalMs + other.totalMs }
}
