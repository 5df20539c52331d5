import { CHUNK_BYTES } from '../constants'
import { ByteReader, ByteWriter, fromHex, toHex } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'
import type { Manifest } from './manifest'

/** receiving: more is wanted. whole: every chunk is held. final: the count is frozen and the digest taken. */
export type ReportPhase = 'receiving' | 'whole' | 'final'

/** The receiver's counts, sent to the sender: the REPORT packet. */
export interface ReceiverStatus {
  readonly phase: ReportPhase
  readonly exact: boolean
  /** Known to be sent: the sender's final count, or the highest packet number seen + 1. */
  readonly packetsSent: number
  readonly packetsReceived: number
  readonly duplicates: number
  readonly lateAfterFreeze: number
  readonly chunksHeld: number
  readonly repaired: number
  readonly repairRounds: number
  /** Of the chunks held: those that were here when the transfer began (SPEC RS4). */
  readonly resumed: number
  readonly bytesReceived: number
  readonly firstPacketAtMs: number
  readonly completedAtMs: number
  /** Assured: chunks rebuilt by the code. */
  readonly recovered: number
  /** Epoch milliseconds; null while nothing was to be seen. */
  readonly previewAtMs: number | null
  /** Assured, to a tenth of a millisecond; null without a measure. */
  readonly queueDelayMsP95: number | null
  /** 64 hex digits; zeros until final. */
  readonly sha256: string
}

/*
 *  | header (9)                                                      |
 *  +---------------+---------------+---------------------------------+
 *  | phase         | exact         | repair rounds (16)              |
 *  +---------------+---------------+---------------------------------+
 *  | packets sent, packets received, duplicates, late after freeze,  |
 *  | chunks held, repaired, resumed                        (7 x 32)  |
 *  | recovered (32)                                                  |
 *  | queueing delay, 0.1 ms (32)                                     |
 *  | bytes received, first packet at, completed at, preview at       |
 *  |                                                   (4 x float64) |
 *  | sha-256                                              (32 bytes) |
 */
const STATUS_BYTES = HEADER_BYTES + 4 + 36 + 32 + 32
const PHASES: readonly ReportPhase[] = ['receiving', 'whole', 'final']
const NO_DELAY = 0xffffffff
export const NO_DIGEST = '0'.repeat(64)

/**
 * Whether `a` was written before `b` by the same receiver (SPEC TX6): rounds only go up, phases within a
 * round and counts within a phase too.
 */
export function isOlderStatus(a: ReceiverStatus, b: ReceiverStatus): boolean {
  if (a.repairRounds !== b.repairRounds) return a.repairRounds < b.repairRounds
  if (a.phase !== b.phase) return PHASES.indexOf(a.phase) < PHASES.indexOf(b.phase)
  return arrivals(a) < arrivals(b)
}

/**
 * Whether a receiver says what cannot be, of a picture that so many data packets were sent of, or what contradicts
 * itself (SPEC TX7).
 */
export function contradictsSent(
  status: ReceiverStatus,
  { chunkCount, sha256 }: Pick<Manifest, 'chunkCount' | 'sha256'>,
  packetsSent: number,
): boolean {
  const whole = status.chunksHeld === chunkCount
  return (
    status.packetsReceived > packetsSent ||
    status.chunksHeld > Math.min(chunkCount, status.packetsReceived + status.resumed) ||
    // With chunks from before it is the digest that says whether all of them are right.
    (status.phase === 'receiving' && whole && status.resumed === 0) ||
    (status.phase === 'whole' && !whole) ||
    (status.exact && !(whole && status.sha256 === sha256))
  )
}

function arrivals(status: ReceiverStatus): number {
  return status.packetsReceived + status.duplicates + status.lateAfterFreeze
}

export function encodeStatus(transferId: string, status: ReceiverStatus): Uint8Array {
  return writeHeader(new ByteWriter(STATUS_BYTES), PACKET_TYPE.report, transferId)
    .u8(PHASES.indexOf(status.phase) + 1)
    .u8(status.exact ? 1 : 0)
    .u16(status.repairRounds)
    .u32(status.packetsSent)
    .u32(status.packetsReceived)
    .u32(status.duplicates)
    .u32(status.lateAfterFreeze)
    .u32(status.chunksHeld)
    .u32(status.repaired)
    .u32(status.resumed)
    .u32(status.recovered)
    .u32(status.queueDelayMsP95 === null ? NO_DELAY : Math.round(status.queueDelayMsP95 * 10))
    .f64(status.bytesReceived)
    .f64(status.firstPacketAtMs)
    .f64(status.completedAtMs)
    .f64(status.previewAtMs ?? 0)
    .raw(fromHex(status.sha256)).bytes
}

export function parseStatus(packet: Uint8Array): { data: ReceiverStatus } | { error: Malformed } {
  if (packet.length !== STATUS_BYTES) return { error: 'bad-length' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const phase = PHASES[reader.u8() - 1]
  const exact = reader.flag()
  const repairRounds = reader.u16()
  const packetsSent = reader.u32()
  const packetsReceived = reader.u32()
  const duplicates = reader.u32()
  const lateAfterFreeze = reader.u32()
  const chunksHeld = reader.u32()
  const repaired = reader.u32()
  const resumed = reader.u32()
  const recovered = reader.u32()
  const delayTenths = reader.u32()
  const bytesReceived = reader.f64()
  const firstPacketAtMs = reader.f64()
  const completedAtMs = reader.f64()
  const previewAt = reader.f64()
  const sha256 = toHex(reader.raw(32))
  const finite = [firstPacketAtMs, completedAtMs, previewAt].every((time) => Number.isFinite(time))
  // Null has one form only (WF10).
  if (Object.is(previewAt, -0)) return { error: 'bad-field' }
  if (!phase || exact === null || !finite || packetsReceived > packetsSent) return { error: 'bad-field' }
  if (resumed > chunksHeld) return { error: 'bad-field' }
  const possible = Number.isInteger(bytesReceived) && bytesReceived >= 0
  if (!possible || bytesReceived > packetsReceived * CHUNK_BYTES) return { error: 'bad-field' }
  return {
    data: {
      phase,
      exact,
      packetsSent,
      packetsReceived,
      duplicates,
      lateAfterFreeze,
      chunksHeld,
      repaired,
      repairRounds,
      resumed,
      bytesReceived,
      firstPacketAtMs,
      completedAtMs,
      recovered,
      previewAtMs: previewAt === 0 ? null : previewAt,
      queueDelayMsP95: delayTenths === NO_DELAY ? null : delayTenths / 10,
      sha256,
    },
  }
}
