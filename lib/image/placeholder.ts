import { rgbaToDataURL, thumbHashToRGBA } from 'thumbhash'

import { fromHex } from '@/lib/protocol/packet/bytes'

import type { SmallCopy } from './holes/ground'

const THUMBHASH_MIN_BYTES = 5

/** The blur that a stranger's thumbhash stands for, at most 32 x 32 pixels; null when it stands for none. */
export function readPlaceholder(hex: string): SmallCopy | null {
  const hash = fromHex(hex)
  if (hash.length < THUMBHASH_MIN_BYTES) return null
  const { w: width, h: height, rgba } = thumbHashToRGBA(hash)
  return width > 0 && height > 0 ? { width, height, rgba } : null
}

/** For an <img> or a background, a few kilobytes. */
export function placeholderUrl(hex: string): string | null {
  const copy = readPlaceholder(hex)
  return copy && rgbaToDataURL(copy.width, copy.height, copy.rgba)
}
