import type { Orientation } from './facts'

/**
 * A reader of our own for the two facts we need, since the kept packages bring 20 to 60 kB of tag tables (or
 * a licence we do not take) for the same two look-ups.
 */
export interface ExifFacts {
  readonly orientation: Orientation
  readonly hasLocation: boolean
}

export const NO_EXIF: ExifFacts = { orientation: 1, hasLocation: false }

const TAG_ORIENTATION = 0x0112
const TAG_GPS_DIRECTORY = 0x8825
const TAG_GPS_LATITUDE = 0x0002
const TYPE_SHORT = 3
const ENTRY_BYTES = 12
/** Real directories have a few dozen entries; a hostile count must not cost time. */
const ENTRIES_MAX = 512

/** Reads a TIFF block, as EXIF stores it (after `Exif\0\0` in JPEG). Nonsense reads as "upright, nowhere". */
export function readExif(tiff: Uint8Array): ExifFacts {
  if (tiff.length < 8) return NO_EXIF
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const byteOrder = view.getUint16(0)
  if (byteOrder !== 0x4949 && byteOrder !== 0x4d4d) return NO_EXIF
  const little = byteOrder === 0x4949
  if (view.getUint16(2, little) !== 42) return NO_EXIF

  const main = readDirectory(view, view.getUint32(4, little), little)
  const gpsOffset = main.get(TAG_GPS_DIRECTORY)?.value
  const gps = gpsOffset === undefined ? null : readDirectory(view, gpsOffset, little)
  const orientation = main.get(TAG_ORIENTATION)?.value ?? 1
  return {
    orientation: isOrientation(orientation) ? orientation : 1,
    hasLocation: gps?.has(TAG_GPS_LATITUDE) ?? false,
  }
}

/** XMP is XML text and can hold a position beside EXIF, or without it. */
export function xmpHasLocation(xmp: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(xmp).includes('GPSLatitude')
}

function isOrientation(value: number): value is Orientation {
  return Number.isInteger(value) && value >= 1 && value <= 8
}

/** Tag -> first value as an unsigned number; only what lies inside the block. */
function readDirectory(view: DataView, offset: number, little: boolean): Map<number, { value: number }> {
  const entries = new Map<number, { value: number }>()
  if (offset + 2 > view.byteLength) return entries
  const count = Math.min(view.getUint16(offset, little), ENTRIES_MAX)
  for (let index = 0; index < count; index++) {
    const at = offset + 2 + index * ENTRY_BYTES
    if (at + ENTRY_BYTES > view.byteLength) break
    const isShort = view.getUint16(at + 2, little) === TYPE_SHORT
    const value = isShort ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little)
    entries.set(view.getUint16(at, little), { value })
  }
  return entries
}
