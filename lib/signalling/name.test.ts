import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { NAME_MAX_CHARS, cleanName, distinctName } from './name'

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))

describe('a name', () => {
  it.each([
    ['  Anna  ', 'Anna'],
    ['Anna\tMaria\n\nB', 'Anna Maria B'],
    ['Ame\u0301lie', 'Amélie'],
    ['a\u0000b\u0007c\u007f', 'abc'],
    ['\u202eannA\u202c', 'annA'],
    ['\u2066x\u2069\u200f\u061c', 'x'],
    ['A\u200bN\ufeffN\u00adA', 'ANNA'],
    ['<img src=x onerror=alert(1)>', '‹img src=x onerror=alert(1)›'],
    ['O’Brien & "Co"', 'O’Brien & "Co"'],
    ['👩\u200d💻', '👩\u200d💻'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['\u200dA\u200c', 'A'],
    ['\ud800A', 'A'],
    ['名前', '名前'],
    ['A \u200b B', 'A B'],
  ])('%j is cleaned to %j', (input, expected) => {
    expect(cleanName(input)).toBe(expected)
  })

  it.each(['', '   ', '\u202e\u200b', '\u200d', '\u0301', '\u3164'])('%j is none', (input) => {
    expect(cleanName(input)).toBeNull()
  })

  it('has at most 40 characters, counted as people do', () => {
    for (const character of ['x', '👍', 'é']) {
      expect(cleanName(character.repeat(40))).toBe(character.repeat(40))
      expect(cleanName(character.repeat(41))).toBeNull()
    }
    expect(cleanName('x'.repeat(100_000))).toBeNull()
  })

  it(
    'is clean after one cleaning, short, and has nothing in it that hides, reorders or marks up',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(text, (input) => {
          const name = cleanName(input)
          if (name === null) return
          expect(cleanName(name)).toBe(name)
          expect(Array.from(name).length).toBeLessThanOrEqual(NAME_MAX_CHARS)
          expect(name).not.toMatch(/[<>\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
        }),
        { numRuns: 2000 },
      )
    },
  )
})

describe('two members with one name', () => {
  it('get numbers', () => {
    expect(distinctName('ANNA', [])).toBe('ANNA')
    expect(distinctName('ANNA', ['ANNA'])).toBe('ANNA (2)')
    expect(distinctName('ANNA', ['ANNA', 'ANNA (2)'])).toBe('ANNA (3)')
    expect(distinctName('ANNA', ['ANNA (2)'])).toBe('ANNA')
  })

  it('are told apart also when they only look alike', () => {
    expect(distinctName('anna', ['ANNA'])).toBe('anna (2)')
    expect(distinctName('ＡＮＮＡ', ['anna'])).toBe('ＡＮＮＡ (2)')
  })

  it('never get a name longer than a name may be', () => {
    const long = 'x'.repeat(NAME_MAX_CHARS)
    expect(distinctName(long, [long])).toBe(`${'x'.repeat(36)} (2)`)
  })

  it('are distinct and clean whatever the names are', () => {
    const names = fc.array(
      text.map(cleanName).filter((name) => name !== null),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(names, (wanted) => {
        const given: string[] = []
        for (const name of wanted) given.push(distinctName(name, given))
        expect(new Set(given).size).toBe(given.length)
        for (const name of given) expect(cleanName(name)).not.toBeNull()
      }),
    )
  })
})
