import type { Lane } from '@/lib/peer/lane'

/**
 * Bytes that may wait in one lane: about four packets. What waits in our hands instead can still leave by
 * another lane, and a lane whose window is full is a lane that has just lost something.
 */
export const SYMBOL_BUFFER_BYTES = 4 * 1100
const NOTIFY_BYTES = SYMBOL_BUFFER_BYTES - 1100

/** Spreads symbols over lanes: the least loaded one first, in turn among equals. */
export class LaneChoice {
  #turn = 0

  /** The lane for the next symbol; null when all have enough, and they will say when that changes. */
  choose(lanes: readonly Lane[]): Lane | null {
    let best: Lane | null = null
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(this.#turn + i) % lanes.length]
      if (lane && (!best || lane.bufferedAmount < best.bufferedAmount)) best = lane
    }
    this.#turn = lanes.length > 0 ? (this.#turn + 1) % lanes.length : 0
    if (best && best.bufferedAmount < SYMBOL_BUFFER_BYTES) return best
    for (const lane of lanes) lane.notifyAt(NOTIFY_BYTES)
    return null
  }
}
