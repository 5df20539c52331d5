import type { ExifFacts } from './exif'
import { NO_EXIF, readExif, xmpHasLocation } from './exif'
import type { PictureHeader } from './facts'
import { nextPngChunk, PNG_FIRST_CHUNK } from './png-chunks'

const HEADER_BYTES = 13
const COLOUR_GREY = 0
const COLOUR_RGB = 2
const COLOUR_PALETTE = 3

/** Reads every chunk's frame, since metadata may stand behind the pixels. null without a sound IHDR. */
export function readPngHeader(bytes: Uint8Array): PictureHeader | null {
  const header = nextPngChunk(bytes, PNG_FIRST_CHUNK)
  if (header?.name !== 'IHDR' || header.data.length !== HEADER_BYTES) return null
  const view = new DataView(header.data.buffer, header.data.byteOffset, HEADER_BYTES)
  const storedWidth = view.getUint32(0)
  const storedHeight = view.getUint32(4)
  if (storedWidth === 0 || storedHeight === 0) return null

  let hasTransparency = false
  let animated = false
  let inXmp = false
  let exif: ExifFacts = NO_EXIF
  for (
    let chunk = nextPngChunk(bytes, header.next);
    chunk !== null;
    chunk = nextPngChunk(bytes, chunk.next)
  ) {
    if (chunk.name === 'tRNS') hasTransparency = true
    else if (chunk.name === 'acTL') animated = true
    else if (chunk.name === 'eXIf') exif = readExif(chunk.data)
    else if (chunk.name === 'iTXt') inXmp ||= xmpHasLocation(chunk.data)
    else if (chunk.name === 'IEND') break
  }
  return {
    type: 'image/png',
    storedWidth,
    storedHeight,
    channels: channelsOf(view.getUint8(9), hasTransparency),
    orientation: exif.orientation,
    hasLocation: exif.hasLocation || inXmp,
    animated,
  }
}

function channelsOf(colourType: number, hasTransparency: boolean): 1 | 3 | 4 {
  if (hasTransparency) return 4
  if (colourType === COLOUR_GREY) return 1
  return colourType === COLOUR_RGB || colourType === COLOUR_PALETTE ? 3 : 4
}
