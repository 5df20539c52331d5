import type { Clock } from './clock'
import { MESSAGE_MAX_BYTES, PAYLOAD_MAX_CHARS, TokenBucket } from './messages'
import type { SignallingLimits } from './messages'
import { Outbox } from './outbox'

/** The rest of the server's rate is for pings and for what is already on the way. */
const SHARE_OF_RATE = 0.8

/** The member id and the braces around a payload. */
const ENVELOPE_BYTES = 64

export interface SignalSenderOptions {
  readonly clock: Clock
  /** The server could deliver a signal to this member now. */
  readonly isReachable: (to: string) => boolean
  readonly send: (to: string, payload: string) => void
}

/** Sends signals no faster than the server takes them, and holds them back while it cannot. */
export class SignalSender {
  readonly #options: SignalSenderOptions
  readonly #outbox = new Outbox()
  #bucket: TokenBucket | null = null
  #payloadChars = PAYLOAD_MAX_CHARS
  #messageBytes = MESSAGE_MAX_BYTES
  #pausedUntilMs = 0
  #cancelDrain: (() => void) | null = null

  constructor(options: SignalSenderOptions) {
    this.#options = options
  }

  setLimits({ messagesPerSecond, messageBurst, payloadChars, messageBytes }: SignallingLimits): void {
    const burst = Math.max(1, Math.floor(messageBurst * SHARE_OF_RATE))
    this.#bucket = new TokenBucket(messagesPerSecond * SHARE_OF_RATE, burst, this.#options.clock.now())
    this.#payloadChars = payloadChars
    this.#messageBytes = messageBytes
  }

  /** False when the payload is larger than the server takes, or too many are waiting. */
  add(to: string, payload: string): boolean {
    if (payload.length > this.#payloadChars) return false
    const bytes = new TextEncoder().encode(JSON.stringify(payload)).byteLength
    if (bytes + ENVELOPE_BYTES > this.#messageBytes) return false
    if (!this.#outbox.add(to, payload)) return false
    this.drain()
    return true
  }

  /** Forgets the signals for members that `isMeant` does not want any more. */
  keep(isMeant: (to: string) => boolean): void {
    this.#outbox.keep(isMeant)
  }

  pause(forMs: number): void {
    this.#pausedUntilMs = this.#options.clock.now() + forMs
  }

  drain(): void {
    const { clock, isReachable, send } = this.#options
    for (;;) {
      const nowMs = clock.now()
      const waitMs = Math.max(this.#pausedUntilMs - nowMs, this.#bucket?.waitMs(nowMs) ?? 0)
      if (waitMs > 0) {
        this.#drainAfter(waitMs)
        return
      }
      const signal = this.#outbox.take(isReachable)
      if (signal === null) return
      this.#bucket?.take(nowMs)
      send(signal.to, signal.payload)
    }
  }

  clear(): void {
    this.#cancelDrain?.()
    this.#cancelDrain = null
    this.#outbox.keep(() => false)
    this.#pausedUntilMs = 0
  }

  #drainAfter(waitMs: number): void {
    this.#cancelDrain?.()
    this.#cancelDrain = this.#options.clock.schedule(waitMs, () => {
      this.#cancelDrain = null
      this.drain()
    })
  }
}
