import { type Entry, encodeEntry, parseEntry, parseJson } from './entry'
import { TEXT_TO_PEER_MAX_CHARS } from './limits'
import type { AuthorId } from './types'

/** How far one stream is here: everything before `next`. */
export interface StreamMark {
  readonly author: AuthorId
  readonly stream: string
  readonly next: number
}

/** What two pages tell each other about the chat (SPEC CH5). */
export type ChatText =
  | { readonly type: 'entries'; readonly entries: readonly Entry[] }
  /** What is here; `ask`: tell me what is there. */
  | { readonly type: 'have'; readonly ask: boolean; readonly marks: readonly StreamMark[] }
  /** Entries before `next` are nowhere here any more. */
  | { readonly type: 'floor'; readonly mark: StreamMark }
  | { readonly type: 'typing' }

/** Marks in one text: each is about 90 characters. */
export const MARKS_PER_TEXT_MAX = 60
const ENTRIES_PER_TEXT_MAX = 64

export function encodeMarks(marks: readonly StreamMark[], ask: boolean): string {
  return JSON.stringify({ chat: 'have', ask, marks: marks.map(toArray) })
}

export function encodeFloor(mark: StreamMark): string {
  return JSON.stringify({ chat: 'floor', mark: toArray(mark) })
}

export function encodeTyping(): string {
  return JSON.stringify({ chat: 'typing' })
}

/** As many texts as it takes: small entries share one. */
export function encodeEntries(entries: readonly Entry[]): string[] {
  const texts: string[] = []
  let some: string[] = []
  let chars = 0
  const close = () => {
    if (some.length > 0) texts.push(`{"chat":"entries","entries":[${some.join(',')}]}`)
    some = []
    chars = 0
  }
  for (const entry of entries) {
    const text = encodeEntry(entry)
    if (chars + text.length > TEXT_TO_PEER_MAX_CHARS || some.length === ENTRIES_PER_TEXT_MAX) close()
    some.push(text)
    chars += text.length
  }
  close()
  return texts
}

/** Told by its beginning: all of these texts have the same. */
export function isChatText(text: string): boolean {
  return text.startsWith('{"chat":')
}

/** A text of another page's chat, as JSON; `invalid` when it is broken. */
export function parseChatText(text: string): ChatText | 'invalid' {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return 'invalid'
  const { chat, entries, marks, mark, ask } = value as Record<string, unknown>
  if (chat === 'typing') return { type: 'typing' }
  if (chat === 'entries' && Array.isArray(entries) && entries.length <= ENTRIES_PER_TEXT_MAX) {
    const read = entries.flatMap((entry) => parseEntry(entry) ?? [])
    return read.length === entries.length ? { type: 'entries', entries: read } : 'invalid'
  }
  if (chat === 'have' && Array.isArray(marks) && marks.length <= MARKS_PER_TEXT_MAX) {
    const read = marks.flatMap((each) => parseMark(each) ?? [])
    return read.length === marks.length ? { type: 'have', ask: ask === true, marks: read } : 'invalid'
  }
  const floor = chat === 'floor' ? parseMark(mark) : null
  return floor ? { type: 'floor', mark: floor } : 'invalid'
}

function toArray({ author, stream, next }: StreamMark): unknown {
  return [author, stream, next]
}

function parseMark(value: unknown): StreamMark | null {
  if (!Array.isArray(value) || value.length !== 3) return null
  const [author, stream, next] = value as unknown[]
  if (typeof author !== 'string' || !/^[0-9a-f]{64}$/.test(author)) return null
  if (typeof stream !== 'string' || !/^[0-9a-f]{16}$/.test(stream)) return null
  if (typeof next !== 'number' || !Number.isInteger(next) || next < 0 || next > 2 ** 31) return null
  return { author, stream, next }
}
