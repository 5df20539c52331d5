/** Cells a side of the grid that two pictures are compared by. */
export const GRID_SIDE = 32

/** Brightness of each cell, 0 to 255, row by row: GRID_SIDE x GRID_SIDE. */
export type LuminanceGrid = Uint8Array

/**
 * What may differ without anything being wrong. At the lowest quality (0.1) cells of real photos differed by
 * 2 on average and none by more than 15, in Chromium and Firefox; a black picture, a blank one or one that
 * lies on its side differs in most of its cells.
 */
const CELL_DIFFERENCE_MAX = 48
const DIFFERING_CELLS_MAX = 0.06
const MEAN_DIFFERENCE_MAX = 20

/**
 * RGBA pixels -> the mean brightness of each cell (Rec. 709 weights), over mid-grey where they are transparent.
 * The mean is taken here, since browsers differ in how they shrink: Firefox picks pixels, which makes noise.
 */
export function toLuminance(rgba: Uint8ClampedArray, width: number, height: number): LuminanceGrid {
  const grid = new Uint8Array(GRID_SIDE * GRID_SIDE)
  for (let cell = 0; cell < grid.length; cell++) {
    const column = cell % GRID_SIDE
    const row = Math.floor(cell / GRID_SIDE)
    const [left, right] = cellEdges(column, width)
    const [top, bottom] = cellEdges(row, height)
    let sum = 0
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += brightness(rgba, 4 * (y * width + x))
    }
    grid[cell] = Math.round(sum / ((right - left) * (bottom - top)))
  }
  return grid
}

/** Whether `after` cannot be a smaller copy of `before`: blank, black, in part or whole, or turned round. */
export function showsSomethingElse(before: LuminanceGrid, after: LuminanceGrid): boolean {
  if (before.length !== after.length) return true
  let sum = 0
  let differing = 0
  for (let cell = 0; cell < before.length; cell++) {
    const difference = Math.abs((before[cell] ?? 0) - (after[cell] ?? 0))
    sum += difference
    if (difference > CELL_DIFFERENCE_MAX) differing++
  }
  return sum > MEAN_DIFFERENCE_MAX * before.length || differing > DIFFERING_CELLS_MAX * before.length
}

/** First pixel of a cell and the one behind its last; cells of a tiny picture share pixels, none is empty. */
function cellEdges(index: number, length: number): [number, number] {
  const first = Math.floor((index * length) / GRID_SIDE)
  return [first, Math.max(first + 1, Math.floor(((index + 1) * length) / GRID_SIDE))]
}

function brightness(rgba: Uint8ClampedArray, at: number): number {
  const bright = 0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0)
  const alpha = (rgba[at + 3] ?? 0) / 255
  return bright * alpha + 128 * (1 - alpha)
}
