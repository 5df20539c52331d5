import { rgbaToThumbHash } from 'thumbhash'

import { toHex } from '@/lib/protocol/packet/bytes'

import { fitInside } from '../settings'
import { type Canvas, type Context, draw, encode, release } from './canvas'

/** What the other side sees first. */
export interface SmallCopies {
  /** Hex of a thumbhash, 5 to 25 bytes: it fits into the announcement. */
  readonly placeholder: string
  /** A JPEG or WebP of at most 2 048 bytes; empty when the picture gives none. */
  readonly preview: Uint8Array
}

/**
 * Two parts of 1 024 bytes: with the announcement three packets have to arrive. A third part would show little more
 * (at 160 pixels two are enough for most photos at quality 0.5), and be one more that may be lost.
 */
const PREVIEW_MAX_BYTES = 2048
/** Tried in turn until one is small enough: half the quality is seen less than half the size. */
const PREVIEW_TRIES = [
  { side: 160, quality: 0.6 },
  { side: 160, quality: 0.4 },
  { side: 160, quality: 0.2 },
  { side: 112, quality: 0.2 },
  { side: 64, quality: 0.2 },
] as const
/** Thumbhash takes at most 100. */
const PLACEHOLDER_SIDE_PX = 64

/** From a canvas that shows the picture upright. */
export async function smallCopies(source: Context['canvas']): Promise<SmallCopies> {
  return { placeholder: placeholderOf(source), preview: await previewOf(source) }
}

function placeholderOf(source: Canvas): string {
  const size = fitInside(source, PLACEHOLDER_SIDE_PX)
  const small = draw(source, size)
  const { data } = small.getImageData(0, 0, size.width, size.height)
  release(small.canvas)
  return toHex(rgbaToThumbHash(size.width, size.height, data))
}

async function previewOf(source: Canvas): Promise<Uint8Array> {
  for (const { side, quality } of PREVIEW_TRIES) {
    const small = draw(source, fitInside(source, side), 'white')
    // WebP has no header to speak of, where JPEG spends 600 bytes; Safari writes JPEG only, and says so.
    const webp = await encode(small.canvas, 'image/webp', quality)
    const blob = webp?.type === 'image/webp' ? webp : await encode(small.canvas, 'image/jpeg', quality)
    release(small.canvas)
    if (blob && blob.size <= PREVIEW_MAX_BYTES) return new Uint8Array(await blob.arrayBuffer())
  }
  return new Uint8Array()
}
