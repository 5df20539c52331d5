import type { ErrorCode } from '@/lib/protocol/errors'
import type { ImageType } from '@/lib/protocol/report'

import type { DamageReason } from './damage/damage'
import { findDamage } from './damage/damage'
import { EntryNoter } from './holes/entry-noter'
import type { PictureHeader } from './formats/facts'
import { readHeader } from './formats/header'
import { SNIFF_BYTES, sniffType } from './formats/sniff'

export type FileVerdict =
  | {
      readonly ok: true
      readonly header: PictureHeader
      readonly damage: DamageReason | null
      /** Parts for the wire of where its decoding may begin (SPEC HO); none where there is no such place. */
      readonly index: readonly Uint8Array[]
    }
  | { readonly ok: false; readonly code: ErrorCode }

export type SniffVerdict =
  { readonly ok: true; readonly type: ImageType } | { readonly ok: false; readonly code: ErrorCode }

/** Files up to here are read whole and searched for damage; of larger ones only the headers, so that a phone survives them. */
const WHOLE_READ_MAX_BYTES = 64 * 2 ** 20

/** Metadata before the frame header seldom passes 1 MiB (colour profiles, previews, extended XMP). */
const HEAD_READ_BYTES = 8 * 2 ** 20

/** Size and type by the first bytes: cheap enough for the main thread. */
export async function sniffFile(file: Blob, maxBytes: number): Promise<SniffVerdict> {
  if (file.size === 0) return { ok: false, code: 'SHOAL_FILE_EMPTY' }
  if (file.size > maxBytes) return { ok: false, code: 'SHOAL_IMAGE_TOO_LARGE' }
  const head = await readBytes(file.slice(0, SNIFF_BYTES))
  if (head === null) return { ok: false, code: 'SHOAL_FILE_UNREADABLE' }
  const type = sniffType(head)
  if (type === 'heic') return { ok: false, code: 'SHOAL_HEIC_UNSUPPORTED' }
  return type === 'unknown' ? { ok: false, code: 'SHOAL_NOT_AN_IMAGE' } : { ok: true, type }
}

/** Everything the bytes tell without drawing them. Takes 50 ms per MB of JPEG: for a worker. */
export async function inspectFile(file: Blob): Promise<FileVerdict> {
  const isWhole = file.size <= WHOLE_READ_MAX_BYTES
  const bytes = await readBytes(isWhole ? file : file.slice(0, HEAD_READ_BYTES))
  if (bytes === null) return { ok: false, code: 'SHOAL_FILE_UNREADABLE' }
  const type = sniffType(bytes.subarray(0, SNIFF_BYTES))
  if (type === 'heic' || type === 'unknown') return { ok: false, code: 'SHOAL_NOT_AN_IMAGE' }
  const header = readHeader(type, bytes)
  // Cut off before it says its size: there is nothing to announce to the other side.
  if (header === null) return { ok: false, code: 'SHOAL_IMAGE_DAMAGED' }
  if (!isWhole) return { ok: true, header, damage: null, index: [] }
  const noter = new EntryNoter()
  const damage = findDamage(type, bytes, noter)
  return { ok: true, header, damage, index: damage === null ? noter.finish(header.orientation) : [] }
}

/** null when the browser may not, or can no longer, read the file (moved, deleted, changed, a folder). */
async function readBytes(blob: Blob): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch {
    return null
  }
}
