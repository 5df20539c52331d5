import { Deletions } from './deletions'
import { type Entry, type EntryBody, idOf, parseBody } from './entry'
import {
  AUTHORS_MAX,
  BODY_CHARS_TOTAL_MAX,
  ENTRIES_MAX,
  HELD_PER_STREAM_MAX,
  RETIRED_MAX,
  STREAMS_PER_AUTHOR_MAX,
} from './limits'
import { keyOf, openStream, type Stream } from './stream'
import type { AuthorId, MessageId } from './types'

/** An entry that is in its place, and what it says. */
export interface Placed {
  readonly entry: Entry
  /** Null when its author took it back, and for what this version of the program does not understand. */
  readonly body: EntryBody | null
}

export type Taken = 'placed' | 'held' | 'known' | 'contradicts' | 'full' | 'invalid'

/** Everything that was said in a room, by author and stream, each stream without gaps (SPEC CH3). */
export class ChatLog {
  /** Whether that device is in the room now, or is this one: those have a place before all others. */
  readonly #isHere: (author: AuthorId) => boolean
  readonly #streams = new Map<AuthorId, Map<string, Stream>>()
  readonly #deletions = new Deletions()
  /** How far streams were that are not taken any more, by author and stream. */
  readonly #retired = new Map<string, number>()
  /** Entries by author. */
  readonly #counts = new Map<AuthorId, number>()
  #size = 0
  #chars = 0
  #placed: Placed[] = []
  #emptied: Entry[] = []
  #forgotten: MessageId[] = []

  constructor(isHere: (author: AuthorId) => boolean) {
    this.#isHere = isHere
  }

  get size(): number {
    return this.#size
  }

