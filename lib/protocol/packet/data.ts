import { CHUNK_BYTES, PROTOCOL_VERSION } from '../constants'
import { fromHex, readU32 } from './bytes'
import { HEADER_BYTES, type Malformed, PACKET_TYPE } from './header'

/** One chunk, once: the same chunk sent again has another packet number. */
export interface DataPacket {
  readonly packetNumber: number
  readonly chunkIndex: number
  /** A view into the packet; copy it to keep it. */
  readonly payload: Uint8Array
}

/*
 *  | header (9)                                                      |
 *  | packet number (32)                                              |
 *  | chunk index (32)                                                |
 *  | payload: 1 024 bytes, less in the last chunk                    |
 */
export const DATA_HEADER_BYTES = HEADER_BYTES + 8

/** Writes data packets of one transfer into one buffer that is used again: valid until the next `encode`. */
export class DataPacketWriter {
  readonly #buffer = new Uint8Array(DATA_HEADER_BYTES + CHUNK_BYTES)
  readonly #view = new DataView(this.#buffer.buffer)

  constructor(transferId: string) {
    this.#buffer[0] = (PROTOCOL_VERSION << 4) | PACKET_TYPE.data
    this.#buffer.set(fromHex(transferId), 1)
  }

  encode(packetNumber: number, chunkIndex: number, payload: Uint8Array): Uint8Array {
    this.#view.setUint32(HEADER_BYTES, packetNumber)
    this.#view.setUint32(HEADER_BYTES + 4, chunkIndex)
    this.#buffer.set(payload, DATA_HEADER_BYTES)
    const isFull = payload.length === CHUNK_BYTES
    return isFull ? this.#buffer : this.#buffer.subarray(0, DATA_HEADER_BYTES + payload.length)
  }
}

export function parseData(packet: Uint8Array): { data: DataPacket } | { error: Malformed } {
  if (packet.length <= DATA_HEADER_BYTES) return { error: 'too-short' }
  if (packet.length > DATA_HEADER_BYTES + CHUNK_BYTES) return { error: 'too-long' }
  return {
    data: {
      packetNumber: readU32(packet, HEADER_BYTES),
      chunkIndex: readU32(packet, HEADER_BYTES + 4),
      payload: packet.subarray(DATA_HEADER_BYTES),
    },
  }
}
