import { CHUNK_BYTES } from '../constants'
import { BlockLayout } from '../code/block-layout'
import type { CodedSymbol } from '../code/coded-symbol'
import type { BlockNeed } from '../packet/feedback'
import { chunkLength } from '../packet/manifest'
import type { SymbolPacket } from '../packet/symbol'
import type { Assembler } from './assembler'

/** Symbol ids of one block stay below this: RFC 6330 numbers them with 24 bits, and no block needs as many. */
const SYMBOL_ID_LIMIT = 65_536
/** Coded symbols kept beyond what a block needs: they serve when a decoding fails. */
const SPARE_MAX = 16

/** A block with enough symbols: decode it and hand the result to `handleDecoded`. */
export interface DecodeJob {
  readonly block: number
  /** K of the code. */
  readonly size: number
  /** The chunks held, with their symbol ids, and the coded symbols; each 1 024 bytes. */
  readonly symbols: readonly CodedSymbol[]
}

interface Block {
  heldChunks: number
  readonly coded: Map<number, Uint8Array>
  /** Symbols wanted beyond K, after a decoding that failed. */
  extra: number
  decoding: boolean
}

/** Gathers the symbols of every block until the missing chunks can be rebuilt (SPEC AS). */
export class SymbolCollector {
  readonly layout: BlockLayout
  readonly #bytes: number
  readonly #assembler: Assembler
  readonly #blocks: Block[]
  #begun = 0
  #doneBefore = 0
  /** Chunks rebuilt by the code. */
  recovered = 0

  constructor(bytes: number, chunkCount: number, assembler: Assembler) {
    this.layout = new BlockLayout(chunkCount)
    this.#bytes = bytes
    this.#assembler = assembler
    this.#blocks = Array.from({ length: this.layout.blockCount }, () => ({
      heldChunks: 0,
      coded: new Map<number, Uint8Array>(),
      extra: 0,
      decoding: false,
    }))
  }

  /** The assembler holds chunks, or lacks them, that did not come by this collector. */
  recount(): void {
    this.recovered = 0
    this.#doneBefore = 0
    this.#blocks.forEach((state, block) => {
      const start = this.layout.start(block)
      state.heldChunks = 0
      for (let i = 0; i < this.layout.size(block); i++) {
        if (this.#assembler.has(start + i)) state.heldChunks++
      }
    })
    this.#begun = this.layout.blockCount
    while (this.#doneBefore < this.layout.blockCount && this.#isDone(this.#doneBefore)) this.#doneBefore++
  }

  /** Whether the symbol can belong to this picture. */
  fits({ block, symbolId, payload }: SymbolPacket): boolean {
    if (block >= this.layout.blockCount || symbolId >= SYMBOL_ID_LIMIT) return false
    const chunk = this.chunkOf(block, symbolId)
    return payload.length === (chunk === null ? CHUNK_BYTES : chunkLength(this.#bytes, chunk))
  }

  /** The chunk that this symbol is, null for a coded one. */
  chunkOf(block: number, symbolId: number): number | null {
    return symbolId < this.layout.size(block) ? this.layout.start(block) + symbolId : null
  }

  /** Keeps a symbol that fits; copies it. */
  add({ block, symbolId, payload }: SymbolPacket): void {
    const state = this.#blocks[block]
    if (!state) return
    this.#begun = Math.max(this.#begun, block + 1)
    const chunk = this.chunkOf(block, symbolId)
    if (chunk !== null) {
      if (this.#assembler.write(chunk, payload)) state.heldChunks++
    } else if (
      !this.#isDone(block) &&
      this.#have(state) < this.layout.size(block) + state.extra + SPARE_MAX
    ) {
      if (!state.coded.has(symbolId)) state.coded.set(symbolId, payload.slice())
    }
    if (this.#isDone(block)) state.coded.clear()
    while (this.#doneBefore < this.layout.blockCount && this.#isDone(this.#doneBefore)) this.#doneBefore++
  }

  /** Every block below has all its chunks. */
  get doneBefore(): number {
    return this.#doneBefore
  }

  /** What the blocks need that are begun and not done. */
  needs(): BlockNeed[] {
    const needs: BlockNeed[] = []
    for (let block = this.#doneBefore; block < this.#begun; block++) {
      needs.push({ block, need: this.need(block) })
    }
    return needs
  }

  /** Symbols that this block still needs; 0 while it is decoded. */
  need(block: number): number {
    const state = this.#blocks[block]
    if (!state || state.decoding || this.#isDone(block)) return 0
    return Math.max(0, this.layout.size(block) + state.extra - this.#have(state))
  }

  /** A block that can be decoded now, once. */
  pollDecode(): DecodeJob | null {
    const block = this.#decodable()
    const state = this.#blocks[block]
    if (!state) return null
    state.decoding = true
    return { block, size: this.layout.size(block), symbols: this.#symbols(block, state) }
  }

  /** `pollDecode` has something. */
  get hasDecode(): boolean {
    return this.#decodable() >= 0
  }

  /** -1: none. */
  #decodable(): number {
    for (let block = this.#doneBefore; block < this.#begun; block++) {
      const state = this.#blocks[block]
      if (state && !state.decoding && !this.#isDone(block) && this.need(block) <= 0) return block
    }
    return -1
  }

  /** `bytes`: the block's chunks in order, 1 024 bytes each; null when these symbols did not suffice. */
  handleDecoded(block: number, bytes: Uint8Array | null): void {
    const state = this.#blocks[block]
    if (!state?.decoding) return
    state.decoding = false
    const size = this.layout.size(block)
    if (bytes?.length !== size * CHUNK_BYTES) {
      state.extra = Math.max(0, this.#have(state) - size) + 1
      return
    }
    const start = this.layout.start(block)
    for (let i = 0; i < size; i++) {
      const from = i * CHUNK_BYTES
      const chunk = bytes.subarray(from, from + chunkLength(this.#bytes, start + i))
      if (this.#assembler.write(start + i, chunk)) this.recovered++
    }
    state.heldChunks = size
    state.coded.clear()
    while (this.#doneBefore < this.layout.blockCount && this.#isDone(this.#doneBefore)) this.#doneBefore++
  }

  #isDone(block: number): boolean {
    return this.#blocks[block]?.heldChunks === this.layout.size(block)
  }

  #have(state: Block): number {
    return state.heldChunks + state.coded.size
  }

  #symbols(block: number, state: Block): CodedSymbol[] {
    const start = this.layout.start(block)
    const symbols: CodedSymbol[] = []
    for (let id = 0; id < this.layout.size(block); id++) {
      const chunk = this.#assembler.chunk(start + id)
      if (chunk) symbols.push({ id, bytes: padded(chunk) })
    }
    for (const [id, bytes] of state.coded) symbols.push({ id, bytes })
    return symbols
  }
}

/** The code works on whole symbols: the picture's last chunk is filled up with zero bytes. */
function padded(chunk: Uint8Array): Uint8Array {
  if (chunk.length === CHUNK_BYTES) return chunk
  const symbol = new Uint8Array(CHUNK_BYTES)
  symbol.set(chunk)
  return symbol
}
