/** One symbol of a block's code, 1 024 bytes. */
export interface CodedSymbol {
  /** At least the block's size; which numbers the code gives its symbols is its own affair. */
  readonly id: number
  readonly bytes: Uint8Array
}
