import { type Entry, type EntryBody, signedText } from './entry'
import { inertName } from './inert-text'
import { ENTRY_MAX_CHARS, FUTURE_MAX_MS } from './limits'
import type { AuthorId } from './types'

export interface EntryWriterOptions {
  readonly room: string
  /** This device. */
  readonly author: AuthorId
  readonly crypto: { sign(text: string): string; hash(text: string): string }
  /** 16 fresh hex digits. */
  readonly newStream: () => string
  /** As the others know us now. */
  readonly name: () => string
}

const STREAM_ALL = ''

/**
 * Writes the entries of this device: one stream for everyone and one for each other device, under one hybrid logical
 * clock (Kulkarni et al. 2014), which keeps an answer behind what it answers (SPEC CH3).
 */
export class EntryWriter {
  readonly #options: EntryWriterOptions
  /** By whom an entry is for; everyone has the empty name. */
  readonly #streams = new Map<string, { readonly stream: string; next: number }>()
  #clock = 0

  constructor(options: EntryWriterOptions) {
    this.#options = options
  }

  /** The next entry, signed, or null when it would be too long; its place is taken once `handlePlaced` is told. */
  draft(body: EntryBody, to: AuthorId | null, now: number): Entry | null {
    const { author, room, crypto, newStream } = this.#options
    const name = inertName(this.#options.name())
    // A digest stays when the body is taken back: without the salt, guesses could be tried on it.
    const text = JSON.stringify({ ...body, salt: newStream() + newStream() })
    if (name === null || text.length > ENTRY_MAX_CHARS) return null
    const own = this.#streams.get(to ?? STREAM_ALL) ?? { stream: newStream(), next: 0 }
    this.#streams.set(to ?? STREAM_ALL, own)
    this.#clock = Math.max(Math.floor(now), this.#clock + 1)
    const unsigned = {
      ...{ author, stream: own.stream, seq: own.next, time: this.#clock, name, to },
      digest: crypto.hash(text),
    }
    return { ...unsigned, signature: crypto.sign(signedText(room, unsigned)), body: text }
  }

  /** The entry that was drafted last for those is in the log. */
  handlePlaced({ to }: Pick<Entry, 'to'>): void {
    const own = this.#streams.get(to ?? STREAM_ALL)
    if (own) own.next++
  }

  /** An entry came: what is written now comes after it, as far as its clock is not too far ahead. */
  handleTime(time: number, now: number): void {
    this.#clock = Math.max(this.#clock, Math.min(time, Math.floor(now) + FUTURE_MAX_MS))
  }

  /** One of our own, from before this page was loaded: whatever its time, what is written now comes after it. */
  handleOwnTime(time: number): void {
    this.#clock = Math.max(this.#clock, time)
  }
}
