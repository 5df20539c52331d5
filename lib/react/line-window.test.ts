import fc from 'fast-check'
import { expect, test } from 'vitest'

import { windowFromEnd } from './line-window'

const BOX_LINES = 10

test('at the end only the newest lines are drawn, and further up some around those in view', () => {
  expect(windowFromEnd(300_000, 0)).toEqual({ first: 299_988, count: 12 })
  expect(windowFromEnd(300_000, 100)).toEqual({ first: 299_880, count: 28 })
})

test('a short stream is drawn whole', () => {
  expect(windowFromEnd(3, 0)).toEqual({ first: 0, count: 3 })
  expect(windowFromEnd(0, 0)).toEqual({ first: 0, count: 0 })
})

test('every line in the box is drawn wherever one scrolls to, and never more than a few dozen', () => {
  fc.assert(
    fc.property(fc.nat(400_000), fc.nat(400_000), (length, scrolled) => {
      const below = Math.min(scrolled, Math.max(0, length - BOX_LINES))
      const { first, count } = windowFromEnd(length, below)
      expect(first).toBeGreaterThanOrEqual(0)
      expect(first + count).toBeLessThanOrEqual(length)
      expect(first).toBeLessThanOrEqual(Math.max(0, length - below - BOX_LINES))
      expect(first + count).toBeGreaterThanOrEqual(Math.min(length, length - below))
      expect(count).toBeLessThanOrEqual(30)
    }),
  )
})

test('lines that are gone from a shorter stream leave an empty window, not a negative one', () => {
  expect(windowFromEnd(5, 100)).toEqual({ first: 0, count: 0 })
})
