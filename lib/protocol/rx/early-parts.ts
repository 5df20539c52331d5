import { EARLY_PARTS_MAX } from '../constants'
import type { Part, PartKind } from '../packet/part'

interface EarlyPart {
  readonly kind: PartKind
  readonly part: Part
}

/** Parts that overtook their MANIFEST; bounded, and the oldest give way (SPEC PV4). */
export class EarlyParts {
  #kept: (EarlyPart & { readonly transferId: string })[] = []

  /** False when an older part had to go for it. */
  keep(transferId: string, kind: PartKind, part: Part): boolean {
    this.#kept.push({ transferId, kind, part: { ...part, payload: part.payload.slice() } })
    if (this.#kept.length <= EARLY_PARTS_MAX) return true
    this.#kept.shift()
    return false
  }

  take(transferId: string): EarlyPart[] {
    const mine = this.#kept.filter((entry) => entry.transferId === transferId)
    if (mine.length > 0) this.#kept = this.#kept.filter((entry) => entry.transferId !== transferId)
    return mine
  }
}
