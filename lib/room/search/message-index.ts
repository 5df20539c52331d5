import MiniSearch from 'minisearch'

import type { AuthorId, ChatMessage, MessageId } from '@/lib/chat/types'

import { phrasesOf, rangesOf, type TextRange, wordsOf } from './words'

export interface SearchFilter {
  readonly author?: AuthorId
  /** Epoch milliseconds; both ends belong to it. */
  readonly fromMs?: number
  readonly toMs?: number
  readonly picturesOnly?: boolean
  readonly limit?: number
}

export interface FoundMessage {
  readonly id: MessageId
  readonly author: AuthorId
  readonly sentAtMs: number
  /** What was searched: the message's text, or the name of its picture. */
  readonly text: string
  readonly picture: boolean
  /** What to highlight in `text`, in order and apart. */
  readonly ranges: readonly TextRange[]
}

/** Finds messages by words as they are typed. Adding costs nothing until `work` is called. */
export interface MessageIndex {
  /** Messages that are still to be indexed, and are not found by their words until then. */
  readonly pending: number
  /** New ones and changed ones, in any order; what is deleted is gone at once. */
  add(messages: readonly ChatMessage[]): void
  update(message: ChatMessage): void
  remove(id: MessageId): void
  /** Nothing but these is found from here on. */
  sync(messages: readonly ChatMessage[]): void
  /** Indexes one slice; false when nothing is left to do. */
  work(): boolean
  /** Best first; of equal ones the newer. A query without a word finds all that the filter lets through, newest first. */
  search(query: string, filter?: SearchFilter): readonly FoundMessage[]
}

/** Of one slice of work: a few milliseconds on a slow phone, far from the 50 at which a page feels stuck. */
const SLICE_MESSAGES = 100
const SLICE_CHARS = 8_000
/** More than a person reads through. */
const LIMIT_DEFAULT = 100
/** A query longer than this is no search, but a text that was pasted. */
export const QUERY_MAX_CHARS = 200
const QUERY_TERMS_MAX = 16
/** One letter begins half of all messages: alone it is only a word of its own. */
const PREFIX_MIN_CHARS = 2

type Searched = Omit<FoundMessage, 'ranges'>

export function createMessageIndex(): MessageIndex {
  return new MiniSearchIndex()
}

class MiniSearchIndex implements MessageIndex {
  readonly #index = new MiniSearch<Searched>({
    fields: ['text'],
    tokenize: (text) => wordsOf(text).map(({ term }) => term),
    // Folded already.
    processTerm: (term) => term,
    // Removed ones are taken out of the index as a whole, not left for later.
    autoVacuum: false,
  })
  readonly #messages = new Map<MessageId, Searched>()
  /** Those of `#messages` that the index does not have yet. */
  readonly #pending = new Set<MessageId>()

  get pending(): number {
    return this.#pending.size
  }

  add(messages: readonly ChatMessage[]): void {
    for (const message of messages) this.update(message)
  }

  update(message: ChatMessage): void {
    const known = this.#messages.get(message.id)
    const searched = searchedOf(message)
    if (known && searched && known.text === searched.text && known.picture === searched.picture) return
    if (known) this.remove(message.id)
    if (searched === null) return
    this.#messages.set(message.id, searched)
    this.#pending.add(message.id)
  }

  remove(id: MessageId): void {
    const known = this.#messages.get(id)
    if (!known) return
    this.#messages.delete(id)
    if (!this.#pending.delete(id)) this.#index.remove(known)
  }

  sync(messages: readonly ChatMessage[]): void {
    const ids = new Set(messages.map(({ id }) => id))
    for (const id of [...this.#messages.keys()]) if (!ids.has(id)) this.remove(id)
    this.add(messages)
  }

  work(): boolean {
    let chars = 0
    let count = 0
    for (const id of this.#pending) {
      if (count === SLICE_MESSAGES || chars >= SLICE_CHARS) break
      const message = this.#messages.get(id)
      this.#pending.delete(id)
      if (!message) continue
      this.#index.add(message)
      count++
      chars += message.text.length
    }
    return this.#pending.size > 0
  }

  search(query: string, filter: SearchFilter = {}): readonly FoundMessage[] {
    const limit = filter.limit ?? LIMIT_DEFAULT
    const phrases = phrasesOf(query.slice(0, QUERY_MAX_CHARS))
    if (phrases.length === 0) return query.trim() === '' ? this.#newest(filter, limit) : []
    const words = new Map(phrases.flat().map((word) => [word.term, word]))
    const terms = [...words.keys()].slice(0, QUERY_TERMS_MAX)
    const ranked = this.#index.search(
      {
        combineWith: 'AND',
        queries: terms.map((term) => ({
          queries: [term],
          tokenize: (text: string) => [text],
          prefix: words.get(term)?.joined !== true && term.length >= PREFIX_MIN_CHARS,
        })),
      },
      { weights: { prefix: 0.5, fuzzy: 0 } },
    )
    const found: FoundMessage[] = []
    for (const message of this.#inOrder(ranked)) {
      if (found.length >= limit) break
      if (!lets(filter, message)) continue
      const ranges = rangesOf(message.text, phrases)
      if (ranges) found.push({ ...message, ranges })
    }
    return found
  }

  #inOrder(ranked: readonly { readonly id: unknown; readonly score: number }[]): readonly Searched[] {
    return ranked
      .flatMap(({ id, score }) => {
        const message = typeof id === 'string' ? this.#messages.get(id) : undefined
        return message ? [{ message, score }] : []
      })
      .sort((one, other) => other.score - one.score || other.message.sentAtMs - one.message.sentAtMs)
      .map(({ message }) => message)
  }

  #newest(filter: SearchFilter, limit: number): readonly FoundMessage[] {
    return [...this.#messages.values()]
      .filter((message) => lets(filter, message))
      .sort((one, other) => other.sentAtMs - one.sentAtMs)
      .slice(0, limit)
      .map((message) => ({ ...message, ranges: [] }))
  }
}

function lets(filter: SearchFilter, { author, sentAtMs, picture }: Searched): boolean {
  const { fromMs = -Infinity, toMs = Infinity } = filter
  if (filter.author !== undefined && author !== filter.author) return false
  if (filter.picturesOnly === true && !picture) return false
  return sentAtMs >= fromMs && sentAtMs <= toMs
}

/** Null for what is not to be found any more. */
function searchedOf({ id, author, sentAtMs, body, deleted }: ChatMessage): Searched | null {
  if (deleted) return null
  return body.type === 'text'
    ? { id, author, sentAtMs, text: body.text, picture: false }
    : { id, author, sentAtMs, text: body.picture.name, picture: true }
}
