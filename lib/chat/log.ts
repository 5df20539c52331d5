import { type Entry, type EntryBody, idOf, parseBody } from './entry'
import {
  AUTHORS_MAX,
  BODY_CHARS_TOTAL_MAX,
  ENTRIES_MAX,
  HELD_PER_STREAM_MAX,
  STREAMS_PER_AUTHOR_MAX,
} from './limits'
import type { AuthorId, MessageId } from './types'

/** An entry that is in its place, and what it says. */
export interface Placed {
  readonly entry: Entry
  /** Null when its author took it back, and for what this version of the program does not understand. */
  readonly body: EntryBody | null
}

interface Stream {
  readonly author: AuthorId
  readonly id: string
  /** By its first entry; one that says something else is none of it. */
  to: AuthorId | null
  /** Everything before is here, or was. */
  next: number
  /** Before this nothing is kept any more. */
  base: number
  lastTime: number
  /** From `base` to `next`. */
  entries: Entry[]
  /** What came before its turn. */
  readonly held: Map<number, Entry>
}

export type Taken = 'placed' | 'held' | 'known' | 'contradicts' | 'full' | 'invalid'

/** Everything that was said in a room, by author and stream, each stream without gaps (SPEC CH3). */
export class ChatLog {
  readonly #streams = new Map<AuthorId, Map<string, Stream>>()
  /** Who took back what: ids by author, also of what has not come yet. */
  readonly #deleted = new Map<AuthorId, Set<MessageId>>()
  /** Oldest first, for forgetting. */
  #order: { readonly stream: Stream; readonly seq: number }[] = []
  #forgotten = 0
  #chars = 0
  #placed: Placed[] = []
  #emptied: Entry[] = []

  get size(): number {
    return this.#order.length - this.#forgotten
  }

  streams(): Stream[] {
    return [...this.#streams.values()].flatMap((streams) => [...streams.values()])
  }

  find(author: AuthorId, stream: string): Stream | null {
    return this.#streams.get(author)?.get(stream) ?? null
  }

  isDeleted(author: AuthorId, id: MessageId): boolean {
    return this.#deleted.get(author)?.has(id) ?? false
  }

  /** Takes an entry whose signature is right. What came into its place by it is handed out by `takePlaced`. */
  add(entry: Entry): Taken {
    const stream = this.#streamFor(entry)
    if (!stream) return 'full'
    if (entry.to !== stream.to) return 'invalid'
    const { seq } = entry
    if (seq < stream.next) return this.#compare(stream, entry)
    const held = stream.held.get(seq)
    if (held && held.digest !== entry.digest) return 'contradicts'
    // One whose body is there counts for more than one without.
    if (held && (held.body !== null || entry.body === null)) return 'known'
    if (seq > stream.next && !held && stream.held.size >= HELD_PER_STREAM_MAX) return 'full'
    stream.held.set(seq, entry)
    this.#noteDeletion(entry)
    this.#place(stream)
    return seq < stream.next ? 'placed' : 'held'
  }

  /** A beginning that is to be had nowhere any more is left out (SPEC CH8). */
  skipTo(author: AuthorId, streamId: string, next: number): void {
    const stream = this.find(author, streamId)
    if (!stream || next <= stream.next) return
    for (const seq of [...stream.held.keys()]) if (seq < next) stream.held.delete(seq)
    this.#forgetUpTo(stream, stream.next)
    stream.next = next
    stream.base = next
    stream.entries = []
    this.#place(stream)
  }

  /** What came into its place since the last call, in order. */
  takePlaced(): Placed[] {
    const placed = this.#placed
    this.#placed = []
    return placed
  }

  /** Entries that lost their body since the last call: their author has taken them back. */
  takeEmptied(): Entry[] {
    const emptied = this.#emptied
    this.#emptied = []
    return emptied
  }

  /** The entries of a stream that are here, from `from` on. */
  from(stream: Stream, from: number): Entry[] {
    return stream.entries.slice(Math.max(0, from - stream.base))
  }

  #streamFor({ author, stream: id, to }: Entry): Stream | null {
    const known = this.#streams.get(author)
    if (!known && this.#streams.size >= AUTHORS_MAX) return null
    const streams = known ?? new Map<string, Stream>()
    const stream = streams.get(id)
    if (stream) return stream
    if (streams.size >= STREAMS_PER_AUTHOR_MAX) return null
    const opened: Stream = {
      ...{ author, id, to, next: 0, base: 0, lastTime: -1, entries: [] },
      held: new Map(),
    }
    streams.set(id, opened)
    this.#streams.set(author, streams)
    return opened
  }

  #compare(stream: Stream, entry: Entry): Taken {
    const known = stream.entries[entry.seq - stream.base]
    return !known || known.digest === entry.digest ? 'known' : 'contradicts'
  }

