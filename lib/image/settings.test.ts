import { describe, expect, it } from 'vitest'

import { clampQuality, DEFAULT_SETTINGS, fitInside, LONGEST_SIDE_PRESETS_PX } from './settings'

describe('fitInside', () => {
  it.each([
    [{ width: 4000, height: 3000 }, 2048, { width: 2048, height: 1536 }],
    [{ width: 3000, height: 4000 }, 2048, { width: 1536, height: 2048 }],
    [{ width: 800, height: 600 }, 2048, { width: 800, height: 600 }],
    [{ width: 4000, height: 3000 }, null, { width: 4000, height: 3000 }],
    [{ width: 9000, height: 2 }, 1024, { width: 1024, height: 1 }],
  ])('%j inside %j is %j', (size, longest, fitted) => {
    expect(fitInside(size, longest)).toEqual(fitted)
  })
})

describe('the settings', () => {
  it.each([
    [0.5, 0.5],
    [0, 0.1],
    [7, 1],
    [Number.NaN, 1],
  ])('take a quality of %f as %f', (asked, taken) => {
    expect(clampQuality(asked)).toBe(taken)
  })

  it('begin with one of the sizes that the page offers', () => {
    expect(LONGEST_SIDE_PRESETS_PX).toContain(
      DEFAULT_SETTINGS.kind === 'compress' ? DEFAULT_SETTINGS.longestSidePx : 0,
    )
  })
})
