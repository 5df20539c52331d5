import { LANES_LOST_MAX_MS, PEER_SILENT_MS } from './constants'

/**
 * When the peer was last heard at all, shared by its transfers (SPEC EP6): a picture that waits its turn
 * behind another one hears nothing of its own for as long as that one takes. Knows as well when the peer could
 * not be heard: that is no silence (SPEC RS1, RS2).
 */
export class PeerLiveness {
  lastHeardAt = -Infinity
  /** Silence before this is not the peer's: there was no lane, or this side slept. */
  #listeningSince = -Infinity
  #lostSince: number | null = null

  /** No lane to the peer is open. */
  get lanesLost(): boolean {
    return this.#lostSince !== null
  }

  handleLanesLost(now: number): void {
    this.#lostSince ??= now
  }

  handleLanesOpen(now: number): void {
    this.#lostSince = null
    this.#listeningSince = now
  }

  /** This side did nothing for a while: the lid was closed, the page was frozen. */
  handleSlept(now: number): void {
    this.#listeningSince = now
    if (this.#lostSince !== null) this.#lostSince = now
  }

  /** When a peer that was last heard at `heardAt` will have been silent, or away, for too long. */
  silentDueMs(heardAt: number): number {
    if (this.#lostSince !== null) return this.#lostSince + LANES_LOST_MAX_MS
    return Math.max(heardAt, this.#listeningSince) + PEER_SILENT_MS
  }
}
