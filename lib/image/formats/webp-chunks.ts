import { ascii } from './sniff'

export interface WebpChunk {
  /** Four characters, for instance `VP8L` or `VP8 `. */
  readonly name: string
  readonly data: Uint8Array
  readonly next: number
}

/** Behind `RIFF`, the size and `WEBP`. */
export const WEBP_FIRST_CHUNK = 12

/** Where the RIFF container says that it ends; behind the end of `bytes` when something is missing. */
export function webpEnd(bytes: Uint8Array): number {
  return 8 + uint32(bytes, 4)
}

/** The chunk at `offset` (RFC 9649, 2.3); null when the bytes end before it does. Chunks are padded to even sizes. */
export function nextWebpChunk(bytes: Uint8Array, offset: number): WebpChunk | null {
  if (offset + 8 > bytes.length) return null
  const length = uint32(bytes, offset + 4)
  const start = offset + 8
  if (length > bytes.length - start) return null
  return {
    name: ascii(bytes, offset, offset + 4),
    data: bytes.subarray(start, start + length),
    next: start + length + (length & 1),
  }
}

function uint32(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) return 0
  return new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0, true)
}
