import { CHUNK_BYTES, PROTOCOL_VERSION } from '../constants'
import { fromHex, readU32 } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE } from './header'

/** Assured: one symbol of one block's code, once. Symbols below the block's size are its chunks themselves. */
export interface SymbolPacket {
  readonly packetNumber: number
  readonly block: number
  readonly symbolId: number
  /** The sender's clock in tenths of a millisecond, modulo 2^32: only differences mean something. */
  readonly sentAtTenths: number
  /** A view into the packet; copy it to keep it. */
  readonly payload: Uint8Array
}

/*
 *  | header (9)                                                      |
 *  | packet number (32)                                              |
 *  | block (16)                      | symbol id (32) ...            |
 *  | sent at, 0.1 ms (32)                                            |
 *  | payload: 1 024 bytes, less in the picture's last chunk          |
 */
export const SYMBOL_HEADER_BYTES = HEADER_BYTES + 14

/** Writes symbol packets of one transfer into one buffer that is used again: valid until the next `encode`. */
export class SymbolPacketWriter {
  readonly #buffer = new Uint8Array(SYMBOL_HEADER_BYTES + CHUNK_BYTES)
  readonly #view = new DataView(this.#buffer.buffer)

  constructor(transferId: string) {
    this.#buffer[0] = (PROTOCOL_VERSION << 4) | PACKET_TYPE.symbol
    this.#buffer.set(fromHex(transferId), 1)
  }

  encode(
    packetNumber: number,
    block: number,
    symbolId: number,
    now: number,
    payload: Uint8Array,
  ): Uint8Array {
    this.#view.setUint32(HEADER_BYTES, packetNumber)
    this.#view.setUint16(HEADER_BYTES + 4, block)
    this.#view.setUint32(HEADER_BYTES + 6, symbolId)
    this.#view.setUint32(HEADER_BYTES + 10, toTenths(now))
    this.#buffer.set(payload, SYMBOL_HEADER_BYTES)
    return this.#buffer.subarray(0, SYMBOL_HEADER_BYTES + payload.length)
  }
}

export function parseSymbol(packet: Uint8Array): { data: SymbolPacket } | { error: Malformed } {
  if (packet.length <= SYMBOL_HEADER_BYTES) return { error: 'too-short' }
  if (packet.length > SYMBOL_HEADER_BYTES + CHUNK_BYTES) return { error: 'too-long' }
  return {
    data: {
      packetNumber: readU32(packet, HEADER_BYTES),
      block: readU32(packet, HEADER_BYTES + 4) >>> 16,
      symbolId: readU32(packet, HEADER_BYTES + 6),
      sentAtTenths: readU32(packet, HEADER_BYTES + 10),
      payload: packet.subarray(SYMBOL_HEADER_BYTES),
    },
  }
}

/** Milliseconds as tenths modulo 2^32. */
export function toTenths(ms: number): number {
  return Math.floor(ms * 10) % 2 ** 32
}

/** Milliseconds from `earlier` to `later`, both modulo 2^32 tenths; right for spans under 59 hours. */
export function spanMs(earlierTenths: number, laterTenths: number): number {
  return ((laterTenths - earlierTenths) | 0) / 10
}
