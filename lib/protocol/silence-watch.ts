import type { PeerLiveness } from './peer-liveness'

/** When the other side of one transfer was last heard, and when it will have been silent for too long (SPEC TX5, RX7, EP6). */
export class SilenceWatch {
  readonly #peer: PeerLiveness
  /** The last sign of life for this transfer, or when we began to wait for one. */
  #lastHeardAt: number

  constructor(peer: PeerLiveness, now: number) {
    this.#peer = peer
    this.#lastHeardAt = now
  }

  /** A packet of this transfer that does not contradict itself. */
  handleHeard(now: number): void {
    this.#lastHeardAt = now
    this.#peer.lastHeardAt = now
  }

  /** Silence counts from here: nothing was owed before, or nothing could be heard. */
  restart(now: number): void {
    this.#lastHeardAt = now
  }

  /** Where an answer is owed for this transfer, ms. */
  get transferDueMs(): number {
    return this.#peer.silentDueMs(this.#lastHeardAt)
  }

  /** Where nothing need be said of this transfer, ms: a peer that lives for others has not fallen silent. */
  get peerDueMs(): number {
    return this.#peer.silentDueMs(Math.max(this.#lastHeardAt, this.#peer.lastHeardAt))
  }
}
