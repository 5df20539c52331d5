import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ReplayWindow } from './replay-window'

const SIZE = 64

describe('ReplayWindow', () => {
  it('[KY6] judges as a list of all counters ever taken would', () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -2 * SIZE, max: SIZE }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 40 }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const window = new ReplayWindow(SIZE)
        const taken = new Set<number>()
        let highest = -1
        for (const by of steps) {
          const counter = Math.max(0, highest + by)
          const expected =
            counter > highest
              ? 'fresh'
              : highest - counter >= SIZE
                ? 'late'
                : taken.has(counter)
                  ? 'taken'
                  : 'fresh'
          expect(window.judge(counter)).toBe(expected)
          if (expected !== 'fresh') continue
          window.take(counter)
          taken.add(counter)
          highest = Math.max(highest, counter)
        }
      }),
    )
  })

  it('[KY6] takes every counter of the window once, in any order', () => {
    const window = new ReplayWindow(SIZE)
    window.take(1000 + SIZE - 1)
    for (let counter = 1000 + SIZE - 2; counter >= 1000; counter--) {
      expect(window.judge(counter)).toBe('fresh')
      window.take(counter)
    }
    for (let counter = 1000; counter < 1000 + SIZE; counter++) expect(window.judge(counter)).toBe('taken')
    expect(window.judge(999)).toBe('late')
    expect(window.judge(1000 + SIZE)).toBe('fresh')
  })
})
