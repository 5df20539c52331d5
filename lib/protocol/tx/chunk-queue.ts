import type { Run } from '../packet/repair'

/** Chunks that wait to be sent, kept as runs and handed out one by one, in order of their arrival. */
export class ChunkQueue {
  #runs: Run[] = []
  #runAt = 0
  #sentOfRun = 0

  get empty(): boolean {
    return this.#runAt === this.#runs.length
  }

  push(runs: readonly Run[]): void {
    for (const run of runs) if (run.length > 0) this.#runs.push(run)
  }

  clear(): void {
    this.#runs = []
    this.#runAt = 0
    this.#sentOfRun = 0
  }

  /** The next chunk index, null when there is none. */
  shift(): number | null {
    const run = this.#runs[this.#runAt]
    if (!run) return null
    const chunkIndex = run.start + this.#sentOfRun++
    if (this.#sentOfRun === run.length) {
      this.#runAt++
      this.#sentOfRun = 0
      if (this.empty) this.clear()
    }
    return chunkIndex
  }
}
