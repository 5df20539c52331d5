import { ssim as structuralSimilarity } from '@blazediff/ssim/ssim'

import type { Pixels } from './psnr'

/** The package halves pictures whose shorter side is this long or longer, which hides a thin hole. */
export const SSIM_SHORTER_SIDE_LIMIT_PX = 384
/** A side of the Gaussian window: a smaller picture has no place for it. */
export const SSIM_WINDOW_PX = 11

/**
 * Mean structural similarity over luma (Wang, Bovik, Sheikh, Simoncelli, 2004: Gaussian window of 11 x 11, sigma 1.5),
 * -1 to 1, and 1 when they are the same. Throws RangeError when the sizes differ, or when a side is shorter than the
 * window or both are too long for the package to measure them as they are.
 */
export function ssim(shown: Pixels, original: Pixels): number {
  const { width, height } = original
  if (shown.width !== width || shown.height !== height) throw new RangeError('pictures of two sizes')
  const shorterPx = Math.min(width, height)
  if (shorterPx < SSIM_WINDOW_PX || shorterPx >= SSIM_SHORTER_SIDE_LIMIT_PX) {
    throw new RangeError(`a picture of ${width} x ${height} pixels has no SSIM here`)
  }
  return structuralSimilarity(shown.data, original.data, undefined, width, height)
}
