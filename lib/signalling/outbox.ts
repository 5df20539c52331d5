/** What a page may hold back while it is not connected: the negotiation of some 20 connections. */
const SIGNALS_MAX = 512
const CHARS_MAX = 1024 * 1024

interface HeldSignal {
  readonly to: string
  readonly payload: string
}

/** Signals in the order they were made, until the server can take them. Bounded; never reorders for one peer. */
export class Outbox {
  #signals: HeldSignal[] = []
  #chars = 0

  /** False when it is full: the signal is not kept. */
  add(to: string, payload: string): boolean {
    if (this.#signals.length >= SIGNALS_MAX || this.#chars + payload.length > CHARS_MAX) return false
    this.#signals.push({ to, payload })
    this.#chars += payload.length
    return true
  }

  /** Hands out the oldest signal for a peer that `isReachable`; null when there is none. */
  take(isReachable: (to: string) => boolean): HeldSignal | null {
    const index = this.#signals.findIndex(({ to }) => isReachable(to))
    const signal = this.#signals[index]
    if (signal === undefined) return null
    this.#signals.splice(index, 1)
    this.#chars -= signal.payload.length
    return signal
  }

  /** Forgets what was meant for peers that `isMeant` does not want any more. */
  keep(isMeant: (to: string) => boolean): void {
    this.#signals = this.#signals.filter(({ to }) => isMeant(to))
    this.#chars = this.#signals.reduce((sum, { payload }) => sum + payload.length, 0)
  }
}
