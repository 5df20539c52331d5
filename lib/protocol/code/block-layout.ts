import { CHUNK_BYTES } from '../constants'

/**
 * Most chunks that are coded together: one decoding of a block this long takes 15 to 25 ms in a worker, so two
 * blocks of a 2 MB picture hold the end up less than one of twice the length.
 */
export const BLOCK_CHUNKS_MAX = 1024

/** A picture of at most so many chunks is cut into short blocks: */
const SMALL_PICTURE_CHUNKS = 512
/**
 * most of which are decoded while the rest comes in, so that the last decoding takes 3 ms instead of 9. Larger pictures
 * have longer blocks, which need fewer symbols more than they have chunks.
 */
const SHORT_BLOCK_CHUNKS_MAX = 160

/** The chunks of one block, 1 024 bytes each, the picture's last one filled up with zeros: a copy. */
export function blockSource(picture: Uint8Array, layout: BlockLayout, block: number): Uint8Array {
  const source = new Uint8Array(layout.size(block) * CHUNK_BYTES)
  const from = layout.start(block) * CHUNK_BYTES
  source.set(picture.subarray(from, from + source.length))
  return source
}

/** How a picture's chunks are cut into blocks of nearly equal length, each coded by itself. */
export class BlockLayout {
  readonly chunkCount: number
  readonly blockCount: number
  readonly #short: number
  /** That many blocks at the beginning are one chunk longer. */
  readonly #longBlocks: number

  constructor(chunkCount: number) {
    this.chunkCount = chunkCount
    const most = chunkCount <= SMALL_PICTURE_CHUNKS ? SHORT_BLOCK_CHUNKS_MAX : BLOCK_CHUNKS_MAX
    this.blockCount = Math.ceil(chunkCount / most)
    this.#short = Math.floor(chunkCount / this.blockCount)
    this.#longBlocks = chunkCount % this.blockCount
  }

  /** Index of the block's first chunk. */
  start(block: number): number {
    return block * this.#short + Math.min(block, this.#longBlocks)
  }

  /** Chunks in the block: the K of its code. */
  size(block: number): number {
    return this.#short + (block < this.#longBlocks ? 1 : 0)
  }

  blockOf(chunkIndex: number): number {
    const long = this.#longBlocks * (this.#short + 1)
    return chunkIndex < long
      ? Math.floor(chunkIndex / (this.#short + 1))
      : this.#longBlocks + Math.floor((chunkIndex - long) / this.#short)
  }
}
