import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { toHex } from './bytes'
import { decodeUtf8, encodeUtf8 } from './utf8'

const platform = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Any character, those of each length in UTF-8 alike often. */
const character = fc
  .oneof(
    fc.nat({ max: 0x7f }),
    fc.nat({ max: 0x7ff }),
    fc.nat({ max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code))

function platformDecode(bytes: Uint8Array): string | null {
  try {
    return platform.decode(bytes)
  } catch {
    return null
  }
}

describe('UTF-8', () => {
  test('[MF5] text becomes the bytes that the platform makes of it, lone surrogates included', () => {
    const text = fc.array(fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe00f })))
    fc.assert(
      fc.property(text, (units) => {
        const value = String.fromCharCode(...units)
        expect(toHex(encodeUtf8(value, 10_000))).toBe(toHex(new TextEncoder().encode(value)))
      }),
    )
  })

  test('[MF2] bytes are read exactly where the platform reads them, and refused where it refuses them', () => {
    // Bytes near the edges of the encoding, so that well-formed sequences are not rare.
    const byte = fc.oneof(
      fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf),
      fc.constantFrom(0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff),
      fc.nat({ max: 255 }),
    )
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 8 }), (values) => {
        const bytes = Uint8Array.from(values)
        expect(decodeUtf8(bytes)).toBe(platformDecode(bytes))
      }),
      { numRuns: 5000 },
    )
  })

  test('[MF5] text that is too long is cut between characters', () => {
    fc.assert(
      fc.property(fc.array(character), fc.nat({ max: 40 }), (characters, maxBytes) => {
        const value = characters.join('')
        const bytes = encodeUtf8(value, maxBytes)
        expect(bytes.length).toBeLessThanOrEqual(maxBytes)
        const text = decodeUtf8(bytes)
        expect(value.startsWith(text ?? '?')).toBe(true)
        const next = value.slice(text?.length).codePointAt(0)
        const nextBytes = next === undefined ? 0 : new TextEncoder().encode(String.fromCodePoint(next)).length
        if (next !== undefined) expect(bytes.length + nextBytes).toBeGreaterThan(maxBytes)
      }),
    )
  })
})
