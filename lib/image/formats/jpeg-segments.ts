/** Markers, ITU-T T.81 table B.1. */
export const JPEG = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  DHT: 0xc4,
  JPG: 0xc8,
  DAC: 0xcc,
  SOF15: 0xcf,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
} as const

export interface JpegSegment {
  readonly marker: number
  /** The payload, behind the two length bytes; empty for markers that stand alone. */
  readonly payload: Uint8Array
  /** Where the next segment, or behind SOS the scan's data, begins. */
  readonly next: number
  /** Bytes before the marker that belong to nothing. */
  readonly strayBytes: number
}

/** The segment at or after `offset`; null when the bytes end before it does. */
export function nextSegment(bytes: Uint8Array, offset: number): JpegSegment | null {
  let at = offset
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && isMarker(bytes[at + 1] ?? 0))) at++
  if (at + 1 >= bytes.length) return null
  const marker = bytes[at + 1] ?? 0
  const strayBytes = countStrayBytes(bytes, offset, at)
  const start = at + 2
  if (standsAlone(marker)) return { marker, payload: bytes.subarray(start, start), next: start, strayBytes }
  const length = uint16(bytes, start)
  if (length < 2 || start + length > bytes.length) return null
  return { marker, payload: bytes.subarray(start + 2, start + length), next: start + length, strayBytes }
}

export function isFrameHeader(marker: number): boolean {
  const { SOF0, SOF15, DHT, JPG, DAC } = JPEG
  return marker >= SOF0 && marker <= SOF15 && marker !== DHT && marker !== JPG && marker !== DAC
}

export function isRestart(marker: number): boolean {
  return marker >= JPEG.RST0 && marker <= JPEG.RST7
}

/** Big-endian; missing bytes read as 0. */
export function uint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
}

function isMarker(second: number): boolean {
  return second !== 0x00 && second !== 0xff
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || isRestart(marker) || marker === JPEG.SOI || marker === JPEG.EOI
}

/** 0xff may be repeated before a marker as filling; anything else is stray. */
function countStrayBytes(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) if (bytes[at] !== 0xff) count++
  return count
}
