import type { RepairRequest } from '../packet/repair'
import type { Run } from '../packet/runs'

/** Gathers the parts by which a receiver names what it wants of the first pass (SPEC RS5). */
export class WantedChunks {
  readonly #parts = new Map<number, readonly Run[]>()
  #count = 0

  get complete(): boolean {
    return this.#count > 0 && this.#parts.size === this.#count
  }

  /** In ascending order; all of them once `complete`. */
  get runs(): readonly Run[] {
    return [...this.#parts].sort(([a], [b]) => a - b).flatMap(([, runs]) => runs)
  }

  /** True when this part was the last that was missing. A telling in another number of parts begins anew. */
  add({ part, parts, runs }: RepairRequest): boolean {
    if (parts !== this.#count) {
      this.#count = parts
      this.#parts.clear()
    }
    if (this.complete) return false
    this.#parts.set(part, runs)
    return this.complete
  }
}
