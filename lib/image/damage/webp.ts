import { nextWebpChunk, WEBP_FIRST_CHUNK, webpEnd } from '../formats/webp-chunks'
import type { DamageReason } from './damage'

/** Every chunk must be whole and inside the RIFF container, and there must be pixels. */
export function findWebpDamage(bytes: Uint8Array): DamageReason | null {
  const end = webpEnd(bytes)
  if (end > bytes.length) return 'truncated'
  const container = bytes.subarray(0, end)
  let hasPixels = false
  for (let offset = WEBP_FIRST_CHUNK; offset < end;) {
    const chunk = nextWebpChunk(container, offset)
    if (chunk === null) return 'bad-structure'
    if (chunk.name === 'VP8 ' || chunk.name === 'VP8L' || chunk.name === 'ANMF') hasPixels = true
    offset = chunk.next
  }
  return hasPixels ? null : 'bad-structure'
}
