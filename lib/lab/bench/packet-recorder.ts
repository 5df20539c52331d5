import { BlockLayout } from '@/lib/protocol/code/block-layout'
import { DATA_HEADER_BYTES } from '@/lib/protocol/packet/data'
import { HEADER_BYTES, PACKET_TYPE } from '@/lib/protocol/packet/header'
import { SYMBOL_HEADER_BYTES } from '@/lib/protocol/packet/symbol'

import type { TracedPacket } from '../traces'

/** More than a picture of the lab has. */
const PACKETS_MAX = 100_000

interface Sent {
  readonly sentMs: number
  readonly repair: boolean
  arrivedMs: number | null
  late: boolean
}

interface Read {
  readonly packetNumber: number
  /** Null: a coded symbol, which is no chunk of the picture. */
  readonly chunk: number | null
}

/** Notes when each data packet was sent and when it came, by looking at what goes over the lanes of both ends. */
export class PacketRecorder {
  readonly #now: () => number
  readonly #packets = new Map<number, Sent>()
  readonly #carried = new Set<number>()
  #layout = new BlockLayout(1)
  #startedAt: number | null = null
  #highest = -1

  constructor(now: () => number) {
    this.#now = now
  }

  /** A picture of so many chunks is sent now. */
  start(now: number, chunkCount: number): void {
    this.#startedAt = now
    this.#layout = new BlockLayout(chunkCount)
    this.#packets.clear()
    this.#carried.clear()
    this.#highest = -1
  }

  /** A packet of Shoal's protocol that leaves. */
  handleSent(packet: Uint8Array): void {
    const read = readNumbers(packet, this.#layout)
    if (read) this.handleSentNumber(read.packetNumber, read.chunk)
  }

  handleArrived(packet: Uint8Array): void {
    const read = readNumbers(packet, this.#layout)
    if (read) this.handleArrivedNumber(read.packetNumber)
  }

  /** The same chunk again, or a symbol beyond the picture's own (null), is repair. */
  handleSentNumber(packetNumber: number, chunk: number | null): void {
    if (this.#startedAt === null || this.#packets.size >= PACKETS_MAX) return
    const repair = chunk === null || this.#carried.has(chunk)
    if (chunk !== null) this.#carried.add(chunk)
    this.#packets.set(packetNumber, {
      sentMs: this.#now() - this.#startedAt,
      repair,
      arrivedMs: null,
      late: false,
    })
  }

  handleArrivedNumber(packetNumber: number): void {
    const sent = this.#packets.get(packetNumber)
    if (!sent || sent.arrivedMs !== null || this.#startedAt === null) return
    sent.arrivedMs = this.#now() - this.#startedAt
    sent.late = packetNumber < this.#highest
    this.#highest = Math.max(this.#highest, packetNumber)
  }

  packets(): readonly TracedPacket[] {
    return [...this.#packets.values()]
  }
}

/** Null for what carries nothing of a picture. */
function readNumbers(packet: Uint8Array, layout: BlockLayout): Read | null {
  const type = (packet[0] ?? 0) & 15
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  if (type === PACKET_TYPE.data && packet.length > DATA_HEADER_BYTES) {
    return { packetNumber: view.getUint32(HEADER_BYTES), chunk: view.getUint32(HEADER_BYTES + 4) }
  }
  if (type !== PACKET_TYPE.symbol || packet.length <= SYMBOL_HEADER_BYTES) return null
  const block = view.getUint16(HEADER_BYTES + 4)
  const symbolId = view.getUint32(HEADER_BYTES + 6)
  const isChunk = block < layout.blockCount && symbolId < layout.size(block)
  return {
    packetNumber: view.getUint32(HEADER_BYTES),
    chunk: isChunk ? layout.start(block) + symbolId : null,
  }
}
