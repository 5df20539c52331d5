import { BlockLayout } from '@/lib/protocol/code/block-layout'
import { DATA_HEADER_BYTES } from '@/lib/protocol/packet/data'
import { HEADER_BYTES, PACKET_TYPE } from '@/lib/protocol/packet/header'
import { SYMBOL_HEADER_BYTES } from '@/lib/protocol/packet/symbol'

import type { TracedPacket } from '../traces'

/** More than a picture of the lab has. */
export const PACKETS_MAX = 100_000

/** A data packet as it left. */
export interface SentPacket {
  readonly packetNumber: number
  /** Since the send. */
  readonly sentMs: number
  readonly repair: boolean
}

/** A data packet as it came first: its number, and milliseconds since the receiving end has expected it. */
export type PacketArrival = readonly [packetNumber: number, ms: number]

/** Notes when each data packet was sent, by looking at what goes over the lanes. */
export class SendRecorder {
  readonly #now: () => number
  readonly #packets = new Map<number, SentPacket>()
  readonly #carried = new Set<number>()
  readonly #startedAt: number
  readonly #layout: BlockLayout

  /** For a picture of so many chunks that is sent at `startedAt`. */
  constructor(now: () => number, startedAt: number, chunkCount: number) {
    this.#now = now
    this.#startedAt = startedAt
    this.#layout = new BlockLayout(chunkCount)
  }

  /** A packet of Shoal's protocol that leaves. */
  handle(packet: Uint8Array): void {
    const packetNumber = packetNumberOf(packet)
    if (packetNumber !== null) this.handleNumber(packetNumber, chunkOf(packet, this.#layout))
  }

  /** The same chunk again, or a symbol beyond the picture's own (null), is repair. */
  handleNumber(packetNumber: number, chunk: number | null): void {
    if (this.#packets.size >= PACKETS_MAX) return
    const repair = chunk === null || this.#carried.has(chunk)
    if (chunk !== null) this.#carried.add(chunk)
    this.#packets.set(packetNumber, { packetNumber, sentMs: this.#now() - this.#startedAt, repair })
  }

  packets(): readonly SentPacket[] {
    return [...this.#packets.values()]
  }
}

/** Notes when each data packet came. */
export class ArrivalRecorder {
  readonly #now: () => number
  readonly #expectedAt: number
  readonly #arrivals = new Map<number, number>()

  constructor(now: () => number, expectedAt: number) {
    this.#now = now
    this.#expectedAt = expectedAt
  }

  /** A packet of Shoal's protocol that came. */
  handle(packet: Uint8Array): void {
    const packetNumber = packetNumberOf(packet)
    if (packetNumber !== null) this.handleNumber(packetNumber)
  }

  handleNumber(packetNumber: number): void {
    if (this.#arrivals.has(packetNumber) || this.#arrivals.size >= PACKETS_MAX) return
    this.#arrivals.set(packetNumber, this.#now() - this.#expectedAt)
  }

  /** In the order in which they came. */
  arrivals(): readonly PacketArrival[] {
    return [...this.#arrivals]
  }
}

/**
 * What left and what came, put together; `shiftMs` is what an arrival's time needs to count from the send. An arrival of
 * what was not sent is none of the picture's.
 */
export function tracePackets(
  sent: readonly SentPacket[],
  arrivals: readonly PacketArrival[],
  shiftMs: number,
): readonly TracedPacket[] {
  const numbers = new Set(sent.map(({ packetNumber }) => packetNumber))
  const came = new Map<number, { readonly ms: number; readonly late: boolean }>()
  let highest = -1
  for (const [packetNumber, ms] of arrivals) {
    if (!numbers.has(packetNumber)) continue
    came.set(packetNumber, { ms: ms + shiftMs, late: packetNumber < highest })
    highest = Math.max(highest, packetNumber)
  }
  return sent.map(({ packetNumber, sentMs, repair }) => {
    const arrival = came.get(packetNumber)
    return { sentMs, arrivedMs: arrival?.ms ?? null, repair, late: arrival?.late ?? false }
  })
}

/** Null for what carries nothing of a picture. */
function packetNumberOf(packet: Uint8Array): number | null {
  const type = (packet[0] ?? 0) & 15
  const carries =
    (type === PACKET_TYPE.data && packet.length > DATA_HEADER_BYTES) ||
    (type === PACKET_TYPE.symbol && packet.length > SYMBOL_HEADER_BYTES)
  return carries ? viewOf(packet).getUint32(HEADER_BYTES) : null
}

/** Null: a coded symbol, which is no chunk of the picture. */
function chunkOf(packet: Uint8Array, layout: BlockLayout): number | null {
  const view = viewOf(packet)
  if (((packet[0] ?? 0) & 15) === PACKET_TYPE.data) return view.getUint32(HEADER_BYTES + 4)
  const block = view.getUint16(HEADER_BYTES + 4)
  const symbolId = view.getUint32(HEADER_BYTES + 6)
  const isChunk = block < layout.blockCount && symbolId < layout.size(block)
  return isChunk ? layout.start(block) + symbolId : null
}

function viewOf(packet: Uint8Array): DataView {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
}
