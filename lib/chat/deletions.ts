import { type Entry, type EntryBody, idOf, parseBody } from './entry'
import type { AuthorId, MessageId } from './types'

/** Who took back what, also of what has not come yet (SPEC CH7). Nobody takes back what is another's. */
export class Deletions {
  readonly #ids = new Map<AuthorId, Set<MessageId>>()

  /** Whether its author has taken the entry back. */
  has(entry: Entry): boolean {
    return this.#ids.get(entry.author)?.has(idOf(entry)) ?? false
  }

  /** Notes what the entry takes back, and returns its id; null where it takes back nothing of its author's. */
  note(entry: Entry): MessageId | null {
    const body = entry.body === null ? null : parseBody(entry.body)
    if (body?.type !== 'delete' || !isOf(entry.author, body.id)) return null
    this.#mark(entry.author, body.id)
    return body.id
  }

  /** What a store held: who kept an entry without its body is believed that it was taken back. */
  restore(entry: Entry): void {
    this.note(entry)
    if (entry.body === null) this.#mark(entry.author, idOf(entry))
  }

  /** An entry is not held any more, nor is what it took back: that is older, and gone before it. */
  forget(entry: Entry): void {
    const { author, body } = entry
    const said: EntryBody | null = body?.includes('"delete"') ? parseBody(body) : null
    if (said?.type === 'delete') this.#ids.get(author)?.delete(said.id)
    if (body === null) this.#ids.get(author)?.delete(idOf(entry))
  }

  forgetAuthor(author: AuthorId): void {
    this.#ids.delete(author)
  }

  #mark(author: AuthorId, id: MessageId): void {
    const ids = this.#ids.get(author) ?? new Set<MessageId>()
    ids.add(id)
    this.#ids.set(author, ids)
  }
}

/** An id begins with its author. */
function isOf(author: AuthorId, id: MessageId): boolean {
  return id.startsWith(`${author.slice(0, 32)}-`)
}
