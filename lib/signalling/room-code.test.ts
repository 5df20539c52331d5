import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ROOM_CODE_SYMBOLS, parseRoomCode, roomCodeFrom } from './room-code'

const code = fc.uint8Array({ minLength: ROOM_CODE_SYMBOLS, maxLength: ROOM_CODE_SYMBOLS }).map(roomCodeFrom)

describe('a room code', () => {
  it('has ten symbols in two groups, none of them I, L, O or U', () => {
    fc.assert(
      fc.property(code, (text) => {
        expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
      }),
    )
  })

  it('holds 50 bits: each symbol takes each of 32 values equally often', () => {
    const counts = new Map<string, number>()
    for (let byte = 0; byte < 256; byte++) {
      const symbol = roomCodeFrom(new Uint8Array(ROOM_CODE_SYMBOLS).fill(byte)).charAt(0)
      counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
    }
    expect([...counts.values()]).toEqual(Array(32).fill(8))
  })

  it('is read in any case, with spaces and dashes anywhere', () => {
    const filler = fc.array(
      fc.constantFrom(' ', '-', '–', '—', '\u2011', '\u2212', '_', '.', '\t', '\u00a0'),
      {
        maxLength: 2,
      },
    )
    fc.assert(
      fc.property(
        code,
        fc.array(fc.tuple(filler, fc.boolean()), { minLength: 11, maxLength: 11 }),
        (text, noise) => {
          const typed = Array.from(text)
            .map((symbol, index) => {
              const [between, lower] = noise[index]!
              return between.join('') + (lower ? symbol.toLowerCase() : symbol)
            })
            .join('')
          expect(parseRoomCode(typed)).toBe(text)
        },
      ),
    )
  })

  it('takes O for 0, and I and L for 1', () => {
    expect(parseRoomCode('oO0iI lL1ab')).toBe('00011-111AB')
  })

  it.each([
    ['', 'nothing'],
    ['K7QM3-XTR9', 'too short'],
    ['K7QM3-XTR9BB', 'too long'],
    ['K7QM3-XTR9U', 'a letter that is not used'],
    ['K7QM3/XTR9B', 'a sign'],
    ['K7QM3-XTR9ß', 'a letter that grows in capitals'],
    [`K7QM3-XTR9B${' '.repeat(60)}`, 'far too long'],
  ])('%j is none: %s', (text) => {
    expect(parseRoomCode(text)).toBeNull()
  })

  it('is never anything but canonical, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const parsed = parseRoomCode(text)
        if (parsed !== null) expect(parseRoomCode(parsed)).toBe(parsed)
      }),
    )
  })

  it('is not made from too little chance', () => {
    expect(() => roomCodeFrom(new Uint8Array(9))).toThrow(RangeError)
  })
})
