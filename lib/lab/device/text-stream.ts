import type { Clock } from '@/lib/peer/clock'
import { TokenBucket } from '@/lib/protocol/token-bucket'

import { END_MESSAGE_MAX_CHARS } from '../bench/end-messages'

/** A text between two pages may have 20 KiB; what stands around a part and its escapes in JSON need some of it. */
const PART_CHARS = 16_000
/** The other page closes a way that brings more than 200 texts a second for long, 3 000 at once (lib/peer/link.ts). */
const PARTS_PER_SECOND = 150
const PARTS_BURST = 1000
/** The way was full, or there was none just then. */
const RETRY_MS = 20

/** One text of a stream: `SESSION NUMBER LAST TEXT`. */
export interface Part {
  /** Chosen by the page that began the stream; the other's answers have the same. */
  readonly session: number
  /** From 0, in either direction. */
  readonly number: number
  /** The last of its message. */
  readonly isLast: boolean
  readonly text: string
}

/** Null for what is no part of a stream. */
export function parsePart(text: string): Part | null {
  const [, session, number, last, rest] = /^(\d{1,10}) (\d{1,10}) ([01]) ([\s\S]*)$/.exec(text) ?? []
  if (session === undefined || number === undefined || rest === undefined) return null
  return { session: Number(session), number: Number(number), isLast: last === '1', text: rest }
}

export interface TextStreamOptions {
  readonly clock: Clock
  readonly session: number
  /** False: not now. */
  readonly send: (text: string) => boolean
  readonly onMessage: (message: string) => void
  /** A part is missing, or a message too long: nothing of the stream makes sense any more. */
  readonly onBroken: () => void
}

/**
 * Messages of any length, in both directions, over a way that carries short texts in order. What is lost with the way is
 * noticed by its number, and ends the stream.
 */
export class TextStream {
  readonly #options: TextStreamOptions
  readonly #bucket: TokenBucket
  readonly #waiting: string[] = []
  #sent = 0
  #heard = 0
  #pieces: string[] = []
  #chars = 0
  #cancelRetry: (() => void) | null = null
  #closed = false

  constructor(options: TextStreamOptions) {
    this.#options = options
    this.#bucket = new TokenBucket(PARTS_PER_SECOND, PARTS_BURST, options.clock.now())
  }

  get session(): number {
    return this.#options.session
  }

  /** Goes out after everything before it. */
  send(message: string): void {
    if (this.#closed) return
    for (let at = 0; at === 0 || at < message.length; at += PART_CHARS) {
      const isLast = at + PART_CHARS >= message.length
      const text = message.slice(at, at + PART_CHARS)
      this.#waiting.push(`${this.session} ${this.#sent++} ${isLast ? 1 : 0} ${text}`)
    }
    this.#pump()
  }

  handle({ number, isLast, text }: Part): void {
    if (this.#closed) return
    this.#chars += text.length
    if (number !== this.#heard || this.#chars > END_MESSAGE_MAX_CHARS) {
      this.close()
      this.#options.onBroken()
      return
    }
    this.#heard++
    this.#pieces.push(text)
    if (!isLast) return
    const message = this.#pieces.join('')
    this.#pieces = []
    this.#chars = 0
    this.#options.onMessage(message)
  }

  close(): void {
    this.#closed = true
    this.#cancelRetry?.()
    this.#waiting.length = 0
    this.#pieces = []
  }

  #pump(): void {
    const { clock, send } = this.#options
    this.#cancelRetry?.()
    this.#cancelRetry = null
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined || this.#closed) return
      const waitMs = this.#bucket.waitMs(clock.now())
      if (waitMs > 0 || !send(next)) {
        this.#cancelRetry = clock.schedule(Math.max(RETRY_MS, waitMs), () => this.#pump())
        return
      }
      this.#bucket.take(clock.now())
      this.#waiting.shift()
    }
  }
}
