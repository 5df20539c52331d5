import { ByteReader, ByteWriter } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE, writeHeader } from './header'

/** The sender has nothing more to send unless it is asked: its count as of the end of that round. */
export interface End {
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
 *  | round (16)                      | final (8)     |
 *  | packets sent (32)                                               |
 */
const END_BYTES = HEADER_BYTES + 7

export function encodeEnd(transferId: string, end: End): Uint8Array {
  return writeHeader(new ByteWriter(END_BYTES), PACKET_TYPE.end, transferId)
    .u16(end.round)
    .u8(end.final ? 1 : 0)
    .u32(end.packetsSent).bytes
}

export function parseEnd(packet: Uint8Array): { data: End } | { error: Malformed } {
  if (packet.length !== END_BYTES) return { error: 'bad-length' }
  const reader = new ByteReader(packet, HEADER_BYTES)
  const round = reader.u16()
  const final = reader.flag()
  const packetsSent = reader.u32()
  return final === null ? { error: 'bad-field' } : { data: { round, packetsSent, final } }
}
