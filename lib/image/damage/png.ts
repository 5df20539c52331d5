import { nextPngChunk, PNG_FIRST_CHUNK } from '../formats/png-chunks'
import type { DamageReason } from './damage'

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc >>> 0
})

/** Every chunk up to IEND must be whole and fit its checksum, and there must be pixels. */
export function findPngDamage(bytes: Uint8Array): DamageReason | null {
  let hasPixels = false
  let isFirst = true
  for (let offset = PNG_FIRST_CHUNK; ; isFirst = false) {
    const chunk = nextPngChunk(bytes, offset)
    if (chunk === null) return 'truncated'
    if (isFirst && chunk.name !== 'IHDR') return 'bad-structure'
    if (crc32(chunk.checked) !== chunk.checksum) return 'bad-checksum'
    if (chunk.name === 'IDAT') hasPixels = true
    if (chunk.name === 'IEND') return hasPixels ? null : 'bad-structure'
    offset = chunk.next
  }
}

/** CRC-32 of PNG (third edition, annex D), unsigned. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
