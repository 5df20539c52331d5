import { describe, expect, it } from 'vitest'

import { samplePixels } from './fixtures'
import type { LuminanceGrid } from './luminance'
import { GRID_SIDE, showsSomethingElse, toLuminance } from './luminance'

const WIDTH = 96
const HEIGHT = 64

/** Bright above, dark below, and brighter towards the left: every turn shows. */
function photo(): LuminanceGrid {
  return Uint8Array.from({ length: GRID_SIDE * GRID_SIDE }, (_, cell) => {
    const down = Math.floor(cell / GRID_SIDE) / GRID_SIDE
    const right = (cell % GRID_SIDE) / GRID_SIDE
    return 230 - 150 * down - 60 * right
  })
}

function solid(colour: readonly number[]): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: WIDTH * HEIGHT * 4 }, (_, at) => colour[at % 4] ?? 0)
}

describe('toLuminance', () => {
  it.each([
    ['white', [255, 255, 255, 255], 255],
    ['black', [0, 0, 0, 255], 0],
    ['green, which looks brighter than it is coded', [0, 255, 0, 255], 182],
    ['nothing, over mid-grey', [255, 255, 255, 0], 128],
  ] as const)('of %s', (_what, colour, expected) => {
    const grid = toLuminance(solid(colour), WIDTH, HEIGHT)
    expect(grid).toHaveLength(GRID_SIDE * GRID_SIDE)
    expect(new Set(grid)).toEqual(new Set([expected]))
  })

  it('is the mean of each cell', () => {
    const pixels = solid([0, 0, 0, 255])
    for (let x = 0; x < WIDTH; x += 3) pixels.fill(255, 4 * x, 4 * x + 3)
    const grid = toLuminance(pixels, WIDTH, HEIGHT)
    // One of the three pixels across and one of the two down are white in the first row of cells.
    expect(Math.abs((grid[0] ?? 0) - 255 / 6)).toBeLessThan(1)
    expect(grid[GRID_SIDE]).toBe(0)
  })

  it('has a value for each cell of a picture smaller than the grid', () => {
    const grid = toLuminance(Uint8ClampedArray.from([255, 255, 255, 255, 0, 0, 0, 255]), 2, 1)
    expect(grid[0]).toBe(255)
    expect(grid[GRID_SIDE - 1]).toBe(0)
  })
})

describe('showsSomethingElse', () => {
  it('forgives what compression changes', () => {
    const noise = samplePixels(GRID_SIDE, GRID_SIDE, 1)
    const compressed = photo().map((bright, cell) => bright + ((noise[cell] ?? 0) % 13) - 6)
    expect(showsSomethingElse(photo(), compressed)).toBe(false)
  })

  it.each([
    ['is black', photo().fill(0)],
    ['is blank', photo().fill(255)],
    ['is upside down', photo().reverse()],
    [
      'lies on its side',
      photo().map((_, cell, grid) => grid[(cell % GRID_SIDE) * GRID_SIDE + (cell >> 5)] ?? 0),
    ],
    [
      'is black in its lowest third',
      photo()
        .fill(0, (GRID_SIDE * GRID_SIDE * 2) / 3)
        .map((b, i) => (i < 682 ? b : 0)),
    ],
    ['has another grid', new Uint8Array(4)],
  ])('notices a result that %s', (_what, after) => {
    expect(showsSomethingElse(photo(), after)).toBe(true)
  })
})