  streams(): Stream[] {
    return [...this.#streams.values()].flatMap((streams) => [...streams.values()])
  }

  find(author: AuthorId, stream: string): Stream | null {
    return this.#streams.get(author)?.get(stream) ?? null
  }

  /** How far a stream is here, also one that nothing more is taken of; null for one that is not known. */
  nextOf(author: AuthorId, stream: string): number | null {
    const next = this.find(author, stream)?.next
    const retired = this.#retired.get(keyOf(author, stream))
    return next === undefined ? (retired ?? null) : Math.max(next, retired ?? 0)
  }

  isRetired(author: AuthorId, stream: string): boolean {
    return this.#retired.has(keyOf(author, stream))
  }

  /** Takes an entry whose signature is right. What came into its place by it is handed out by `takePlaced`. */
  add(entry: Entry): Taken {
    const { author, stream: id, seq } = entry
    const stream = this.isRetired(author, id) ? null : this.#streamFor(entry)
    if (!stream || stream.ended) {
      // As if it were here: who has it is not to send it for ever.
      this.#retire(author, id, seq + 1)
      return 'full'
    }
    if (entry.to !== stream.to) return 'invalid'
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

  /** What a store held, in any order. It may have let the oldest go, and is believed about what is taken back. */
  restore(entries: readonly Entry[]): void {
    for (const entry of entries) this.#deletions.restore(entry)
    for (const entry of entries.toSorted((a, b) => a.seq - b.seq)) {
      const stream = this.#streamFor(entry)
      if (stream && entry.seq > stream.next) this.skipTo(stream, entry.seq)
      if (stream) this.add(entry)
    }
  }

  /** A beginning that is to be had nowhere any more is left out (SPEC CH8). */
  skipTo(stream: Stream, next: number): void {
    if (next <= stream.next) return
    for (const seq of [...stream.held.keys()]) if (seq < next) stream.held.delete(seq)
    // Shown they stay; to pass them on, there would have to be no gap after them.
    this.#letGo(stream, stream.entries.length)
    stream.next = next
    stream.base = next
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

  /** What is not held any more since the last call. */
  takeForgotten(): MessageId[] {
    const forgotten = this.#forgotten
    this.#forgotten = []
    return forgotten
  }

  /** The entries of a stream that are here, from `from` on. */
  from(stream: Stream, from: number): Entry[] {
    return stream.entries.slice(Math.max(0, from - stream.base))
  }

  #streamFor(entry: Entry): Stream | null {
    const { author, stream: id, time } = entry
    const known = this.#streams.get(author)
    const stream = known?.get(id)
    if (stream) return stream
    if (!known && this.#streams.size >= AUTHORS_MAX && !this.#makePlaceFor(author)) return null
    if (known && known.size >= STREAMS_PER_AUTHOR_MAX) {
      const [first] = [...known.values()].sort((a, b) => a.lastTime - b.lastTime)
      if (!first || first.lastTime > time) return null
      this.#drop(first)
    }
    const streams = this.#streams.get(author) ?? new Map<string, Stream>()
    const opened = openStream(entry)
    streams.set(id, opened)
    this.#streams.set(author, streams)
    return opened
  }

  /** Who is here is heard, whoever else is known: of those who are not, the one that said least goes. */
  #makePlaceFor(author: AuthorId): boolean {
    if (!this.#isHere(author)) return false
    const away = [...this.#streams.keys()].filter((each) => !this.#isHere(each))
    const count = (each: AuthorId) => this.#counts.get(each) ?? 0
    // Of several the one that came last: invented devices come in crowds.
    const least = away.reduce<AuthorId | null>(
      (found, each) => (found === null || count(each) <= count(found) ? each : found),
      null,
    )
    if (least === null) return false
    for (const stream of [...(this.#streams.get(least)?.values() ?? [])]) this.#drop(stream)
    return true
  }

  #drop(stream: Stream): void {
    const { author, id } = stream
    this.#forget(stream, stream.entries.length)
    this.#retire(author, id, stream.next)
    const streams = this.#streams.get(author)
    streams?.delete(id)
    if (streams?.size !== 0) return
    this.#streams.delete(author)
    this.#counts.delete(author)
    this.#deletions.forgetAuthor(author)
  }

  #retire(author: AuthorId, id: string, next: number): void {
    const key = keyOf(author, id)
    this.#retired.set(key, Math.max(next, this.#retired.get(key) ?? 0))
    const [oldest] = this.#retired.keys()
    if (this.#retired.size > RETIRED_MAX && oldest !== undefined) this.#retired.delete(oldest)
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
      const deleted = this.#deletions.has(entry)
      // A body that somebody left out is no deletion: its author has to have said so (SPEC CH7).
      if (entry.body === null && !deleted) break
      stream.held.delete(stream.next)
      if (entry.time <= stream.lastTime) {
        stream.ended = true
        this.#retire(stream.author, stream.id, Math.max(entry.seq, ...stream.held.keys()) + 1)
        stream.held.clear()
        break
      }
      stream.lastTime = entry.time
      const said = entry.body === null ? null : parseBody(entry.body)
      // A deletion cannot be taken back: whoever comes later must learn of it.
      const kept = deleted && said?.type !== 'delete' ? { ...entry, body: null } : entry
      stream.entries.push(kept)
      stream.next++
      this.#size++
      this.#counts.set(stream.author, (this.#counts.get(stream.author) ?? 0) + 1)
      this.#chars += kept.body?.length ?? 0
      this.#placed.push({ entry: kept, body: kept.body === null ? null : said })
    }
    this.#forgetOldest()
  }

  #noteDeletion(entry: Entry): void {
    const id = this.#deletions.note(entry)
    if (id === null) return
    const { author } = entry
    this.#empty(author, id)
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

  /** Who has said more than all others together makes room; else the oldest does. */
  #forgetOldest(): void {
    while (this.#size > ENTRIES_MAX || (this.#chars > BODY_CHARS_TOTAL_MAX && this.#size > 0)) {
      const loudest = [...this.#counts].find(([, count]) => count > this.#size / 2)?.[0]
      const streams =
        loudest === undefined ? this.streams() : [...(this.#streams.get(loudest)?.values() ?? [])]
      let oldest: Stream | null = null
      let time = Infinity
      for (const stream of streams) {
        const [first] = stream.entries
        if (!first || first.time >= time) continue
        oldest = stream
        time = first.time
      }
      if (!oldest) return
      this.#forget(oldest, 1)
    }
  }

  #forget(stream: Stream, count: number): void {
    for (const entry of this.#letGo(stream, count)) this.#forgotten.push(idOf(entry))
  }

  /** The first entries of a stream. */
  #letGo(stream: Stream, count: number): Entry[] {
    const gone = stream.entries.splice(0, count)
    for (const entry of gone) {
      this.#chars -= entry.body?.length ?? 0
      this.#deletions.forget(entry)
    }
    stream.base += gone.length
    this.#size -= gone.length
    this.#counts.set(stream.author, (this.#counts.get(stream.author) ?? 0) - gone.length)
    return gone
  }
}
