import type { Orientation } from '../formats/facts'
import type { JpegLayout } from './jpeg-layout'
import { toStored, uprightSize } from './orientation'
import { encodePalettePng } from './palette-png'

/** A stripe is then one or two pixels wide on a small phone, and three or four on a laptop. */
const LONGEST_SIDE_PX = 640
/** Width of a stripe, pixels of the mask. */
const STRIPE_PX = 3

/** Nothing, light stripes and dark ones: between them a hole is seen on any ground. RGBA. */
const PALETTE = [
  [0, 0, 0, 0],
  [255, 214, 120, 150],
  [20, 16, 10, 150],
] as const

/**
 * A PNG to lie over the whole picture, upright: hatched where a unit is not from the file, clear elsewhere.
 * Null when nothing is missing.
 */
export function drawHoleMask(
  { width, height, unitsAcross, unitsDown, unitWidth, unitHeight }: JpegLayout,
  shown: Uint8Array,
  orientation: Orientation,
): Uint8Array | null {
  if (!shown.includes(0)) return null
  const upright = uprightSize(orientation, { width, height })
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height))
  const across = Math.max(1, Math.round(upright.width * scale))
  const down = Math.max(1, Math.round(upright.height * scale))
  const pixels = new Uint8Array(across * down)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const place = toStored(orientation, { x: (x + 0.5) / across, y: (y + 0.5) / down })
      const column = Math.min(unitsAcross - 1, Math.floor((place.x * width) / unitWidth))
      const row = Math.min(unitsDown - 1, Math.floor((place.y * height) / unitHeight))
      if (shown[row * unitsAcross + column] === 1) continue
      pixels[y * across + x] = (x + y) % (2 * STRIPE_PX) < STRIPE_PX ? 1 : 2
    }
  }
  return encodePalettePng(across, down, pixels, PALETTE)
}
