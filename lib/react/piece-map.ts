import type { PacketLog } from '@/lib/transfer/packet-log'

/** Finer than any screen is wide; coarser pictures have one cell a chunk. */
const CELLS_MAX = 2048

/** Which part of a picture has arrived, read from the packet log bit by bit: each line is looked at once. */
export class PieceMap {
  readonly #chunks: number
  readonly #seen: Uint8Array
  readonly #held: Uint32Array
  readonly #capacity: Uint32Array
  #read = 0

  constructor(chunks: number) {
    const cells = Math.max(1, Math.min(chunks, CELLS_MAX))
    this.#chunks = chunks
    this.#seen = new Uint8Array(Math.ceil(chunks / 8))
    this.#held = new Uint32Array(cells)
    this.#capacity = new Uint32Array(cells)
    for (let cell = 0; cell < cells; cell++) {
      this.#capacity[cell] = firstChunkOf(cell + 1, cells, chunks) - firstChunkOf(cell, cells, chunks)
    }
  }

  /** Takes in what the log got since the last call. */
  read(log: PacketLog): void {
    for (; this.#read < log.length; this.#read++) {
      const chunk = log.chunkAt(this.#read)
      if (chunk < 0 || chunk >= this.#chunks) continue
      const byte = this.#seen[chunk >> 3] ?? 0
      const bit = 1 << (chunk & 7)
      if (byte & bit) continue
      this.#seen[chunk >> 3] = byte | bit
      const cell = Math.floor((chunk * this.#held.length) / this.#chunks)
      this.#held[cell] = (this.#held[cell] ?? 0) + 1
    }
  }

  /** The share, 0 to 1, of the chunks between two places of the picture (0 to 1) that has arrived. */
  filled(from: number, to: number): number {
    const cells = this.#held.length
    const first = Math.min(cells - 1, Math.max(0, Math.floor(from * cells)))
    const last = Math.min(cells - 1, Math.max(first, Math.ceil(to * cells) - 1))
    let held = 0
    let capacity = 0
    for (let cell = first; cell <= last; cell++) {
      held += this.#held[cell] ?? 0
      capacity += this.#capacity[cell] ?? 0
    }
    return capacity === 0 ? 0 : held / capacity
  }
}

/** Chunk c belongs to the cell floor(c * cells / chunks). */
function firstChunkOf(cell: number, cells: number, chunks: number): number {
  return Math.ceil((cell * chunks) / cells)
}
