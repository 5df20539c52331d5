import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { BitReader } from '../damage/huffman'
import { ScanWriter } from './scan-writer'

/** Entropy-coded bytes: every 0xff is followed by 0x00. */
const coded = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 255 }) }, fc.constant(255)), {
    minLength: 1,
    maxLength: 60,
  })
  .map((bytes) => Uint8Array.from(bytes.flatMap((byte) => (byte === 255 ? [255, 0] : [byte]))))

/** The bits of such bytes, and where each of them stands in the file. */
function bitsOf(bytes: Uint8Array): { bits: number[]; places: number[] } {
  const [bits, places] = [[] as number[], [] as number[]]
  for (let at = 0; at < bytes.length; at += bytes[at] === 255 ? 2 : 1) {
    for (let bit = 0; bit < 8; bit++) {
      bits.push(((bytes[at] ?? 0) >> (7 - bit)) & 1)
      places.push(8 * at + bit)
    }
  }
  return { bits, places: [...places, 8 * bytes.length] }
}

describe('ScanWriter', () => {
  test('[HO4] copies any bits from any place to any place, and stuffs zeros anew', () => {
    fc.assert(
      fc.property(coded, fc.nat(), fc.nat(), fc.nat({ max: 7 }), (source, a, b, shift) => {
        const { bits, places } = bitsOf(source)
        const from = Math.min(a % places.length, b % places.length)
        const to = Math.max(a % places.length, b % places.length)
        const writer = new ScanWriter(1)
        writer.put(0, shift)
        writer.copy(source, places[from] ?? 0, places[to] ?? 0)
        writer.align()
        const wanted = [...new Array<number>(shift).fill(0), ...bits.slice(from, to)]
        while (wanted.length % 8 !== 0) wanted.push(1)
        expect(bitsOf(writer.written).bits).toEqual(wanted)
        expect([...writer.written].every((byte, at) => byte !== 255 || writer.written[at + 1] === 0)).toBe(
          true,
        )
      }),
    )
  })

  test('[HO4] a reader knows where its next bit stands, whatever it has read ahead', () => {
    fc.assert(
      fc.property(coded, fc.array(fc.integer({ min: 1, max: 16 })), (source, steps) => {
        const { places } = bitsOf(source)
        const reader = new BitReader(source, 0)
        let read = 0
        for (const step of steps) {
          if (read + step > places.length - 1) break
          reader.read(step)
          read += step
          expect(reader.bitPosition).toBe(places[read])
        }
      }),
    )
  })

  test('[HO4] restart markers stand on whole bytes, in their order', () => {
    const writer = new ScanWriter(1)
    writer.put(0b101, 3)
    writer.restart(7)
    writer.restart(8)
    expect([...writer.written]).toEqual([0b10111111, 0xff, 0xd7, 0xff, 0xd0])
  })
})
