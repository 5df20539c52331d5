const CODE_BITS_MAX = 16

/** A JPEG Huffman table as its segment has it: how many codes of 1 to 16 bits there are, and their symbols. */
export interface TableSpec {
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
}

/** The code of each symbol, and how many bits it has; 0 where a symbol has none. */
export interface HuffmanCodes {
  readonly codes: Uint16Array
  readonly lengths: Uint8Array
}

/**
 * The table with codes for `wanted` as well. Those it has stay as they are: the new ones are taken from what the
 * longest codes leave free (every table leaves at least the code of all ones, T.81 C.2). Null when that is too little.
 */
export function withSymbols(table: TableSpec, wanted: readonly number[]): TableSpec | null {
  const missing = wanted.filter((symbol) => !table.symbols.includes(symbol))
  if (missing.length === 0) return table
  let free = 0
  let longest = 0
  for (let bits = 1, code = 0; bits <= CODE_BITS_MAX; bits++, code <<= 1) {
    code += table.counts[bits - 1] ?? 0
    if ((table.counts[bits - 1] ?? 0) > 0) [longest, free] = [bits, (1 << bits) - code]
  }
  for (let bits = Math.max(1, longest); bits <= CODE_BITS_MAX; bits++) {
    if (longest === 0) free = 1
    if ((free << (bits - longest)) - 1 < missing.length) continue
    const counts = table.counts.slice()
    counts[bits - 1] = (counts[bits - 1] ?? 0) + missing.length
    return { counts, symbols: Uint8Array.of(...table.symbols, ...missing) }
  }
  return null
}

export function codesOf({ counts, symbols }: TableSpec): HuffmanCodes {
  const codes = new Uint16Array(256)
  const lengths = new Uint8Array(256)
  let code = 0
  let index = 0
  for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
    for (let nth = 0; nth < (counts[bits - 1] ?? 0); nth++) {
      const symbol = symbols[index++] ?? 0
      codes[symbol] = code++
      lengths[symbol] = bits
    }
    code <<= 1
  }
  return { codes, lengths }
}
