import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { buildHuffmanTable } from '../damage/huffman'
import { codesOf, type TableSpec, withSymbols } from './huffman-encoder'

/** Tables as encoders write them: any lengths, with the code of all ones left free. */
const table: fc.Arbitrary<TableSpec> = fc
  .tuple(
    fc.array(fc.nat({ max: 9 }), { minLength: 16, maxLength: 16 }),
    fc.shuffledSubarray(
      Array.from({ length: 256 }, (_, symbol) => symbol),
      { minLength: 160 },
    ),
  )
  .map(([wanted, symbols]) => {
    const counts = new Uint8Array(16)
    let [code, used] = [0, 0]
    wanted.forEach((count, at) => {
      const room = (1 << (at + 1)) - code - 1
      counts[at] = Math.max(0, Math.min(count, room, symbols.length - used))
      code = (code + (counts[at] ?? 0)) << 1
      used += counts[at] ?? 0
    })
    return { counts, symbols: Uint8Array.from(symbols.slice(0, used)) }
  })

const sum = (counts: Uint8Array) => counts.reduce((total, count) => total + count, 0)

describe('withSymbols', () => {
  test('[HO4] gives every wanted symbol a code, and leaves those there are as they were', () => {
    fc.assert(
      fc.property(table, fc.uniqueArray(fc.nat({ max: 255 }), { maxLength: 12 }), (spec, wanted) => {
        const extended = withSymbols(spec, wanted)
        if (extended === null) return
        expect(sum(extended.counts)).toBe(extended.symbols.length)
        expect(buildHuffmanTable(extended.counts, extended.symbols)).not.toBeNull()
        const [before, after] = [codesOf(spec), codesOf(extended)]
        for (const symbol of spec.symbols) {
          expect(after.codes[symbol]).toBe(before.codes[symbol])
          expect(after.lengths[symbol]).toBe(before.lengths[symbol])
        }
        for (const symbol of wanted) {
          const length = after.lengths[symbol] ?? 0
          expect(length).toBeGreaterThan(0)
          expect(after.codes[symbol]).toBeLessThan((1 << length) - (spec.symbols.includes(symbol) ? 0 : 1))
        }
      }),
    )
  })

  test('[HO4] finds room in every table with the codes of a photo', () => {
    const dc = {
      counts: Uint8Array.of(0, 1, 5, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      symbols: Uint8Array.of(2, 1, 3, 4, 5, 6, 7, 8, 9),
    }
    expect(withSymbols(dc, [0, 10, 11])).not.toBeNull()
  })

  test('[HO4] says so when a table has no room', () => {
    const full = { counts: new Uint8Array(16).fill(1), symbols: Uint8Array.from({ length: 16 }, (_, i) => i) }
    expect(withSymbols(full, [200])).toBeNull()
    expect(withSymbols(full, [3])).toBe(full)
  })
})
