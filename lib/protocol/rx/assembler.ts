import { CHUNK_BYTES } from '../constants'
import { chunkCountOf, chunkLength } from '../packet/manifest'
import type { Run } from '../packet/repair'

/** Chunks in one piece of memory: 1 MiB, taken only when its first chunk arrives. */
const SEGMENT_CHUNKS = 1024
const SEGMENT_BYTES = SEGMENT_CHUNKS * CHUNK_BYTES

/** Where a picture's memory comes from; throws RangeError when there is none left. */
export type Allocate = (bytes: number) => Uint8Array

const allocateHere: Allocate = (bytes) => new Uint8Array(bytes)

/** The picture as far as it is here. Memory: never more than the announced bytes, plus one bit a chunk. */
export class Assembler {
  readonly #bytes: number
  readonly #chunkCount: number
  readonly #segments: (Uint8Array | undefined)[]
  /** Segments that another picture reads as well: copied before they are written. */
  readonly #shared = new Set<number>()
  readonly #heldBits: Uint8Array
  #held = 0
  #firstMissing = 0
  #outOfMemory = false
  readonly #allocate: Allocate

  constructor(bytes: number, allocate: Allocate = allocateHere) {
    this.#allocate = allocate
    this.#bytes = bytes
    this.#chunkCount = chunkCountOf(bytes)
    this.#segments = new Array<Uint8Array | undefined>(Math.ceil(bytes / SEGMENT_BYTES))
    this.#heldBits = new Uint8Array(Math.ceil(this.#chunkCount / 8))
  }

  get chunkCount(): number {
    return this.#chunkCount
  }

  /** Distinct chunks held. */
  get held(): number {
    return this.#held
  }

  get whole(): boolean {
    return this.#held === this.#chunkCount
  }

  /** A chunk could not be kept: there was no memory for it. */
  get outOfMemory(): boolean {
    return this.#outOfMemory
  }

  /** Bytes before the first hole. */
  get intactBytes(): number {
    return Math.min(this.#firstMissing * CHUNK_BYTES, this.#bytes)
  }

  /** Picture bytes held. */
  get heldBytes(): number {
    const last = this.#chunkCount - 1
    const lastShort = this.has(last) ? CHUNK_BYTES - chunkLength(this.#bytes, last) : 0
    return this.#held * CHUNK_BYTES - lastShort
  }

  has(chunkIndex: number): boolean {
    return ((this.#heldBits[chunkIndex >> 3] ?? 0) & (1 << (chunkIndex & 7))) !== 0
  }

  /** A view of one chunk, null while it is missing. */
  chunk(chunkIndex: number): Uint8Array | null {
    const segment = this.#segments[Math.floor(chunkIndex / SEGMENT_CHUNKS)]
    if (!segment || !this.has(chunkIndex)) return null
    const from = (chunkIndex % SEGMENT_CHUNKS) * CHUNK_BYTES
    return segment.subarray(from, from + chunkLength(this.#bytes, chunkIndex))
  }

  /** Keeps a chunk (index and length already checked); false when it was here before, or can't be kept. */
  write(chunkIndex: number, payload: Uint8Array): boolean {
    if (this.has(chunkIndex)) return false
    const segmentIndex = Math.floor(chunkIndex / SEGMENT_CHUNKS)
    const segment = this.#ownSegment(segmentIndex)
    if (!segment) return false
    segment.set(payload, (chunkIndex % SEGMENT_CHUNKS) * CHUNK_BYTES)
    this.#mark(chunkIndex)
    return true
  }

  #mark(chunkIndex: number): void {
    this.#heldBits[chunkIndex >> 3] = (this.#heldBits[chunkIndex >> 3] ?? 0) | (1 << (chunkIndex & 7))
    this.#held++
    while (this.#firstMissing < this.#chunkCount && this.has(this.#firstMissing)) this.#firstMissing++
  }

  /** Missing chunks as ascending runs, at most `maxRuns`. */
  missingRuns(maxRuns: number): Run[] {
    const runs: Run[] = []
    let start = -1
    for (let i = this.#firstMissing; i < this.#chunkCount && runs.length < maxRuns; i++) {
      if (start < 0 && (i & 7) === 0 && this.#heldBits[i >> 3] === 0xff) {
        i += 7
        continue
      }
      const missing = !this.has(i)
      if (missing && start < 0) start = i
      if (!missing && start >= 0) {
        runs.push({ start, length: i - start })
        start = -1
      }
    }
    if (start >= 0 && runs.length < maxRuns) runs.push({ start, length: this.#chunkCount - start })
    return runs
  }

  /**
   * The bytes in order, in pieces of at most 1 MiB; holes are zero bytes. The pieces are not copies, and those
   * where nothing arrived share their memory: read them only.
   */
  pieces(): Uint8Array[] {
    const pieces: Uint8Array[] = []
    let zeros: Uint8Array | null = null
    for (let i = 0; i < this.#segments.length; i++) {
      const segment = this.#segments[i]
      if (segment) pieces.push(segment)
      else pieces.push((zeros ??= new Uint8Array(this.#segmentLength(0))).subarray(0, this.#segmentLength(i)))
    }
    return pieces
  }

  /** A copy of the record of what is held: bit i & 7 of byte i >> 3 is chunk i. */
  heldBits(): Uint8Array {
    return this.#heldBits.slice()
  }

  /** Some of the memory belongs to another picture too: it must not be given away. */
  get sharesMemory(): boolean {
    return this.#shared.size > 0
  }

  /**
   * Takes over what another assembler holds of the same picture, without copying: whoever writes first copies.
   * Nothing happens when this one holds chunks already, or when the two are of different size.
   */
  adopt(other: Assembler): void {
    if (this.#held > 0 || other.#bytes !== this.#bytes) return
    other.#segments.forEach((segment, index) => {
      if (!segment) return
      this.#segments[index] = segment
      this.#shared.add(index)
      other.#shared.add(index)
    })
    for (let chunk = 0; chunk < this.#chunkCount; chunk++) {
      if (other.has(chunk) && this.#segments[Math.floor(chunk / SEGMENT_CHUNKS)]) this.#mark(chunk)
    }
  }

  /** Begins anew: nothing is held. */
  clear(): void {
    this.#segments.fill(undefined)
    this.#shared.clear()
    this.#heldBits.fill(0)
    this.#held = 0
    this.#firstMissing = 0
  }

  /** Gives up the memory; only the record of what was held stays. */
  release(): void {
    this.#segments.fill(undefined)
    this.#shared.clear()
  }

  #ownSegment(segmentIndex: number): Uint8Array | null {
    const known = this.#segments[segmentIndex]
    if (known && !this.#shared.has(segmentIndex)) return known
    try {
      const own = this.#allocate(this.#segmentLength(segmentIndex))
      if (known) own.set(known)
      this.#shared.delete(segmentIndex)
      return (this.#segments[segmentIndex] = own)
    } catch {
      this.#outOfMemory = true
      return null
    }
  }

  #segmentLength(segmentIndex: number): number {
    return Math.min(SEGMENT_BYTES, this.#bytes - segmentIndex * SEGMENT_BYTES)
  }
}
