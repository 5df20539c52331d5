import type { ImageType } from '@/lib/protocol/report'

import type { EntryNoter } from '../holes/entry-noter'
import { findJpegDamage } from './jpeg'
import { findPngDamage } from './png'
import { findWebpDamage } from './webp'

export type DamageReason =
  /** the file ends before the picture does */
  | 'truncated'
  /** lengths, markers or tables contradict each other */
  | 'bad-structure'
  /** the compressed pixels are not what an encoder writes */
  | 'bad-data'
  /** a checksum does not fit its bytes */
  | 'bad-checksum'

/**
 * Looks for damage over a whole file, without drawing it; null when there is none to be seen. What stands
 * behind the end of the picture (more pictures, gain maps, a camera's notes) is nobody's damage. Never throws.
 * Finds every cut, every broken byte of a PNG, and what breaks the entropy code of a JPEG; a changed byte
 * that leaves a JPEG or WebP readable cannot be seen, as those carry no checksum. `noter` takes notes of a JPEG.
 */
export function findDamage(
  type: ImageType,
  bytes: Uint8Array,
  noter: EntryNoter | null = null,
): DamageReason | null {
  switch (type) {
    case 'image/jpeg':
      return findJpegDamage(bytes, noter)
    case 'image/png':
      return findPngDamage(bytes)
    case 'image/webp':
      return findWebpDamage(bytes)
  }
}
