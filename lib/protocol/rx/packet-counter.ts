import { TRANSMISSIONS_EXTRA_MAX, TRANSMISSIONS_PER_CHUNK_MAX } from '../constants'

/** Packet numbers of a picture are below this (SPEC CT5): the bound on the counter's memory. */
export function packetNumberLimit(chunkCount: number): number {
  return Math.min(chunkCount * TRANSMISSIONS_PER_CHUNK_MAX + TRANSMISSIONS_EXTRA_MAX, 0xffffffff)
}

/** Counts transmissions by their packet number (SPEC CT1 to CT5); one bit a number. */
export class PacketCounter {
  readonly #limit: number
  #seen = new Uint8Array(64)
  #frozen = false
  received = 0
  duplicates = 0
  lateAfterFreeze = 0
  /** -1 before the first. */
  highest = -1

  constructor(chunkCount: number) {
    this.#limit = packetNumberLimit(chunkCount)
  }

  /** What arrives now is late. */
  get frozen(): boolean {
    return this.#frozen
  }

  inRange(packetNumber: number): boolean {
    return packetNumber < this.#limit
  }

  /** Whether this arrival is the first of its number and counts as received. The number is in range. */
  count(packetNumber: number): boolean {
    if (this.#frozen) {
      this.lateAfterFreeze++
      return false
    }
    const at = packetNumber >>> 3
    if (at >= this.#seen.length) this.#grow(at)
    const bit = 1 << (packetNumber & 7)
    const byte = this.#seen[at] ?? 0
    if (byte & bit) {
      this.duplicates++
      return false
    }
    this.#seen[at] = byte | bit
    this.received++
    if (packetNumber > this.highest) this.highest = packetNumber
    return true
  }

  /** Whether this number has arrived. */
  has(packetNumber: number): boolean {
    return ((this.#seen[packetNumber >> 3] ?? 0) & (1 << (packetNumber & 7))) !== 0
  }

  freeze(): void {
    this.#frozen = true
  }

  /** A repair after the freeze: counting goes on (SPEC FZ5). */
  thaw(): void {
    this.#frozen = false
  }

  #grow(at: number): void {
    const bytes = Math.min(Math.max(at + 1, this.#seen.length * 2), Math.ceil(this.#limit / 8))
    const seen = new Uint8Array(bytes)
    seen.set(this.#seen)
    this.#seen = seen
  }
}
