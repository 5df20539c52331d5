import type { Orientation } from '../formats/facts'
import { toUpright } from './orientation'

/** A small upright copy of the picture, which fills its holes. */
export interface SmallCopy {
  readonly width: number
  readonly height: number
  readonly rgba: ArrayLike<number>
}

export type ColourModel = 'grey' | 'ycc' | 'rgb' | 'cmyk'

/** The level, -128 to 127, that one component has at a place of the stored picture (shares of its sides). */
export type Ground = (component: number, x: number, y: number) => number

export const GREY_GROUND: Ground = () => 0

export function groundOf(copy: SmallCopy, orientation: Orientation, model: ColourModel): Ground {
  if (model === 'cmyk' || copy.width < 1 || copy.height < 1) return GREY_GROUND
  return (component, x, y) => {
    const upright = toUpright(orientation, { x, y })
    const at = (channel: number) => smooth(copy, upright.x, upright.y, channel)
    if (model === 'rgb') return at(component) - 128
    const [red, green, blue] = [at(0), at(1), at(2)]
    // JFIF, clause 7.
    if (component === 1) return -0.168736 * red - 0.331264 * green + 0.5 * blue
    if (component === 2) return 0.5 * red - 0.418688 * green - 0.081312 * blue
    return 0.299 * red + 0.587 * green + 0.114 * blue - 128
  }
}

/** Between the four nearest pixels, so that no edge of the small copy is seen. */
function smooth({ width, height, rgba }: SmallCopy, x: number, y: number, channel: number): number {
  const across = Math.max(0, Math.min(width - 1, x * width - 0.5))
  const down = Math.max(0, Math.min(height - 1, y * height - 0.5))
  const left = Math.floor(across)
  const top = Math.floor(down)
  const right = Math.min(left + 1, width - 1)
  const bottom = Math.min(top + 1, height - 1)
  const level = (column: number, row: number) => rgba[4 * (row * width + column) + channel] ?? 0
  const upper = level(left, top) + (level(right, top) - level(left, top)) * (across - left)
  const lower = level(left, bottom) + (level(right, bottom) - level(left, bottom)) * (across - left)
  return upper + (lower - upper) * (down - top)
}
