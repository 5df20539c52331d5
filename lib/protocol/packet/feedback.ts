import { PACKET_MAX_BYTES } from '../constants'
import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'
import { pushRun, readRuns, type Run } from './runs'

/** Packet numbers below the highest whose fate each feedback tells one by one. */
export const RECENT_PACKETS = 256
const RECENT_BYTES = RECENT_PACKETS / 8
/** Missing chunks are named while they are few; beyond that the code answers better than a list. */
const MISSING_BYTES_MAX = 256
const NEEDS_MAX = 32

/** Symbols that a block still needs before it can be decoded. */
export interface BlockNeed {
  readonly block: number
  readonly need: number
}

/** Assured: what the receiver knows, all of it, each time (SPEC AS): losing one costs nothing but time. */
export interface Feedback {
  /** Counts up; an older one that comes late is ignored. */
  readonly feedbackNumber: number
  readonly packetsReceived: number
  /** One above the highest packet number seen. */
  readonly packetsSeen: number
  /** The send stamp of the packet that arrived last, and how long before this feedback that was. */
  readonly echoTenths: number
  readonly holdTenths: number
  /** The receiver's clock, tenths modulo 2^32: for the rate of delivery. */
  readonly receiverTenths: number
  /** Least queueing delay among the packets since the last feedback, tenths of a millisecond. */
  readonly queueDelayTenths: number
  /** Every block below needs nothing more. */
  readonly doneBefore: number
  readonly needs: readonly BlockNeed[]
  /** Bit i: whether packet number `packetsSeen - 1 - i` arrived. */
  readonly recent: Uint8Array
  /** Chunks that are missing although later packets arrived; as many as fit. */
  readonly missing: readonly Run[]
}

/*
 *  | header (9)                                                      |
 *  | feedback number, packets received, packets seen,                |
 *  | echo, receiver's clock                                (5 x 32)  |
 *  | hold (16)                       | queue delay (16)              |
 *  | done before (16)                | needs (8)     |
 *  | needs x { block (16), need (16) }                               |
 *  | recent                                              (32 bytes)  |
 *  | missing: gap, length, gap, length, ...         (LEB128 varints) |
 */
const FIXED_BYTES = HEADER_BYTES + 20 + 4 + 3
const U16_MAX = 0xffff

export function encodeFeedback(transferId: string, feedback: Feedback): Uint8Array {
  const needs = feedback.needs.slice(0, NEEDS_MAX)
  const missing = encodeRuns(feedback.missing)
  const writer = new ByteWriter(FIXED_BYTES + 4 * needs.length + RECENT_BYTES + missing.length)
  writeHeader(writer, PACKET_TYPE.feedback, transferId)
    .u32(feedback.feedbackNumber)
    .u32(feedback.packetsReceived)
    .u32(feedback.packetsSeen)
    .u32(feedback.echoTenths)
    .u32(feedback.receiverTenths)
    .u16(Math.min(feedback.holdTenths, U16_MAX))
    .u16(Math.min(feedback.queueDelayTenths, U16_MAX))
    .u16(feedback.doneBefore)
    .u8(needs.length)
  for (const { block, need } of needs) writer.u16(block).u16(need)
  return writer.raw(feedback.recent).raw(missing).bytes
}

export function parseFeedback(packet: Uint8Array): { data: Feedback } | { error: Malformed } {
  if (packet.length < FIXED_BYTES + RECENT_BYTES || packet.length > PACKET_MAX_BYTES)
    return { error: 'bad-length' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const feedbackNumber = reader.u32()
  const packetsReceived = reader.u32()
  const packetsSeen = reader.u32()
  const echoTenths = reader.u32()
  const receiverTenths = reader.u32()
  const holdTenths = reader.u16()
  const queueDelayTenths = reader.u16()
  const doneBefore = reader.u16()
  const needCount = reader.u8()
  if (needCount > NEEDS_MAX || reader.remaining < 4 * needCount + RECENT_BYTES) return { error: 'bad-length' }
  if (packetsReceived > packetsSeen) return { error: 'bad-field' }
  const needs: BlockNeed[] = []
  for (let i = 0; i < needCount; i++) needs.push({ block: reader.u16(), need: reader.u16() })
  const recent = reader.raw(RECENT_BYTES)
  const missing = readRuns(reader)
  if (!missing) return { error: 'bad-runs' }
  return {
    data: {
      feedbackNumber,
      packetsReceived,
      packetsSeen,
      echoTenths,
      receiverTenths,
      holdTenths,
      queueDelayTenths,
      doneBefore,
      needs,
      recent,
      missing,
    },
  }
}

function encodeRuns(runs: readonly Run[]): Uint8Array {
  const out: number[] = []
  let end = 0
  for (const run of runs) {
    const before = out.length
    pushRun(out, run, end)
    if (out.length > MISSING_BYTES_MAX) {
      out.length = before
      break
    }
    end = run.start + run.length
  }
  return Uint8Array.from(out)
}
