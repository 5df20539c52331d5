import {
  CHUNK_BYTES,
  NAME_MAX_BYTES,
  PICTURE_MAX_ADDRESSABLE_BYTES,
  PLACEHOLDER_MAX_BYTES,
} from '../constants'
import type { ImageType, TransferMode } from '../report'
import { ByteReader, ByteWriter, fromHex, toHex } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'
import { decodeUtf8, encodeUtf8 } from './utf8'

/** What the sender announces before the first data packet. */
export interface Manifest {
  readonly mode: TransferMode
  readonly type: ImageType
  readonly name: string
  /** 1 to 2^30. */
  readonly bytes: number
  /** ceil(bytes / 1024). */
  readonly chunkCount: number
  /** Upright pixels, 1 to 2^32 - 1. */
  readonly width: number
  readonly height: number
  /** 1, 3 or 4. */
  readonly channels: number
  /** Epoch milliseconds of the sender's click, on the sender's clock. */
  readonly startedAtMs: number
  /** 64 hex digits over the whole picture. */
  readonly sha256: string
  /** Hex of a thumbhash, at most 32 bytes: a blur to show at once. Empty where there is none. */
  readonly placeholder: string
}

/*
 *  | header (9)                                                      |
 *  +---------------+---------------+---------------+-----------------+
 *  | mode          | image type    | channels      | name length     |
 *  +---------------+---------------+---------------+-----------------+
 *  | bytes                                                           |
 *  | chunk count                                                     |
 *  | width                                                           |
 *  | height                                                          |
 *  | started at (float64, epoch ms)                        (8 bytes) |
 *  | sha-256                                              (32 bytes) |
 *  | placeholder length (8)                                          |
 *  | placeholder                                (placeholder length) |
 *  | name, UTF-8                                      (name length)  |
 */
const FIXED_BYTES = HEADER_BYTES + 4 + 16 + 8 + 32 + 1

const MODES: readonly TransferMode[] = ['classic', 'repair', 'assured']
const TYPES: readonly ImageType[] = ['image/jpeg', 'image/png', 'image/webp']

/** The chunks of a picture of that many bytes. */
export function chunkCountOf(bytes: number): number {
  return Math.ceil(bytes / CHUNK_BYTES)
}

/** The payload length of one chunk: 1 024, or less for the last. */
export function chunkLength(bytes: number, chunkIndex: number): number {
  return Math.min(CHUNK_BYTES, bytes - chunkIndex * CHUNK_BYTES)
}

export function encodeManifest(transferId: string, manifest: Manifest): Uint8Array {
  const name = encodeUtf8(manifest.name, NAME_MAX_BYTES)
  const placeholder = fromHex(manifest.placeholder)
  const writer = new ByteWriter(FIXED_BYTES + placeholder.length + name.length)
  return writeHeader(writer, PACKET_TYPE.manifest, transferId)
    .u8(MODES.indexOf(manifest.mode) + 1)
    .u8(TYPES.indexOf(manifest.type) + 1)
    .u8(manifest.channels)
    .u8(name.length)
    .u32(manifest.bytes)
    .u32(manifest.chunkCount)
    .u32(manifest.width)
    .u32(manifest.height)
    .f64(manifest.startedAtMs)
    .raw(fromHex(manifest.sha256))
    .u8(placeholder.length)
    .raw(placeholder)
    .raw(name).bytes
}

export function parseManifest(packet: Uint8Array): { data: Manifest } | { error: Malformed } {
  if (packet.length < FIXED_BYTES) return { error: 'too-short' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const mode = MODES[reader.u8() - 1]
  const type = TYPES[reader.u8() - 1]
  const channels = reader.u8()
  const nameLength = reader.u8()
  const bytes = reader.u32()
  const chunkCount = reader.u32()
  const width = reader.u32()
  const height = reader.u32()
  const startedAtMs = reader.f64()
  const sha256 = toHex(reader.raw(32))
  const placeholderLength = reader.u8()
  if (placeholderLength > PLACEHOLDER_MAX_BYTES) return { error: 'bad-field' }
  if (reader.remaining !== placeholderLength + nameLength) return { error: 'bad-length' }
  const placeholder = toHex(reader.raw(placeholderLength))
  const name = decodeUtf8(reader.raw(nameLength))
  if (name === null) return { error: 'bad-name' }
  if (!mode || !type || (channels !== 1 && channels !== 3 && channels !== 4)) return { error: 'bad-field' }
  if (bytes < 1 || bytes > PICTURE_MAX_ADDRESSABLE_BYTES) return { error: 'bad-field' }
  if (chunkCount !== chunkCountOf(bytes) || width < 1 || height < 1) return { error: 'bad-field' }
  if (!Number.isFinite(startedAtMs)) return { error: 'bad-field' }
  return {
    data: { mode, type, name, bytes, chunkCount, width, height, channels, startedAtMs, sha256, placeholder },
  }
}
