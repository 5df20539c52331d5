import { GOT_DELAY_MS, INDEX_PARTS_MAX } from '../constants'
import { encodeGot } from '../packet/got'
import type { Part, PartKind } from '../packet/part'

/** What came beside one picture (SPEC PV, HO). Memory: at most 68 parts of 1 024 bytes. */
export class ExtrasCollector {
  readonly #transferId: string
  readonly #parts: Readonly<Record<PartKind, (Uint8Array | undefined)[]>> = { preview: [], index: [] }
  readonly #counts: Record<PartKind, number> = { preview: 0, index: 0 }
  #preview: Uint8Array | null = null
  #due: number | null = null

  constructor(transferId: string) {
    this.#transferId = transferId
  }

  /** The small copy of the picture, once all of it is here: bytes of a stranger, of any kind. */
  get preview(): Uint8Array | null {
    return this.#preview
  }

  /** The parts of the index that are here. */
  get index(): readonly Uint8Array[] {
    return this.#parts.index.filter((part) => part !== undefined)
  }

  get dueMs(): number | null {
    return this.#due
  }

  /** False for a part that contradicts the others. */
  handlePart(kind: PartKind, { part, parts, payload }: Part, now: number): boolean {
    if (this.#counts[kind] === 0) this.#counts[kind] = parts
    if (this.#counts[kind] !== parts) return false
    // Also for a part that was here before: the GOT that said so may be lost.
    this.#due ??= now + GOT_DELAY_MS
    const kept = this.#parts[kind]
    if (kept[part]) return true
    kept[part] = payload.slice()
    if (kind === 'preview' && count(kept) === parts) this.#preview = join(kept)
    return true
  }

  /** The GOT that is due now, or null. */
  poll(now: number): Uint8Array | null {
    if (this.#due === null || now < this.#due) return null
    this.#due = null
    const index = new Uint8Array(INDEX_PARTS_MAX / 8)
    this.#parts.index.forEach((_, part) => (index[part >> 3] = (index[part >> 3] ?? 0) | (1 << (part & 7))))
    let preview = 0
    this.#parts.preview.forEach((_, part) => (preview |= 1 << part))
    return encodeGot(this.#transferId, { preview, index })
  }
}

function count(parts: readonly (Uint8Array | undefined)[]): number {
  return parts.reduce((sum, part) => (part ? sum + 1 : sum), 0)
}

function join(parts: readonly (Uint8Array | undefined)[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0))
  let at = 0
  for (const part of parts) {
    if (!part) continue
    joined.set(part, at)
    at += part.length
  }
  return joined
}
