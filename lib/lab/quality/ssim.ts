import { ssim as structuralSimilarity } from 'ssim.js'

import type { Pixels } from './psnr'

/**
 * Mean structural similarity over luma (Wang, Bovik, Sheikh, Simoncelli, 2004), 1 when they are the same. Pictures keep
 * their size: a hole of one row counts. Throws RangeError when the sizes differ.
 */
export function ssim(shown: Pixels, original: Pixels): number {
  if (shown.width !== original.width || shown.height !== original.height) {
    throw new RangeError('pictures of two sizes')
  }
  return structuralSimilarity(shown, original, { downsample: false, ssim: 'original' }).mssim
}
