/** What the person chose: the file as it is, or a smaller copy made here. */
export type PictureSettings =
  | { readonly kind: 'original' }
  | {
      readonly kind: 'compress'
      /** 0.1 to 1; anything outside is moved to the nearer end. */
      readonly quality: number
      /** The longer side of the result, pixels; null keeps the size. A smaller picture is never enlarged. */
      readonly longestSidePx: number | null
    }

export const QUALITY_MIN = 0.1
export const QUALITY_MAX = 1

/** Full width of a large screen, of a laptop and of a phone. */
export const LONGEST_SIDE_PRESETS_PX = [2048, 1600, 1024] as const

/**
 * "It appears at once" is what Shoal is for. 2048 px fills a phone or a laptop screen sharply; at quality 0.8
 * a 12-megapixel photo of 2 to 4 MB becomes 200 to 500 kB, so it crosses a link of 20 Mbit/s in about 0.2 s
 * instead of 1 to 2 s, and the eye finds no difference. Whoever wants every pixel sends the original.
 */
export const DEFAULT_SETTINGS: PictureSettings = { kind: 'compress', quality: 0.8, longestSidePx: 2048 }

export const ORIGINAL_SETTINGS: PictureSettings = { kind: 'original' }

/** A quality the encoders understand, whatever a slider or a URL handed in. */
export function clampQuality(quality: number): number {
  return Number.isFinite(quality) ? Math.min(QUALITY_MAX, Math.max(QUALITY_MIN, quality)) : QUALITY_MAX
}

/** Width and height after the longer side was brought down to `longestSidePx`, whole pixels, at least 1. */
export function fitInside(
  size: { readonly width: number; readonly height: number },
  longestSidePx: number | null,
): { width: number; height: number } {
  const longest = Math.max(size.width, size.height)
  const scale = longestSidePx === null || longest <= longestSidePx ? 1 : longestSidePx / longest
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  }
}
