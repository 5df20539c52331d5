import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { KEPT_BYTES_MAX, KEPT_PICTURES_MAX, tooMany } from './kept-picture'

describe('what is kept of the pictures of one tab', () => {
  it('is all of them while they are few and small', () => {
    expect(tooMany([])).toEqual([])
    expect(tooMany([{ bytes: KEPT_BYTES_MAX / 2 }, { bytes: KEPT_BYTES_MAX / 2 }])).toEqual([])
  })

  it('is the newest, by number and by size', () => {
    const many = Array.from({ length: KEPT_PICTURES_MAX + 2 }, (_, at) => ({ at, bytes: 1 }))
    expect(tooMany(many).map(({ at }) => at)).toEqual([0, 1])
    const large = [1, 2, 3].map((at) => ({ at, bytes: 0.4 * KEPT_BYTES_MAX }))
    expect(tooMany(large).map(({ at }) => at)).toEqual([1])
  })

  it('is within bounds whatever comes, and nothing goes that could stay', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: KEPT_BYTES_MAX * 1.2 }), { maxLength: 40 }), (sizes) => {
        const all = sizes.map((bytes) => ({ bytes }))
        const gone = tooMany(all)
        const kept = all.slice(gone.length)
        const sum = kept.reduce((total, { bytes }) => total + bytes, 0)
        expect(all.slice(0, gone.length)).toEqual(gone)
        expect(kept.length).toBeLessThanOrEqual(KEPT_PICTURES_MAX)
        expect(sum).toBeLessThanOrEqual(KEPT_BYTES_MAX)
        const last = gone.at(-1)
        if (last) {
          expect(kept.length === KEPT_PICTURES_MAX || sum + last.bytes > KEPT_BYTES_MAX).toBe(true)
        }
      }),
    )
  })
})
