import type { ImageType } from '@/lib/protocol/report'

/** Enough of a file's beginning for sniffType, bytes; the rest is the brands of an HEIF file. */
export const SNIFF_BYTES = 256

export type Sniffed = ImageType | 'heic' | 'unknown'

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Brands of HEIF files whose pixels are HEVC (ISO/IEC 23008-12, annex B). `mif1` and `msf1` name the container only. */
const HEVC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'])
const HEIF_BRANDS = new Set(['mif1', 'msf1', 'mif2'])

/** The type by the first bytes; a name or a MIME type proves nothing. `head`: the first SNIFF_BYTES, or all there is. */
export function sniffType(head: Uint8Array): Sniffed {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (startsWith(head, PNG_SIGNATURE)) return 'image/png'
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'image/webp'
  return isHeic(head) ? 'heic' : 'unknown'
}

function isHeic(head: Uint8Array): boolean {
  if (ascii(head, 4, 8) !== 'ftyp') return false
  const boxEnd = Math.min(head.length, new DataView(head.buffer, head.byteOffset, 4).getUint32(0))
  const brands = [ascii(head, 8, 12)]
  for (let at = 16; at + 4 <= boxEnd; at += 4) brands.push(ascii(head, at, at + 4))
  if (brands.some((brand) => HEVC_BRANDS.has(brand))) return true
  return brands.some((brand) => HEIF_BRANDS.has(brand)) && !brands.some((brand) => brand.startsWith('av'))
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}

/** Bytes `start` to `end` as ASCII; shorter where the file ends. */
export function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 64)))
}
