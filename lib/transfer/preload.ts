import { BlockLayout, blockSource } from '@/lib/protocol/code/block-layout'
import type { CodedSymbol } from '@/lib/protocol/code/coded-symbol'
import { chunkCountOf } from '@/lib/protocol/packet/manifest'
import { codedAhead } from '@/lib/protocol/tx/coded-supply'

import type { DigestService } from './digest'
import type { ErasureCode } from './erasure-code'

/** A larger picture is read when it is sent: it would be held in memory for a click that may never come. */
const PRELOAD_MAX_BYTES = 32 * 2 ** 20
/** Blocks that are encoded ahead; the others are while these go out. */
const BLOCKS_AHEAD = 4

/** A picture's bytes, and what can be made of them before anyone presses Send. */
export interface LoadedPicture {
  readonly sha256: string
  readonly bytes: Uint8Array
  /** Coded symbols of the first blocks; empty where no code is wanted or none could be made. */
  readonly coded: readonly (readonly CodedSymbol[])[]
}

interface Entry {
  readonly file: Blob
  readonly loading: Promise<LoadedPicture>
}

/** Reads, hashes and encodes the picture that is picked, so that its first packet leaves with the click. */
export class Preload {
  readonly #digest: DigestService
  readonly #code: ErasureCode
  #entry: Entry | null = null

  constructor(digest: DigestService, code: ErasureCode) {
    this.#digest = digest
    this.#code = code
  }

  /**
   * This picture is likely to be sent; null: none is. `lossRate`, 0 to 1: how many symbols are worth making. Resolves
   * when there is nothing more to prepare, also where the file cannot be read: who takes it is told.
   */
  async prepare(file: Blob | null, encode: boolean, lossRate: number): Promise<void> {
    if (file === null || file.size > PRELOAD_MAX_BYTES) {
      this.#entry = null
      return
    }
    if (file !== this.#entry?.file) this.#entry = { file, loading: this.#load(file, encode, lossRate) }
    await this.#entry.loading.catch(() => undefined)
  }

  /** The picture, prepared or read now; it is given away once. */
  take(file: Blob): Promise<LoadedPicture> {
    const entry = this.#entry?.file === file ? this.#entry : null
    if (!entry) return this.#load(file, false, 0)
    this.#entry = null
    return entry.loading
  }

  async #load(file: Blob, encode: boolean, lossRate: number): Promise<LoadedPicture> {
    const { sha256, bytes } = await this.#digest.readFile(file)
    return { sha256, bytes, coded: encode ? await this.#encode(bytes, lossRate) : [] }
  }

  #encode(bytes: Uint8Array, lossRate: number): Promise<readonly (readonly CodedSymbol[])[]> {
    const layout = new BlockLayout(chunkCountOf(bytes.length))
    const blocks = Array.from({ length: Math.min(layout.blockCount, BLOCKS_AHEAD) }, (_, block) => {
      const size = layout.size(block)
      const count = codedAhead(size, lossRate)
      return this.#code.encode({ block, size, count, source: blockSource(bytes, layout, block) })
    })
    return Promise.all(blocks)
  }
}
