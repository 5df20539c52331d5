import { CHUNK_BYTES } from '@/lib/protocol/constants'

import type { SmallCopy } from '../holes/ground'
import { drawHoleMask } from '../holes/hole-mask'
import { uprightSize } from '../holes/orientation'
import { parseIndex } from '../holes/picture-index'
import { rebuildJpeg, shownShare } from '../holes/rebuild'
import { readPlaceholder } from '../placeholder'

/** A JPEG with holes, as far as it is here. */
export interface PieceOfPicture {
  /** The file in order, in pieces of 1 MiB (the last one shorter); null where nothing arrived. */
  readonly pieces: readonly (Uint8Array | null)[]
  readonly bytes: number
  /** Bit i & 7 of byte i >> 3: chunk i is held. */
  readonly held: Uint8Array
  /** The parts of the index that are here. */
  readonly index: readonly Uint8Array[]
  /** Nothing more is under way: what is missing is a hole, and hatched. */
  readonly isOver: boolean
  /** As announced, upright. */
  readonly width: number
  readonly height: number
  /** To fill holes with: a small picture that is known to be one, or the thumbhash. */
  readonly preview: Blob | null
  readonly placeholder: string
}

export interface ShownPicture {
  readonly jpeg: Blob
  /** A PNG that hatches the holes, to lie over the picture; null when there are none, or some may yet be filled. */
  readonly mask: Blob | null
  /** Share of the pixels that are from received data, 0 to 1. */
  readonly share: number
}

const PIECE_BYTES = 1024 * CHUNK_BYTES

/** Null when the index is not here yet, or not that of this picture. */
export async function showHeld(picture: PieceOfPicture): Promise<ShownPicture | null> {
  const index = parseIndex(picture.index)
  if (index === null) return null
  const bytes = new Uint8Array(picture.bytes)
  picture.pieces.forEach((piece, place) => {
    if (piece) bytes.set(piece, place * PIECE_BYTES)
  })
  const { held } = picture
  const has = (chunk: number) => (((held[chunk >> 3] ?? 0) >> (chunk & 7)) & 1) === 1
  const smallCopy = (await decode(picture.preview)) ?? readPlaceholder(picture.placeholder)
  const rebuilt = rebuildJpeg(index, { bytes, has }, smallCopy)
  if (rebuilt === null) return null
  const { width, height } = uprightSize(index.orientation, rebuilt.layout)
  if (width !== picture.width || height !== picture.height) return null
  const mask = picture.isOver ? drawHoleMask(rebuilt.layout, rebuilt.shown, index.orientation) : null
  return {
    jpeg: new Blob([own(rebuilt.jpeg)], { type: 'image/jpeg' }),
    mask: mask && new Blob([own(mask)], { type: 'image/png' }),
    share: shownShare(rebuilt),
  }
}

/** Null where a worker cannot draw, or the bytes are no picture. */
async function decode(preview: Blob | null): Promise<SmallCopy | null> {
  if (preview === null || typeof OffscreenCanvas === 'undefined') return null
  try {
    const bitmap = await createImageBitmap(preview)
    const { width, height } = bitmap
    const context = new OffscreenCanvas(width, height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    bitmap.close()
    return context && { width, height, rgba: context.getImageData(0, 0, width, height).data }
  } catch {
    return null
  }
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
