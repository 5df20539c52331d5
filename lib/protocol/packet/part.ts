import { CHUNK_BYTES, INDEX_PARTS_MAX, PREVIEW_PARTS_MAX } from '../constants'
import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'

/** What travels beside a picture's data: a small copy of it, or where its decoding may begin. */
export type PartKind = 'preview' | 'index'

/** One part of a preview (they are joined) or of an index (each stands alone). */
export interface Part {
  /** 0 to parts - 1. */
  readonly part: number
  readonly parts: number
  /** A view into the packet; copy it to keep it. */
  readonly payload: Uint8Array
}

/*
 *  | header (9)                                                      |
 *  | part (8)      | parts (8)     |
 *  | payload: 1 to 1 024 bytes                                       |
 */
const PART_HEADER_BYTES = HEADER_BYTES + 2
const PARTS_MAX: Readonly<Record<PartKind, number>> = { preview: PREVIEW_PARTS_MAX, index: INDEX_PARTS_MAX }

export function encodePart(kind: PartKind, transferId: string, { part, parts, payload }: Part): Uint8Array {
  const writer = new ByteWriter(PART_HEADER_BYTES + payload.length)
  return writeHeader(writer, PACKET_TYPE[kind], transferId).u8(part).u8(parts).raw(payload).bytes
}

export function parsePart(kind: PartKind, packet: Uint8Array): { data: Part } | { error: Malformed } {
  if (packet.length <= PART_HEADER_BYTES) return { error: 'too-short' }
  if (packet.length > PART_HEADER_BYTES + CHUNK_BYTES) return { error: 'too-long' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const part = reader.u8()
  const parts = reader.u8()
  const payload = reader.raw(reader.remaining)
  if (part >= parts || parts > PARTS_MAX[kind]) return { error: 'bad-field' }
  // So that all but the last part of a preview have their place before the others are here.
  if (kind === 'preview' && part < parts - 1 && payload.length < CHUNK_BYTES) return { error: 'bad-length' }
  return { data: { part, parts, payload } }
}
