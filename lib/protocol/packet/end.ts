import { CHUNK_BYTES } from '../constants'
import type { CarryingPath } from '../report'
import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'

/** What only the sender knows of how its data packets travelled. */
export interface SenderAccount {
  /** Payload bytes of all data packets. */
  readonly bytesSent: number
  readonly codedPacketsSent: number
  /** Packets whose fate was not known when the receiver said that it is whole. */
  readonly inFlightAtEnd: number
  /** Lanes that carried at least one data packet. */
  readonly lanes: number
  /** What carried the most data bytes; null before anything was sent. */
  readonly path: CarryingPath | null
  /** Bytes of the data packets that went through the relay. */
  readonly relayedBytes: number
  /** To a tenth of a millisecond; null where nothing measured it. */
  readonly minRttMs: number | null
}

/** The sender has nothing more to send unless it is asked: its count as of the end of that round. */
export interface End extends SenderAccount {
  /** 0 is the first pass, n the nth repair round. */
  readonly round: number
  readonly packetsSent: number
  /**
   * This count will not change any more (SPEC FZ1): Classic's only pass, the receiver is known to be whole, or
   * the sender has used up its packet numbers.
   */
  readonly final: boolean
}

/*
 *  | header (9)                                                      |
 *  | round (16)                      | final (8)     | path (8)      |
 *  | packets sent, coded packets sent, in flight at the end (3 x 32) |
 *  | least round trip, 0.1 ms (32)                                   |
 *  | lanes (16)                                                      |
 *  | bytes sent, relayed bytes                         (2 x float64) |
 */
const END_BYTES = HEADER_BYTES + 4 + 16 + 2 + 16
const PATHS: readonly (CarryingPath | null)[] = [null, 'direct', 'turn', 'relay']
const NO_RTT = 0xffffffff
const PACKET_SLACK_BYTES = 64

export function encodeEnd(transferId: string, end: End): Uint8Array {
  return writeHeader(new ByteWriter(END_BYTES), PACKET_TYPE.end, transferId)
    .u16(end.round)
    .u8(end.final ? 1 : 0)
    .u8(PATHS.indexOf(end.path))
    .u32(end.packetsSent)
    .u32(end.codedPacketsSent)
    .u32(end.inFlightAtEnd)
    .u32(end.minRttMs === null ? NO_RTT : Math.min(Math.round(end.minRttMs * 10), NO_RTT - 1))
    .u16(end.lanes)
    .f64(end.bytesSent)
    .f64(end.relayedBytes).bytes
}

export function parseEnd(packet: Uint8Array): { data: End } | { error: Malformed } {
  if (packet.length !== END_BYTES) return { error: 'bad-length' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const round = reader.u16()
  const final = reader.flag()
  const path = PATHS[reader.u8()]
  const packetsSent = reader.u32()
  const codedPacketsSent = reader.u32()
  const inFlightAtEnd = reader.u32()
  const rttTenths = reader.u32()
  const lanes = reader.u16()
  const bytesSent = reader.f64()
  const relayedBytes = reader.f64()
  if (final === null || path === undefined) return { error: 'bad-field' }
  if (codedPacketsSent > packetsSent || inFlightAtEnd > packetsSent) return { error: 'bad-field' }
  if (!isCount(bytesSent, packetsSent * CHUNK_BYTES)) return { error: 'bad-field' }
  if (!isCount(relayedBytes, packetsSent * (CHUNK_BYTES + PACKET_SLACK_BYTES))) return { error: 'bad-field' }
  const minRttMs = rttTenths === NO_RTT ? null : rttTenths / 10
  return {
    data: {
      round,
      final,
      path,
      packetsSent,
      codedPacketsSent,
      inFlightAtEnd,
      minRttMs,
      lanes,
      bytesSent,
      relayedBytes,
    },
  }
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most
}
