import { PROTOCOL_VERSION } from '../constants'
import { type ByteWriter, fromHex, readU32 } from './bytes'

/*
 * Every packet begins with
 *
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +-------+-------+-----------------------------------------------+
 *  |version| type  |                                               |
 *  +-------+-------+            transfer id (64 bits)              |
 *  |                               +-------------------------------+
 *  |                               |
 *  +-------------------------------+
 */
export const HEADER_BYTES = 9

export const PACKET_TYPE = {
  manifest: 1,
  data: 2,
  end: 3,
  report: 4,
  repair: 5,
  cancel: 6,
  symbol: 7,
  feedback: 8,
  preview: 9,
  index: 10,
  got: 11,
} as const

/** Why a packet could not be read; counted, never thrown. */
export type Malformed =
  | 'too-short'
  | 'too-long'
  | 'unknown-version'
  | 'unknown-type'
  | 'bad-length'
  | 'bad-field'
  | 'bad-name'
  | 'bad-runs'

export function isTransferId(value: string): boolean {
  return /^[0-9a-f]{16}$/.test(value)
}

export function writeHeader(writer: ByteWriter, type: number, transferId: string): ByteWriter {
  return writer.u8((PROTOCOL_VERSION << 4) | type).raw(fromHex(transferId))
}

/** The one that was read last: thousands of packets in a row are of one transfer, and its text need not be made anew. */
let lastRead = { high: 0, low: 0, id: '0'.repeat(16) }

/** The transfer id of a packet of at least HEADER_BYTES. */
export function readTransferId(bytes: Uint8Array): string {
  const [high, low] = [readU32(bytes, 1), readU32(bytes, 5)]
  if (high !== lastRead.high || low !== lastRead.low) {
    lastRead = { high, low, id: high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0') }
  }
  return lastRead.id
}
