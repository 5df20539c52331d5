import type { LuminanceGrid } from '../luminance'
import { toLuminance } from '../luminance'
import { fitInside } from '../settings'
import { draw, encode, release } from './canvas'
import { smallCopies, type SmallCopies } from './small-copy'
import type { RedrawOptions, RenderSource } from './tasks'

/** How the browser shows a picture. */
export interface Rendering {
  /** Pixels as the browser decodes it: upright, where it follows the orientation. */
  readonly width: number
  readonly height: number
  /** A small upright copy: WebP, or PNG where the browser cannot write WebP. Both keep transparency. */
  readonly thumbnail: Blob
  readonly luminance: LuminanceGrid
  readonly canEncodeWebp: boolean
  /** No pixel of the small copy lets anything through, whatever the file's headers promise. */
  readonly isOpaque: boolean
  /** To be sent ahead of the picture. */
  readonly copies: SmallCopies
}

const THUMBNAIL_QUALITY = 0.8

/** null when the browser cannot decode the file, or has no memory for it. */
export async function render(source: RenderSource, longestSidePx: number): Promise<Rendering | null> {
  const bitmap = 'file' in source ? await decode(source.file) : source.bitmap
  if (bitmap === null) return null
  try {
    const { width, height } = 'file' in source ? bitmap : source
    const size = fitInside({ width, height }, longestSidePx)
    const small = draw(bitmap, size)
    const pixels = small.getImageData(0, 0, size.width, size.height).data
    const luminance = toLuminance(pixels, size.width, size.height)
    const thumbnail = await encode(small.canvas, 'image/webp', THUMBNAIL_QUALITY)
    const copies = await smallCopies(small.canvas)
    release(small.canvas)
    if (thumbnail === null) return null
    const canEncodeWebp = thumbnail.type === 'image/webp'
    return { width, height, thumbnail, luminance, canEncodeWebp, isOpaque: isOpaque(pixels), copies }
  } finally {
    bitmap.close()
  }
}

/** Draws the picture anew, upright, without metadata. null when that type cannot be written here. */
export async function redraw(file: Blob, options: RedrawOptions): Promise<Blob | null> {
  const bitmap = await decode(file)
  if (bitmap === null) return null
  // JPEG has no transparency; without a ground it turns black.
  const { canvas } = draw(bitmap, options, options.type === 'image/jpeg' ? 'white' : null)
  bitmap.close()
  const blob = await encode(canvas, options.type, options.quality)
  release(canvas)
  return blob?.type === options.type ? blob : null
}

async function decode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return null
  }
}

function isOpaque(rgba: Uint8ClampedArray): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false
  return true
}
