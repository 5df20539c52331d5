import type { ExifFacts } from './exif'
import { NO_EXIF, readExif, xmpHasLocation } from './exif'
import type { PictureHeader } from './facts'
import { ascii } from './sniff'
import { nextWebpChunk, WEBP_FIRST_CHUNK } from './webp-chunks'

type Frame = Pick<PictureHeader, 'storedWidth' | 'storedHeight' | 'channels' | 'animated'>

const FLAG_ANIMATION = 0x02
const FLAG_ALPHA = 0x10
const VP8L_SIGNATURE = 0x2f

/** Reads every chunk's frame. null when no size can be found. */
export function readWebpHeader(bytes: Uint8Array): PictureHeader | null {
  let frame: Frame | null = null
  let exif: ExifFacts = NO_EXIF
  let inXmp = false
  for (
    let chunk = nextWebpChunk(bytes, WEBP_FIRST_CHUNK);
    chunk !== null;
    chunk = nextWebpChunk(bytes, chunk.next)
  ) {
    if (chunk.name === 'VP8X') frame ??= readExtended(chunk.data)
    else if (chunk.name === 'VP8L') frame ??= readLossless(chunk.data)
    else if (chunk.name === 'VP8 ') frame ??= readLossy(chunk.data)
    else if (chunk.name === 'XMP ') inXmp ||= xmpHasLocation(chunk.data)
    else if (chunk.name === 'EXIF') exif = readExif(withoutExifId(chunk.data))
  }
  if (frame === null || frame.storedWidth === 0 || frame.storedHeight === 0) return null
  return {
    type: 'image/webp',
    ...frame,
    orientation: exif.orientation,
    hasLocation: exif.hasLocation || inXmp,
  }
}

/** RFC 9649, 2.7: flags, 24 bits reserved, width - 1 and height - 1 in 24 bits each. */
function readExtended(data: Uint8Array): Frame | null {
  if (data.length < 10) return null
  const flags = data[0] ?? 0
  return {
    storedWidth: 1 + uint24(data, 4),
    storedHeight: 1 + uint24(data, 7),
    channels: (flags & FLAG_ALPHA) !== 0 ? 4 : 3,
    animated: (flags & FLAG_ANIMATION) !== 0,
  }
}

/** RFC 9649, 3.4: a signature byte, then 14 bits of width - 1, 14 of height - 1 and one for alpha. */
function readLossless(data: Uint8Array): Frame | null {
  if (data.length < 5 || data[0] !== VP8L_SIGNATURE) return null
  const bits = uint24(data, 1) + (data[4] ?? 0) * 0x1000000
  return {
    storedWidth: 1 + (bits & 0x3fff),
    storedHeight: 1 + ((bits >>> 14) & 0x3fff),
    channels: ((bits >>> 28) & 1) === 1 ? 4 : 3,
    animated: false,
  }
}

/** RFC 6386, 9.1: a frame tag of three bytes, the start code 9d 01 2a, then 14 bits each of width and height. */
function readLossy(data: Uint8Array): Frame | null {
  if (data.length < 10 || uint24(data, 3) !== 0x2a019d) return null
  return {
    storedWidth: uint24(data, 6) & 0x3fff,
    storedHeight: (uint24(data, 7) >>> 8) & 0x3fff,
    channels: 3,
    animated: false,
  }
}

/** Some writers put JPEG's `Exif\0\0` before the TIFF block here too. */
function withoutExifId(data: Uint8Array): Uint8Array {
  return ascii(data, 0, 4) === 'Exif' ? data.subarray(6) : data
}

function uint24(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16)
}