  /** Moves what is due from the waiting to its place. */
  #place(stream: Stream): void {
    for (;;) {
      const entry = stream.held.get(stream.next)
      if (!entry) break
      const id = idOf(entry)
      const deleted = this.isDeleted(entry.author, id)
      // A body that somebody left out is no deletion: its author has to have said so (SPEC CH7).
      if (entry.body === null && !deleted) break
      stream.held.delete(stream.next)
      if (entry.time <= stream.lastTime) {
        // Its author broke its own order: nothing of this stream can follow.
        stream.held.clear()
        break
      }
      stream.lastTime = entry.time
      const said = entry.body === null ? null : parseBody(entry.body)
      // A deletion cannot be taken back: whoever comes later must learn of it.
      const kept = deleted && said?.type !== 'delete' ? { ...entry, body: null } : entry
      stream.entries.push(kept)
      stream.next++
      this.#chars += kept.body?.length ?? 0
      this.#order.push({ stream, seq: entry.seq })
      this.#placed.push({ entry: kept, body: kept.body === null ? null : said })
    }
    this.#forgetOldest()
  }

  #noteDeletion(entry: Entry): void {
    const body = entry.body === null ? null : parseBody(entry.body)
    if (body?.type !== 'delete') return
    const { author } = entry
    // Nobody takes back what is another's: an id begins with its author.
    if (!body.id.startsWith(author.slice(0, 32))) return
    const deleted = this.#deleted.get(author) ?? new Set<MessageId>()
    deleted.add(body.id)
    this.#deleted.set(author, deleted)
    this.#empty(author, body.id)
    // It may be what a bodiless entry waited for.
    for (const stream of this.#streams.get(author)?.values() ?? []) this.#place(stream)
  }

  #empty(author: AuthorId, id: MessageId): void {
    const [, streamId = '', seq = ''] = id.split('-')
    const stream = this.find(author, streamId)
    const at = Number(seq) - (stream?.base ?? 0)
    const entry = stream?.entries[at]
    if (!stream || !entry || entry.body === null || idOf(entry) !== id) return
    if (parseBody(entry.body)?.type === 'delete') return
    this.#chars -= entry.body.length
    const emptied = { ...entry, body: null }
    stream.entries[at] = emptied
    this.#emptied.push(emptied)
  }

  #forgetOldest(): void {
    while (this.size > ENTRIES_MAX || (this.#chars > BODY_CHARS_TOTAL_MAX && this.size > 0)) {
      const oldest = this.#order[this.#forgotten++]
      if (oldest) this.#forgetUpTo(oldest.stream, oldest.seq + 1)
    }
    if (this.#forgotten > ENTRIES_MAX) {
      this.#order = this.#order.slice(this.#forgotten)
      this.#forgotten = 0
    }
  }

  #forgetUpTo(stream: Stream, seq: number): void {
    const gone = stream.entries.splice(0, Math.max(0, seq - stream.base))
    for (const { body } of gone) this.#chars -= body?.length ?? 0
    stream.base += gone.length
  }
}
