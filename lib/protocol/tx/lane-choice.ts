/** What the choice needs of a lane. */
export interface ChoosableLane {
  /** Bytes handed over and not yet given to the network. */
  readonly bufferedAmount: number
  /** Asks for one word when no more than `bytes` are buffered. */
  notifyAt(bytes: number): void
}

const PACKET_BYTES = 1100
/**
 * Bytes that may wait in one lane: about four packets. What waits in our hands instead can still leave by
 * another lane, and a lane whose window is full is a lane that has just lost something.
 */
export const SYMBOL_BUFFER_BYTES = 4 * PACKET_BYTES
/** From this share of lost packets on nothing waits in a lane. */
const NOTHING_WAITS_FROM_LOSS = 0.03
/** A lane whose buffer has not moved for so long waits for a timeout of 400 ms or more. */
const STUCK_AFTER_MS = 30
/** One that was stuck for so long has been through a timeout: SCTP goes on with a window of one packet. */
const WORN_AFTER_MS = 300

/** Spreads symbols over lanes: the least loaded one first, in turn among equals; none that is stuck (SPEC LN2). */
export class LaneChoice<L extends ChoosableLane> {
  readonly #lossRate: () => number
  #turn = 0
  /** What was buffered when it was last looked at, and since when it has been that much or more. */
  readonly #waiting = new WeakMap<L, { bytes: number; since: number }>()
  readonly #worn = new Set<L>()

  /** `lossRate`: the share of packets that the path loses, 0 to 1, as far as it is known. */
  constructor(lossRate: () => number) {
    this.#lossRate = lossRate
  }

  /** The lane for the next symbol; null when all have enough, and they will say when that changes. */
  choose(lanes: readonly L[], now: number): L | null {
    let best: L | null = null
    // SCTP fills its packets and windows to the last byte with the beginning of what waits: such a message travels in
    // two parts, and is lost when one of them is.
    const nothingWaits = this.#lossRate() >= NOTHING_WAITS_FROM_LOSS
    let least = nothingWaits ? 1 : SYMBOL_BUFFER_BYTES
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(this.#turn + i) % lanes.length]
      const bytes = lane?.bufferedAmount ?? Infinity
      if (!lane || this.#isStuck(lane, bytes, now) || bytes >= least) continue
      ;[best, least] = [lane, bytes]
    }
    this.#turn = lanes.length > 0 ? (this.#turn + 1) % lanes.length : 0
    if (best) return best
    for (const lane of lanes) lane.notifyAt(nothingWaits ? 0 : SYMBOL_BUFFER_BYTES - PACKET_BYTES)
    return null
  }

  /** Lanes that have been through a timeout since the last call (SPEC LN3). */
  takeWorn(): L[] {
    const worn = [...this.#worn]
    this.#worn.clear()
    return worn
  }

  #isStuck(lane: L, bytes: number, now: number): boolean {
    const before = this.#waiting.get(lane)
    if (bytes === 0) {
      if (before) this.#waiting.delete(lane)
      return false
    }
    if (!before || bytes < before.bytes) {
      this.#waiting.set(lane, { bytes, since: now })
      return false
    }
    before.bytes = bytes
    if (now - before.since >= WORN_AFTER_MS) this.#worn.add(lane)
    return now - before.since >= STUCK_AFTER_MS
  }
}
