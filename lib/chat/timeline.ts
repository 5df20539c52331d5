import type { Entry, EntryBody } from './entry'
import { idOf } from './entry'
import { FUTURE_MAX_MS } from './limits'
import type { AuthorId, ChatMessage, MessageId } from './types'

interface Row {
  readonly order: number
  readonly seq: number
  message: ChatMessage
}

/** The messages as a page shows them, in one order; a message is a new object only when it has changed. */
export class Timeline {
  readonly #self: AuthorId
  #rows: Row[] = []
  #chars = 0
  readonly #byId = new Map<MessageId, Row>()
  /** The last place in the order of each stream: a clock that is set back changes nothing in it. */
  readonly #lastOrder = new Map<string, number>()
  readonly #hidden = new Set<MessageId>()
  #messages: readonly ChatMessage[] | null = []

  constructor(self: AuthorId) {
    this.#self = self
  }

  get messages(): readonly ChatMessage[] {
    this.#messages ??= this.#rows.map(({ message }) => message)
    return this.#messages
  }

  get hidden(): readonly MessageId[] {
    return [...this.#hidden]
  }

  find(id: MessageId): ChatMessage | null {
    return this.#byId.get(id)?.message ?? null
  }

  /** Null for what nobody is shown: deletions, what was hidden here, what is not understood. */
  add(
    entry: Entry,
    body: EntryBody | null,
    isNameOurs: (text: string) => boolean,
    now: number,
  ): ChatMessage | null {
    const id = idOf(entry)
    const stream = `${entry.author}-${entry.stream}`
    const order = Math.max(this.#lastOrder.get(stream) ?? 0, Math.min(entry.time, now + FUTURE_MAX_MS))
    this.#lastOrder.set(stream, order)
    const deleted = entry.body === null
    if (this.#hidden.has(id) || this.#byId.has(id) || body?.type === 'delete' || (!deleted && !body))
      return null
    const shown: ChatMessage['body'] =
      body?.type === 'text' || body?.type === 'picture' ? body : { type: 'text', text: '' }
    const own = entry.author === this.#self
    const message: ChatMessage = {
      ...{ id, author: entry.author, authorName: entry.name, own, sentAtMs: order, to: entry.to },
      ...{ body: shown, deleted, delivered: null },
      mentionsMe: !own && shown.type === 'text' && isNameOurs(shown.text),
    }
    const row: Row = { order, seq: entry.seq, message }
    this.#rows.splice(this.#placeOf(row), 0, row)
    this.#chars += charsOf(message)
    this.#byId.set(id, row)
    this.#messages = null
    return message
  }

  handleDeleted(id: MessageId): void {
    this.change(id, { deleted: true, body: { type: 'text', text: '' }, mentionsMe: false })
  }

  change(id: MessageId, changes: Partial<ChatMessage>): void {
    const row = this.#byId.get(id)
    if (!row) return
    this.#chars -= charsOf(row.message)
    row.message = { ...row.message, ...changes }
    this.#chars += charsOf(row.message)
    this.#messages = null
  }

  /** Here only; false when it was hidden before. */
  hide(id: MessageId): boolean {
    if (this.#hidden.has(id)) return false
    this.#hidden.add(id)
    const row = this.#byId.get(id)
    if (!row) return true
    this.#byId.delete(id)
    this.#rows.splice(this.#rows.indexOf(row), 1)
    this.#chars -= charsOf(row.message)
    this.#messages = null
    return true
  }

  /** What the log does not hold any more. */
  forget(ids: readonly MessageId[]): void {
    const gone = new Set(ids.filter((id) => this.#byId.has(id)))
    if (gone.size === 0) return
    // Mostly they are the oldest.
    let first = 0
    while (gone.has(this.#rows[first]?.message.id ?? '')) first++
    const others =
      first < gone.size ? this.#rows.slice(first).filter(({ message }) => gone.has(message.id)) : []
    this.#remove([...this.#rows.slice(0, first), ...others])
  }

  /** The oldest go when there are more than so many, or more than so many characters. */
  keep(most: number, mostChars: number): void {
    let count = Math.max(0, this.#rows.length - most)
    let chars = this.#chars
    for (let at = 0; at < this.#rows.length && (at < count || chars > mostChars); at++) {
      const row = this.#rows[at]
      if (row) chars -= charsOf(row.message)
      count = Math.max(count, at + 1)
    }
    if (count > 0) this.#remove(this.#rows.slice(0, count))
  }

  #remove(rows: readonly Row[]): void {
    for (const { message } of rows) {
      this.#byId.delete(message.id)
      this.#chars -= charsOf(message)
    }
    if (rows.every((row, at) => this.#rows[at] === row)) this.#rows.splice(0, rows.length)
    else this.#rows = this.#rows.filter(({ message }) => this.#byId.has(message.id))
    this.#messages = null
  }

  /** Where it belongs; from the end first, where almost all of it happens. */
  #placeOf(row: Row): number {
    let low = 0
    let high = this.#rows.length
    if (!isAfter(this.#rows[high - 1], row)) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if (isAfter(this.#rows[middle], row)) high = middle
      else low = middle + 1
    }
    return low
  }
}

function charsOf({ body }: ChatMessage): number {
  return body.type === 'text' ? body.text.length : 0
}

function isAfter(a: Row | undefined, b: Row): boolean {
  if (!a) return false
  if (a.order !== b.order) return a.order > b.order
  if (a.message.author !== b.message.author) return a.message.author > b.message.author
  return a.seq > b.seq
}
