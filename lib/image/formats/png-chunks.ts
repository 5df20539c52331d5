import { ascii } from './sniff'

export interface PngChunk {
  /** Four letters, for instance `IDAT`. */
  readonly name: string
  readonly data: Uint8Array
  /** Name and data: what the checksum is over. */
  readonly checked: Uint8Array
  readonly checksum: number
  readonly next: number
}

/** Behind the signature. */
export const PNG_FIRST_CHUNK = 8

const FRAME_BYTES = 12

/** The chunk at `offset` (PNG, third edition, 5.3); null when the bytes end before it does. */
export function nextPngChunk(bytes: Uint8Array, offset: number): PngChunk | null {
  if (offset + FRAME_BYTES > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset)
  const length = view.getUint32(0)
  if (length > bytes.length - offset - FRAME_BYTES) return null
  const dataStart = offset + 8
  const dataEnd = dataStart + length
  return {
    name: ascii(bytes, offset + 4, dataStart),
    data: bytes.subarray(dataStart, dataEnd),
    checked: bytes.subarray(offset + 4, dataEnd),
    checksum: view.getUint32(8 + length),
    next: dataEnd + 4,
  }
}
