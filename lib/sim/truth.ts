import { CHUNK_BYTES } from '@/lib/protocol/constants'
import { type Packet, parsePacket } from '@/lib/protocol/wire'

import type { Arrival } from './link'

/** What really happened to the data packets of one transfer, seen from the network. */
export interface TransferTruth {
  /** Every transmission, also those that bear a number for the second time (a bug, if it happens). */
  transmissions: number
  readonly numbersSent: Set<number>
  /** Intact arrivals by packet number, until the receiver froze its count. */
  readonly arrivals: Map<number, number>
  /** Chunks that arrived intact by DATA until then, with the number of the packet that brought each first. */
  readonly chunks: Map<number, number>
  /** Payload bytes of the distinct packet numbers that arrived until then. */
  bytes: number
  /** Intact arrivals after that. */
  late: number
  /** Arrivals of packets that the link had damaged. */
  damaged: number
}

/** Keeps the truth of one direction of a link, to be held against what the protocol reports. */
export class TruthKeeper {
  readonly #transfers = new Map<string, TransferTruth>()

  transfer(transferId: string): TransferTruth {
    const known = this.#transfers.get(transferId)
    if (known) return known
    const truth: TransferTruth = {
      transmissions: 0,
      numbersSent: new Set(),
      arrivals: new Map(),
      chunks: new Map(),
      bytes: 0,
      late: 0,
      damaged: 0,
    }
    this.#transfers.set(transferId, truth)
    return truth
  }

  handleSent(bytes: Uint8Array): void {
    const result = parsePacket(bytes)
    if ('error' in result || !isDataPacket(result.packet)) return
    const truth = this.transfer(result.packet.transferId)
    truth.transmissions++
    truth.numbersSent.add(result.packet.data.packetNumber)
  }

  /** `isLate`: whether the receiver of that transfer has frozen its count. */
  handleArrival(arrival: Arrival, isLate: (transferId: string) => boolean): void {
    const result = parsePacket(arrival.original)
    if ('error' in result || !isDataPacket(result.packet)) return
    const { transferId, data } = result.packet
    const truth = this.transfer(transferId)
    if (!arrival.intact) {
      truth.damaged++
    } else if (isLate(transferId)) {
      truth.late++
    } else {
      const before = truth.arrivals.get(data.packetNumber) ?? 0
      truth.arrivals.set(data.packetNumber, before + 1)
      if ('chunkIndex' in data && !truth.chunks.has(data.chunkIndex))
        truth.chunks.set(data.chunkIndex, data.packetNumber)
      if (before === 0) truth.bytes += data.payload.length
    }
  }
}

function isDataPacket(packet: Packet): packet is Extract<Packet, { type: 'data' | 'symbol' }> {
  return packet.type === 'data' || packet.type === 'symbol'
}

/** What a picture is when only the chunks that arrived are known of it; the rest is zeros. */
export function arrivedPart(picture: Uint8Array, truth: TransferTruth): Uint8Array {
  const bytes = new Uint8Array(picture.length)
  for (const chunkIndex of truth.chunks.keys()) {
    const from = chunkIndex * CHUNK_BYTES
    bytes.set(picture.subarray(from, from + CHUNK_BYTES), from)
  }
  return bytes
}

/** Arrivals of numbers that had arrived before. */
export function duplicatesIn(truth: TransferTruth): number {
  let duplicates = 0
  for (const count of truth.arrivals.values()) duplicates += count - 1
  return duplicates
}
