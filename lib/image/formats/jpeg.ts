import type { ExifFacts } from './exif'
import { NO_EXIF, readExif, xmpHasLocation } from './exif'
import type { PictureHeader } from './facts'
import { isFrameHeader, JPEG, nextSegment, uint16 } from './jpeg-segments'
import { ascii } from './sniff'

const EXIF_ID = 'Exif\0\0'
const XMP_ID = 'http://ns.adobe.com/'

/** Reads up to the first scan. null when no frame header with a size is there. */
export function readJpegHeader(bytes: Uint8Array): PictureHeader | null {
  let exif: ExifFacts | null = null
  let inXmp = false
  let frame: Pick<PictureHeader, 'storedWidth' | 'storedHeight' | 'channels'> | null = null

  for (let offset = 2; ;) {
    const segment = nextSegment(bytes, offset)
    if (segment === null || segment.marker === JPEG.SOS || segment.marker === JPEG.EOI) break
    offset = segment.next
    if (isFrameHeader(segment.marker)) frame ??= readFrame(segment.payload)
    if (segment.marker !== JPEG.APP1) continue
    // The first EXIF block counts, as in browsers.
    if (ascii(segment.payload, 0, EXIF_ID.length) === EXIF_ID) exif ??= readExif(segment.payload.subarray(6))
    else if (ascii(segment.payload, 0, XMP_ID.length) === XMP_ID) inXmp ||= xmpHasLocation(segment.payload)
  }
  if (frame === null || frame.storedWidth === 0 || frame.storedHeight === 0) return null
  const { orientation, hasLocation } = exif ?? NO_EXIF
  return { type: 'image/jpeg', ...frame, orientation, hasLocation: hasLocation || inXmp, animated: false }
}

function readFrame(payload: Uint8Array): Pick<PictureHeader, 'storedWidth' | 'storedHeight' | 'channels'> {
  const components = payload[5] ?? 0
  return {
    storedHeight: uint16(payload, 1),
    storedWidth: uint16(payload, 3),
    channels: components === 1 ? 1 : components >= 4 ? 4 : 3,
  }
}
