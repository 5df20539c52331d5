import { INDEX_PARTS_MAX, PREVIEW_PARTS_MAX } from '../constants'
import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'

const INDEX_BYTES = INDEX_PARTS_MAX / 8

/** Which parts of a picture's preview and index the receiver has: all of them, each time. */
export interface Got {
  /** Bit i: part i. */
  readonly preview: number
  /** Bit i & 7 of byte i >> 3: part i. */
  readonly index: Uint8Array
}

/*
 *  | header (9)                                                      |
 *  | preview (8)   | index (64)                                      |
 */
const GOT_BYTES = HEADER_BYTES + 1 + INDEX_BYTES

export function encodeGot(transferId: string, got: Got): Uint8Array {
  const writer = new ByteWriter(GOT_BYTES)
  return writeHeader(writer, PACKET_TYPE.got, transferId).u8(got.preview).raw(got.index).bytes
}

export function parseGot(packet: Uint8Array): { data: Got } | { error: Malformed } {
  if (packet.length !== GOT_BYTES) return { error: 'bad-length' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const preview = reader.u8()
  if (preview >= 1 << PREVIEW_PARTS_MAX) return { error: 'bad-field' }
  return { data: { preview, index: reader.raw(INDEX_BYTES) } }
}
