import { TokenBucket } from '@/lib/protocol/token-bucket'
import {
  ANSWER_CHARS_BURST,
  ANSWER_CHARS_PER_SECOND,
  ANSWER_ENTRIES_BURST,
  ANSWER_ENTRIES_PER_SECOND,
  ENTRIES_BURST,
  ENTRIES_PER_SECOND,
  ON_ITS_WAY_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
  TEXTS_BURST,
  TEXTS_PER_SECOND,
  TYPING_SHOWN_MS,
} from './limits'
import { keyOf } from './stream'
import type { AuthorId } from './types'

/** One page that the log is shared with: who it is, and what it is known to have. */
export class PeerState {
  readonly peer: string
  readonly identity: AuthorId
  readonly name: string
  readonly joinedAtMs: number
  readonly entries: TokenBucket
  readonly texts: TokenBucket
  /** Characters that it is sent because it misses or asks for something. */
  readonly answers: TokenBucket
  /** The same, entries. */
  readonly answered: TokenBucket
  /** By author and stream. */
  readonly has = new Map<string, number>()
  /** Up to where it was sent them, and when: what is on its way is not sent again at once. */
  readonly sent = new Map<string, { readonly next: number; readonly atMs: number }>()
  /** When `has` last grew. */
  readonly movedAtMs = new Map<string, number>()
  /** It has told us what it has, at least once. */
  told = false
  /** Streams whose marks it is owed, and when. */
  readonly owed = new Set<string>()
  owedAtMs = Infinity
  /** When what it seems to miss is looked at again. */
  checkAtMs = Infinity
  typingAtMs = -Infinity
  #tries = 0

  constructor(peer: string, identity: AuthorId, name: string, now: number) {
    this.peer = peer
    this.identity = identity
    this.name = name
    this.joinedAtMs = now
    this.entries = new TokenBucket(ENTRIES_PER_SECOND, ENTRIES_BURST, now)
    this.texts = new TokenBucket(TEXTS_PER_SECOND, TEXTS_BURST, now)
    this.answered = new TokenBucket(ANSWER_ENTRIES_PER_SECOND, ANSWER_ENTRIES_BURST, now)
    this.answers = new TokenBucket(ANSWER_CHARS_PER_SECOND, ANSWER_CHARS_BURST, now)
  }

  /** What is for everyone, or between the two of us. */
  mayHave({ author, to }: { readonly author: AuthorId; readonly to: AuthorId | null }): boolean {
    return to === null || to === this.identity || author === this.identity
  }

  /** Up to where it says that it has a stream. */
  hasOf(author: AuthorId, stream: string): number {
    return this.has.get(keyOf(author, stream)) ?? 0
  }

  /** The same, and what of it was just sent there. */
  hasOrIsSent(author: AuthorId, stream: string, now: number): number {
    const has = this.hasOf(author, stream)
    const sent = this.sent.get(keyOf(author, stream))
    return sent && now < sent.atMs + ON_ITS_WAY_MS ? Math.max(has, sent.next) : has
  }

  /** It is to hear how far that stream is here, at that time at the latest. */
  owe(key: string, atMs: number): void {
    this.owed.add(key)
    this.owedAtMs = Math.min(this.owedAtMs, atMs)
  }

  checkSoon(atMs: number): void {
    this.checkAtMs = Math.min(this.checkAtMs, atMs)
  }

  /** It is not shown as typing any more, from then on; Infinity while it is not. */
  get typingEndsAtMs(): number {
    return this.typingAtMs > -Infinity ? this.typingAtMs + TYPING_SHOWN_MS : Infinity
  }

  handleProgress(): void {
    this.#tries = 0
  }

  /** The pause before the next try: doubled each time, with some chance in it, so that pages do not go in step. */
  nextPauseMs(random: () => number): number {
    const pause = Math.min(RETRY_MIN_MS * 2 ** this.#tries++, RETRY_MAX_MS)
    return pause * (0.75 + random() / 2)
  }
}
