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
  readonly #rows: Row[] = []
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
    let at = this.#rows.length
    while (at > 0 && isAfter(this.#rows[at - 1], row)) at--
    this.#rows.splice(at, 0, row)
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
    row.message = { ...row.message, ...changes }
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
    this.#messages = null
    return true
  }

  /** The oldest go when there are more than so many. */
  keep(most: number): void {
    if (this.#rows.length <= most) return
    for (const { message } of this.#rows.splice(0, this.#rows.length - most)) this.#byId.delete(message.id)
    this.#messages = null
  }
}

function isAfter(a: Row | undefined, b: Row): boolean {
  if (!a) return false
  if (a.order !== b.order) return a.order > b.order
  if (a.message.author !== b.message.author) return a.message.author > b.message.author
  return a.seq > b.seq
}
