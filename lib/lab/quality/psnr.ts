/** Pixels as a canvas has them: RGBA, 8 bits each. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

/**
 * Peak signal-to-noise ratio of two pictures of one size over luma (ITU-R BT.601), decibels; Infinity when they are the same.
 * 10 log10(255² / mean squared error). Throws RangeError when the sizes differ.
 */
export function psnr(shown: Pixels, original: Pixels): number {
  if (shown.width !== original.width || shown.height !== original.height) {
    throw new RangeError('pictures of two sizes')
  }
  let sum = 0
  for (let at = 0; at < original.data.length; at += 4) {
    sum += (lumaAt(shown.data, at) - lumaAt(original.data, at)) ** 2
  }
  const meanSquaredError = sum / (original.data.length / 4)
  return meanSquaredError === 0 ? Infinity : 10 * Math.log10(255 ** 2 / meanSquaredError)
}

/** Luma of the pixel whose red is at `at`, 0 to 255. */
export function lumaAt(data: Uint8ClampedArray, at: number): number {
  return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
}
