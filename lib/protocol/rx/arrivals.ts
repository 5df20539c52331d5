import type { ReceiverStatus } from '../packet/status'
import { DelayHistogram } from './delay-histogram'
import { PacketCounter } from './packet-counter'
import type { PacketSink } from './receiver-options'

/** Counts what arrives of one picture, for its report (SPEC CT). */
export class Arrivals {
  readonly counter: PacketCounter
  readonly #sink: PacketSink | null
  readonly #queueDelays = new DelayHistogram()
  #bytes = 0
  #firstAt: number | null = null

  constructor(chunkCount: number, sink: PacketSink | null) {
    this.counter = new PacketCounter(chunkCount)
    this.#sink = sink
  }

  /** When the first packet came. */
  get firstAt(): number | null {
    return this.#firstAt
  }

  /**
   * Whether this packet counts as received: none of its number was counted before, and the count is open. `chunkIndex` is
   * CODED_CHUNK for a coded symbol; `queueDelayMs` where it was measured.
   */
  count(
    packet: {
      readonly packetNumber: number
      readonly chunkIndex: number
      readonly payload: Uint8Array
      readonly queueDelayMs?: number
    },
    now: number,
  ): boolean {
    const { packetNumber, chunkIndex, payload, queueDelayMs } = packet
    if (!this.counter.count(packetNumber)) return false
    if (queueDelayMs !== undefined) this.#queueDelays.add(queueDelayMs)
    this.#sink?.append(packetNumber, chunkIndex, payload.length)
    this.#bytes += payload.length
    this.#firstAt ??= now
    return true
  }

  counts(): Pick<
    ReceiverStatus,
    'packetsReceived' | 'duplicates' | 'lateAfterFreeze' | 'bytesReceived' | 'queueDelayMsP95'
  > {
    const { received, duplicates, lateAfterFreeze } = this.counter
    return {
      ...{ packetsReceived: received, duplicates, lateAfterFreeze, bytesReceived: this.#bytes },
      queueDelayMsP95: this.#queueDelays.percentile(0.95),
    }
  }
}
