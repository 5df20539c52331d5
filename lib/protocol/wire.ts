import { PACKET_MAX_BYTES, PROTOCOL_VERSION } from './constants'
import { type Cancel, parseCancel } from './packet/cancel'
import { type DataPacket, parseData } from './packet/data'
import { type End, parseEnd } from './packet/end'
import { type Feedback, parseFeedback } from './packet/feedback'
import { type Got, parseGot } from './packet/got'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, readTransferId } from './packet/header'
import { type Manifest, parseManifest } from './packet/manifest'
import { type Part, parsePart } from './packet/part'
import { parseRepair, type RepairRequest } from './packet/repair'
import { parseStatus, type ReceiverStatus } from './packet/status'
import { parseSymbol, type SymbolPacket } from './packet/symbol'

/** A packet that has been checked in every field that can be checked without knowing the transfer. */
export type Packet =
  | { readonly type: 'manifest'; readonly transferId: string; readonly data: Manifest }
  | { readonly type: 'data'; readonly transferId: string; readonly data: DataPacket }
  | { readonly type: 'end'; readonly transferId: string; readonly data: End }
  | { readonly type: 'report'; readonly transferId: string; readonly data: ReceiverStatus }
  | { readonly type: 'repair'; readonly transferId: string; readonly data: RepairRequest }
  | { readonly type: 'cancel'; readonly transferId: string; readonly data: Cancel }
  | { readonly type: 'symbol'; readonly transferId: string; readonly data: SymbolPacket }
  | { readonly type: 'feedback'; readonly transferId: string; readonly data: Feedback }
  | { readonly type: 'preview'; readonly transferId: string; readonly data: Part }
  | { readonly type: 'index'; readonly transferId: string; readonly data: Part }
  | { readonly type: 'got'; readonly transferId: string; readonly data: Got }

export type ParseResult = { readonly packet: Packet } | { readonly error: Malformed }

/** Reads one message of a lane. Never throws (SPEC WF2); a data payload is a view into `bytes`. */
export function parsePacket(bytes: Uint8Array): ParseResult {
  if (bytes.length < HEADER_BYTES) return { error: 'too-short' }
  if (bytes.length > PACKET_MAX_BYTES) return { error: 'too-long' }
  const first = bytes[0] ?? 0
  if (first >> 4 !== PROTOCOL_VERSION) return { error: 'unknown-version' }
  const transferId = readTransferId(bytes)
  switch (first & 15) {
    case PACKET_TYPE.manifest:
      return tagged('manifest', transferId, parseManifest(bytes))
    case PACKET_TYPE.data:
      return tagged('data', transferId, parseData(bytes))
    case PACKET_TYPE.end:
      return tagged('end', transferId, parseEnd(bytes))
    case PACKET_TYPE.report:
      return tagged('report', transferId, parseStatus(bytes))
    case PACKET_TYPE.repair:
      return tagged('repair', transferId, parseRepair(bytes))
    case PACKET_TYPE.cancel:
      return tagged('cancel', transferId, parseCancel(bytes))
    case PACKET_TYPE.symbol:
      return tagged('symbol', transferId, parseSymbol(bytes))
    case PACKET_TYPE.feedback:
      return tagged('feedback', transferId, parseFeedback(bytes))
    case PACKET_TYPE.preview:
      return tagged('preview', transferId, parsePart('preview', bytes))
    case PACKET_TYPE.index:
      return tagged('index', transferId, parsePart('index', bytes))
    case PACKET_TYPE.got:
      return tagged('got', transferId, parseGot(bytes))
    default:
      return { error: 'unknown-type' }
  }
}

function tagged<T extends Packet['type']>(
  type: T,
  transferId: string,
  result: { data: Extract<Packet, { type: T }>['data'] } | { error: Malformed },
): ParseResult {
  if ('error' in result) return result
  return { packet: { type, transferId, data: result.data } as Extract<Packet, { type: T }> }
}
