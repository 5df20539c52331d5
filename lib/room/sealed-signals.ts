import type { PairKeys } from '@/lib/keys/pair-keys'
import type { Clock } from '@/lib/peer/clock'

/** A hello is lost only with a server that restarts: the pause before asking for it, doubled each time. */
const ASK_AFTER_MS = 2000
const ASKS_MAX = 4
/** Signals held back until there is a key; a lane has an offer and a few candidates. */
const WAITING_MAX = 64

export interface SealedSignalsOptions {
  readonly keys: PairKeys
  readonly clock: Clock
  /** Sends a payload to the peer by way of signalling. */
  readonly send: (payload: string) => void
  /** What the peer said, proved to be from it. */
  readonly onMessage: (text: string) => void
  /** What is known of the peer has changed, or something was dropped. */
  readonly onChange: () => void
}

/** The way to one peer through the server, which can neither read nor change what is said on it. */
export class SealedSignals {
  readonly #options: SealedSignalsOptions
  #waiting: string[] = []
  #asks = 0
  #cancelAsk: (() => void) | null = null

  constructor(options: SealedSignalsOptions) {
    this.#options = options
  }

  /** Greets the peer, which can be reached now; asks for its own hello until that has come. */
  start(): void {
    const { keys, send } = this.#options
    send(keys.hello(false))
    this.#asks = 0
    this.#askLater()
  }

  /** The peer cannot be reached for the moment. */
  pause(): void {
    this.#cancelAsk?.()
    this.#cancelAsk = null
  }

  signal(text: string): void {
    this.#waiting.push(text)
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift()
    this.#flush()
  }

  /** A payload that came in the peer's name. */
  handle(payload: string): void {
    const { keys, send, onMessage, onChange } = this.#options
    const { verified, droppedTotal } = keys
    const opened = keys.open(payload)
    if (opened?.type === 'hello' && opened.ask) send(keys.hello(false))
    if (opened) this.#flush()
    if (keys.verified !== verified || keys.droppedTotal !== droppedTotal) onChange()
    if (opened?.type === 'message') onMessage(opened.text)
  }

  #flush(): void {
    const { keys, send } = this.#options
    for (;;) {
      const [next] = this.#waiting
      const payload = next === undefined ? null : keys.seal(next)
      if (payload === null) return
      this.#waiting.shift()
      send(payload)
    }
  }

  #askLater(): void {
    this.pause()
    const { keys, clock, send } = this.#options
    if (keys.ready || keys.spoiled || this.#asks >= ASKS_MAX) return
    this.#cancelAsk = clock.schedule(ASK_AFTER_MS * 2 ** this.#asks, () => {
      this.#cancelAsk = null
      if (keys.ready || keys.spoiled) return
      this.#asks++
      send(keys.hello(true))
      this.#askLater()
    })
  }
}
