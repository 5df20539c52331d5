import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isTextPart, TEXT_MAX_BYTES, TextParts, textParts } from './text-parts'

describe('a text in parts', () => {
  it('is the same when it is put together, in whatever order its parts come, once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 3000 }),
        fc.infiniteStream(fc.nat()),
        (text, order) => {
          const parts = textParts(text, 7)!
          const mixed = parts
            .map((part) => ({ part, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
          const taken = new TextParts()
          const whole = mixed.flatMap(({ part }) => taken.handle(part) ?? [])
          expect(parts.every(isTextPart)).toBe(true)
          expect(whole).toEqual([text])
        },
      ),
    )
  })

  it('is refused when it is too long', () => {
    expect(textParts('x'.repeat(TEXT_MAX_BYTES), 1)).toHaveLength(21)
    expect(textParts('x'.repeat(TEXT_MAX_BYTES + 1), 1)).toBeNull()
  })

  it('a lost part costs that text alone, and no memory for long', () => {
    const taken = new TextParts()
    for (let number = 0; number < 100; number++) taken.handle(textParts('y'.repeat(2500), number)![0]!)
    expect(taken.handle(textParts('later', 200)![0]!)).toBe('later')
    // The first of them has been let go: its other parts begin a text that never ends.
    const [, second, third] = textParts('y'.repeat(2500), 0)!
    expect([taken.handle(second!), taken.handle(third!)]).toEqual([null, null])
  })

  it('whatever a peer sends is a text or nothing, and never thrown', () => {
    const taken = new TextParts()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => {
        const packet = Uint8Array.from([0x1f, ...bytes])
        const text = taken.handle(packet)
        expect(text === null || typeof text === 'string').toBe(true)
      }),
    )
    expect(taken.invalid).toBeGreaterThan(0)
  })
})
