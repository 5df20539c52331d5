import type { SenderAccount } from '../packet/end'
import type { CarryingPath } from '../report'

/** What is said of packets that nobody accounted for. */
export const NO_ACCOUNT: SenderAccount = {
  bytesSent: 0,
  codedPacketsSent: 0,
  inFlightAtEnd: 0,
  lanes: 0,
  path: null,
  relayedBytes: 0,
  minRttMs: null,
}

/** By what the data packets of one picture travelled. */
export class Carriage {
  readonly #lanes = new Set<object>()
  #last: object | null = null
  readonly #bytes: Record<CarryingPath, number> = { direct: 0, turn: 0, relay: 0 }

  /** One data packet of that many bytes was given to a lane, which is known by its identity. */
  handleSent(lane: object, path: CarryingPath, bytes: number): void {
    if (lane !== this.#last) this.#lanes.add((this.#last = lane))
    this.#bytes[path] += bytes
  }

  get lanes(): number {
    return this.#lanes.size
  }

  get relayedBytes(): number {
    return this.#bytes.relay
  }

  /** What carried the most. */
  get path(): CarryingPath | null {
    const { direct, turn, relay } = this.#bytes
    if (direct + turn + relay === 0) return null
    if (direct >= turn && direct >= relay) return 'direct'
    return turn >= relay ? 'turn' : 'relay'
  }
}
