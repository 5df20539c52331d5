import { type BlockLayout, blockSource } from '../code/block-layout'
import type { CodedSymbol } from '../code/coded-symbol'

/** Coded symbols made for a block before the loss is known, as a share of it; twice as many when they run out. */
const CODED_SHARE = 0.25
const CODED_MIN = 16

/** How many coded symbols of a block of `size` chunks are made ahead, when that share of packets is lost. */
export function codedAhead(size: number, lossRate = 0): number {
  return Math.max(CODED_MIN, Math.ceil(size * Math.max(CODED_SHARE, (1.5 * lossRate) / (1 - lossRate))))
}

/** Make `count` coded symbols of this block and hand them to `handleCoded`. */
export interface EncodeJob {
  readonly block: number
  /** K of the code. */
  readonly size: number
  readonly count: number
  /** The block's chunks, 1 024 bytes each, the picture's last one filled up with zeros: a copy. */
  readonly source: Uint8Array
}

interface Block {
  symbols: readonly CodedSymbol[]
  sent: number
  asked: number
}

/** The coded symbols of a picture, by block: asked for before they are needed, and each handed out once (SPEC AS). */
export class CodedSupply {
  readonly #picture: Uint8Array
  readonly #layout: BlockLayout
  readonly #blocks: readonly Block[]
  readonly #jobs: EncodeJob[] = []
  #taken = 0

  constructor(picture: Uint8Array, layout: BlockLayout) {
    this.#picture = picture
    this.#layout = layout
    this.#blocks = Array.from({ length: layout.blockCount }, () => ({ symbols: [], sent: 0, asked: 0 }))
  }

  /** How many were handed out, of all blocks. */
  get taken(): number {
    return this.#taken
  }

  /** Asks for the first ones of a block, at that loss. */
  begin(block: number, lossRate: number): void {
    if (this.#blocks[block]?.asked === 0) this.#ask(block, codedAhead(this.#layout.size(block), lossRate))
  }

  /** Asks for more of a block, unless enough of those asked for are not yet used. */
  askMore(block: number): void {
    const state = this.#blocks[block]
    if (state && state.sent + CODED_MIN / 2 >= state.asked)
      this.#ask(block, 2 * codedAhead(this.#layout.size(block)))
  }

  /** All that were made so far of a block, in an order that does not change. */
  handleCoded(block: number, symbols: readonly CodedSymbol[]): void {
    const state = this.#blocks[block]
    if (!state || symbols.length <= state.symbols.length) return
    state.symbols = symbols
    state.asked = Math.max(state.asked, symbols.length)
  }

  pollEncode(): EncodeJob | null {
    return this.#jobs.shift() ?? null
  }

  /** One of that block is there and not used. */
  has(block: number): boolean {
    const state = this.#blocks[block]
    return state !== undefined && state.sent < state.symbols.length
  }

  /** The next one of that block; null when none is there. */
  take(block: number): CodedSymbol | null {
    const state = this.#blocks[block]
    const symbol = state?.symbols[state.sent]
    if (!state || !symbol) return null
    state.sent++
    this.#taken++
    return symbol
  }

  #ask(block: number, more: number): void {
    const state = this.#blocks[block]
    if (!state) return
    state.asked += more
    const source = blockSource(this.#picture, this.#layout, block)
    this.#jobs.push({ block, size: this.#layout.size(block), count: state.asked, source })
  }
}
