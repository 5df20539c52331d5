import type { Clock } from './clock'
import type { Lane } from './lane'

/** The relay as one link sees it. */
export interface LinkRelay {
  /** Open while both ends are there. */
  readonly lane: Lane
  /** Whether this link needs the page's socket to the relay. */
  want(wanted: boolean): void
}

/** A direct lane on a LAN opens within a second; by then something is in its way. */
const WAIT_FOR_DIRECT_MS = 3000
/** Direct lanes that have been open for so long are taken to stay: the server's socket is given back. */
const LINGER_MS = 10_000
/** The peer is asked again while it has not come; asking costs one signalling message. */
const ASK_EVERY_MS = 5000
/** Asked for so long in vain, the peer will not come either. */
const GIVE_UP_MS = 15_000

export interface RelayUseOptions {
  readonly relay: LinkRelay
  readonly clock: Clock
  /** No lane but this one will ever be open. */
  readonly only: boolean
  readonly hasDirect: () => boolean
  /** Asks the peer, by way of signalling, to come to the relay as well. */
  readonly ask: () => void
  readonly onFailing: () => void
}

/**
 * When one link goes to the relay. On a LAN, where direct lanes open in a moment, never: its socket is opened only
 * when a picture waits and no lane is open, when none has opened in 3 s, when the peer asks, or when the relay is
 * all there is. It is given back once direct lanes have been open for a while.
 */
export class RelayUse {
  readonly #options: RelayUseOptions
  #wanted = false
  #cancelWait: (() => void) | null = null
  #cancelAsk: (() => void) | null = null
  #askedForMs = 0

  constructor(options: RelayUseOptions) {
    this.#options = options
  }

  get lane(): Lane {
    return this.#options.relay.lane
  }

  /** Wanted for long, and nobody came. */
  get failing(): boolean {
    return this.#wanted && !this.lane.isOpen && this.#askedForMs >= GIVE_UP_MS
  }

  /** Lanes opened or closed, or are about to be opened. */
  handleLanes(): void {
    const { only, hasDirect } = this.#options
    if (only) this.want()
    else if (hasDirect() === this.#wanted) {
      this.#cancelWait ??= this.#schedule(this.#wanted ? LINGER_MS : WAIT_FOR_DIRECT_MS)
    } else this.#stopWaiting()
  }

  /** A picture waits, or the relay is all there is. */
  want(): void {
    if (this.#wanted || this.#options.hasDirect()) return
    this.#begin()
    this.#ask()
  }

  /** The peer is there and asks us to come. */
  handleAsked(): void {
    if (!this.#wanted && !this.#options.hasDirect()) this.#begin()
  }

  close(): void {
    this.#stop()
    this.lane.close()
  }

  #begin(): void {
    this.#stopWaiting()
    this.#wanted = true
    this.#askedForMs = 0
    this.#options.relay.want(true)
    this.#askAgainLater()
  }

  #ask(): void {
    if (!this.lane.isOpen) this.#options.ask()
  }

  #askAgainLater(): void {
    this.#cancelAsk = this.#options.clock.schedule(ASK_EVERY_MS, () => {
      this.#askedForMs = this.lane.isOpen ? 0 : this.#askedForMs + ASK_EVERY_MS
      this.#ask()
      this.#askAgainLater()
      if (this.failing) this.#options.onFailing()
    })
  }

  #schedule(delayMs: number): () => void {
    return this.#options.clock.schedule(delayMs, () => {
      this.#cancelWait = null
      if (!this.#wanted) this.want()
      else if (this.#options.hasDirect()) this.#stop()
    })
  }

  #stop(): void {
    this.#stopWaiting()
    this.#cancelAsk?.()
    this.#cancelAsk = null
    if (!this.#wanted) return
    this.#wanted = false
    this.#options.relay.want(false)
  }

  #stopWaiting(): void {
    this.#cancelWait?.()
    this.#cancelWait = null
  }
}
