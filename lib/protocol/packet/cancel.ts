import type { ErrorCode } from '../errors'
import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'

/** Why a transfer ends before its time, in the order of their numbers on the wire, from 1. */
const REASONS = [
  'SHOAL_CANCELLED_BY_SENDER',
  'SHOAL_CANCELLED_BY_RECEIVER',
  'SHOAL_REFUSED_TOO_LARGE',
  'SHOAL_REFUSED_BUSY',
  'SHOAL_REFUSED_MANIFEST',
  'SHOAL_REPAIR_UNAVAILABLE',
  'SHOAL_STORAGE_FULL',
  'SHOAL_INTERNAL',
] as const satisfies readonly ErrorCode[]

export type CancelReason = (typeof REASONS)[number]

export interface Cancel {
  readonly reason: CancelReason
  /** True: the answer to a CANCEL, which needs none itself. */
  readonly acknowledges: boolean
  /** The receiver's cap in bytes with SHOAL_REFUSED_TOO_LARGE, else 0. */
  readonly limitBytes: number
}

/*
 *  | header (9)                                                      |
 *  | reason (8)    | acknowledges (8) |
 *  | limit in bytes (32)                                             |
 */
const CANCEL_BYTES = HEADER_BYTES + 6

export function encodeCancel(transferId: string, cancel: Cancel): Uint8Array {
  return writeHeader(new ByteWriter(CANCEL_BYTES), PACKET_TYPE.cancel, transferId)
    .u8(REASONS.indexOf(cancel.reason) + 1)
    .u8(cancel.acknowledges ? 1 : 0)
    .u32(cancel.limitBytes).bytes
}

export function parseCancel(packet: Uint8Array): { data: Cancel } | { error: Malformed } {
  if (packet.length !== CANCEL_BYTES) return { error: 'bad-length' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const reason = REASONS[reader.u8() - 1]
  const acknowledges = reader.flag()
  const limitBytes = reader.u32()
  if (!reason || acknowledges === null) return { error: 'bad-field' }
  return { data: { reason, acknowledges, limitBytes } }
}
