import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createTokenSeal } from './tokens'
import type { Place } from './tokens'

const place: fc.Arbitrary<Place> = fc.record({
  room: fc.string(),
  id: fc.string(),
  name: fc.string({ unit: 'grapheme' }),
  role: fc.constantFrom('sender', 'receiver'),
  maxMembers: fc.nat(),
  roomCreatedAtMs: fc.nat(),
  issuedAtMs: fc.nat(),
  run: fc.string(),
})

const seal = createTokenSeal(Buffer.from('a key'))

describe('tokens', () => {
  it('what was sealed is opened again, whatever is in it', () => {
    fc.assert(
      fc.property(place, (value) => {
        expect(seal.open(seal.seal(value))).toEqual(value)
      }),
    )
  })

  it('a token is safe in JSON, in a URL and in storage', () => {
    fc.assert(
      fc.property(place, (value) => {
        expect(seal.seal(value)).toMatch(/^[\w-]+\.[\w-]{43}$/)
      }),
    )
  })

  it('a change of any character makes it worthless', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom('A', 'b', '7', '_', '.'), (value, at, character) => {
        const token = seal.seal(value)
        const index = at % token.length
        const changed = token.slice(0, index) + character + token.slice(index + 1)
        fc.pre(changed !== token)
        expect(seal.open(changed)).toBeNull()
      }),
    )
  })

  it('another key opens nothing', () => {
    const other = createTokenSeal(Buffer.from('another key'))
    fc.assert(
      fc.property(place, (value) => {
        expect(other.open(seal.seal(value))).toBeNull()
      }),
    )
  })

  it('anything else is no token, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (head, tail) => {
        expect(seal.open(head)).toBeNull()
        expect(seal.open(`${head}.${tail}`)).toBeNull()
      }),
    )
  })
})
