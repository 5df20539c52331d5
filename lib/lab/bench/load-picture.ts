import { preparePicture } from '@/lib/image/prepare'
import { ORIGINAL_SETTINGS } from '@/lib/image/settings'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { ShoalError } from '@/lib/protocol/errors'

import type { MeasuredPicture } from './carriage'

/** A file as the sending page would send it, uncompressed; throws ShoalError for what is no picture. */
export async function loadPicture(signal: AbortSignal, file: File): Promise<MeasuredPicture> {
  const prepared = await preparePicture(signal, file, ORIGINAL_SETTINGS, {
    maxBytes: PICTURE_MAX_DEFAULT_BYTES,
  })
  if (!prepared.ok) throw new ShoalError(prepared.code)
  if (prepared.thumbnailUrl !== null) URL.revokeObjectURL(prepared.thumbnailUrl)
  const { picture } = prepared
  return { ...picture, bytes: new Uint8Array(await picture.file.arrayBuffer()) }
}
