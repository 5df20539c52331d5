import type { ErrorCode } from '@/lib/protocol/errors'
import type { ImageType } from '@/lib/protocol/report'

import type { Orientation, PictureHeader } from './formats/facts'
import { isSideways } from './formats/facts'
import { sniffFile } from './inspect-file'
import { safePictureName } from './name'
import { runImageTask } from './worker/bridge'

/** What the page says about a picture, before and after compression. */
export interface PictureFacts {
  /** Safe to show and to save, with the ending of the real type. */
  readonly name: string
  /** By its bytes, never by its name. */
  readonly type: ImageType
  readonly bytes: number
  /** Pixels, as the picture is meant to be seen (after EXIF orientation). */
  readonly width: number
  readonly height: number
  /** 1 grey, 3 colour, 4 colour and alpha or CMYK. */
  readonly channels: 1 | 3 | 4
  /** As stored in the file; `width` and `height` are after it. */
  readonly orientation: Orientation
  /** The file names the place where the picture was taken; sending the original gives it away. */
  readonly hasLocation: boolean
  /** More than one frame. */
  readonly animated: boolean
  /** SHOAL_IMAGE_DAMAGED is a warning: the file can be sent as it is. */
  readonly damage: 'SHOAL_IMAGE_DAMAGED' | null
}

export type Inspection =
  | { readonly ok: true; readonly facts: PictureFacts; readonly index: readonly Uint8Array[] }
  | { readonly ok: false; readonly code: ErrorCode }

/** Reads a file's bytes, in a worker, and says what it is; `maxBytes` bounds what is read at all. */
export async function inspectPicture(signal: AbortSignal, file: File, maxBytes: number): Promise<Inspection> {
  const sniffed = await sniffFile(file, maxBytes)
  signal.throwIfAborted()
  if (!sniffed.ok) return sniffed
  const verdict = await runImageTask(signal, 'inspect', { file })
  if (!verdict.ok) return verdict
  return { ok: true, facts: toFacts(file, verdict.header, verdict.damage !== null), index: verdict.index }
}

/** Facts of a file whose headers were read. */
export function toFacts(
  file: Pick<File, 'name' | 'size'>,
  header: PictureHeader,
  isDamaged: boolean,
): PictureFacts {
  const { type, channels, orientation, hasLocation, animated, storedWidth, storedHeight } = header
  // Browsers turn JPEGs by their EXIF; what they do with it in PNG and WebP shows when they draw it.
  const swap = type === 'image/jpeg' && isSideways(orientation)
  return {
    name: safePictureName(file.name, type),
    type,
    bytes: file.size,
    width: swap ? storedHeight : storedWidth,
    height: swap ? storedWidth : storedHeight,
    channels,
    orientation,
    hasLocation,
    animated,
    damage: isDamaged ? 'SHOAL_IMAGE_DAMAGED' : null,
  }
}
