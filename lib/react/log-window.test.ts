import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { laterWindow, logWindow, windowAround, windowBefore } from './log-window'

describe('the messages that are in the page', () => {
  it('are the last ones while nobody scrolls', () => {
    expect(logWindow(20_000, null)).toEqual({ start: 19_850, end: 20_000 })
    expect(logWindow(3, null)).toEqual({ start: 0, end: 3 })
  })

  it('are never more than a few hundred', () => {
    fc.assert(
      fc.property(fc.nat(50_000), fc.option(fc.nat(60_000)), (count, first) => {
        const { start, end } = logWindow(count, first)
        expect(end - start).toBeLessThanOrEqual(400)
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(count)
      }),
    )
  })

  it('include the one that is looked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), fc.nat(), (count, seed) => {
        const index = seed % count
        const { start, end } = logWindow(count, windowAround(count, index))
        expect(index).toBeGreaterThanOrEqual(start)
        expect(index).toBeLessThan(end)
      }),
    )
  })

  it('reach the first and the last by steps', () => {
    let { start, end } = logWindow(2000, null)
    for (let step = 0; start > 0 && step < 100; step++)
      ({ start, end } = logWindow(2000, windowBefore(start)))
    expect(start).toBe(0)
    for (let step = 0; end < 2000 && step < 100; step++)
      ({ start, end } = logWindow(2000, laterWindow(2000, start)))
    expect(end).toBe(2000)
  })
})
