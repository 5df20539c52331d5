import type { PairCipher } from '@/lib/keys/pair-cipher'

import type { Clock } from './clock'
import type { Lane } from './lane'

/** The way to one peer through the relay, as far as the socket knows it. */
export interface RelayPort {
  /** We and the peer are both there. */
  readonly isOpen: boolean
  /** The peer is behind: what is sent now may be dropped. */
  readonly isBusy: boolean
  /** Of the one socket that all peers share. */
  readonly bufferedAmount: number
  send(packet: Uint8Array): boolean
}

export interface RelayLaneOptions {
  readonly port: RelayPort
  /** Null until both ends have agreed on keys: nothing is ever sent in clear. */
  readonly cipher: () => PairCipher | null
  readonly clock: Clock
  readonly onMessage: (message: Uint8Array) => void
  readonly onDrained: () => void
}

/**
 * What the socket may hold without counting as buffered: TCP below it runs dry unless it always has the next
 * bytes at hand, and a WebSocket tells how much it holds only when asked.
 */
const PIPE_BYTES = 64 * 1024
/** A page holding this much is asked again after this long: with PIPE_BYTES up to 13 MB a second. */
const POLL_MS = 5

/** A lane through our own server. Reliable and in order up to the server, which drops what does not fit there. */
export class RelayLane implements Lane {
  readonly path = 'relay'
  readonly #options: RelayLaneOptions
  #notifyAt: number | null = null
  #cancelPoll: (() => void) | null = null
  #closed = false
  /** Packets that did not open: not from the peer, altered, or there before. */
  refused = 0

  constructor(options: RelayLaneOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return !this.#closed && this.#options.port.isOpen && this.#options.cipher() !== null
  }

  get bufferedAmount(): number {
    const { port } = this.#options
    return port.isBusy ? Infinity : Math.max(0, port.bufferedAmount - PIPE_BYTES)
  }

  send(message: Uint8Array): boolean {
    const cipher = this.isOpen ? this.#options.cipher() : null
    return cipher !== null && this.#options.port.send(cipher.seal(message))
  }

  notifyAt(bytes: number): void {
    this.#notifyAt = bytes
    this.#pollSoon()
  }

  /** A packet that the relay says is from the peer. */
  handlePacket(sealed: Uint8Array): void {
    if (this.#closed) return
    const message = this.#options.cipher()?.open(sealed) ?? null
    if (message) this.#options.onMessage(message)
    else this.refused++
  }

  /** The port opened, closed, or the peer caught up. */
  handlePort(): void {
    this.#notifyWhenDrained()
  }

  close(): void {
    this.#closed = true
    this.#cancelPoll?.()
    this.#cancelPoll = null
  }

  #pollSoon(): void {
    if (this.#closed) return
    this.#cancelPoll ??= this.#options.clock.schedule(POLL_MS, () => {
      this.#cancelPoll = null
      this.#notifyWhenDrained()
    })
  }

  #notifyWhenDrained(): void {
    if (this.#notifyAt === null || !this.isOpen) return
    if (this.bufferedAmount <= this.#notifyAt) {
      this.#notifyAt = null
      this.#options.onDrained()
      // `ready` will tell; there is nothing to look at until then.
    } else if (!this.#options.port.isBusy) this.#pollSoon()
  }
}
