import type { ChatMessage } from '@/lib/chat/types'

/** What is looked for, and among which messages. */
export interface MessageQuery {
  readonly text: string
  /** A member's device; empty: everyone. */
  readonly author: string
  /** `YYYY-MM-DD` as a date field has it; empty: any day. */
  readonly since: string
  readonly until: string
  readonly picturesOnly: boolean
}

/** Where in the shown text the words were found. */
export interface Highlight {
  readonly from: number
  readonly until: number
}

export interface MessageHit {
  readonly message: ChatMessage
  readonly text: string
  readonly highlights: readonly Highlight[]
}

/** The text a message is found by. */
export function searchedText({ body }: ChatMessage): string {
  return body.type === 'text' ? body.text : body.picture.name
}

/** What the filters leave, before any word is looked for. */
export function passesFilters(message: ChatMessage, query: MessageQuery): boolean {
  if (message.deleted) return false
  if (query.author !== '' && message.author !== query.author) return false
  if (query.picturesOnly && message.body.type !== 'picture') return false
  if (query.since !== '' && message.sentAtMs < startOfDay(query.since, 0)) return false
  return query.until === '' || message.sentAtMs < startOfDay(query.until, 1)
}

/** Where any of the words stands in a text, in order and without overlaps; case and marks do not count. */
export function highlightsIn(text: string, words: readonly string[]): Highlight[] {
  const folded = foldEach(text)
  const found: Highlight[] = []
  for (const word of words.map(fold).filter((each) => each !== '')) {
    for (let at = folded.text.indexOf(word); at !== -1; at = folded.text.indexOf(word, at + word.length)) {
      found.push({ from: folded.origin[at] ?? 0, until: folded.origin[at + word.length] ?? text.length })
    }
  }
  found.sort((one, other) => one.from - other.from || other.until - one.until)
  const apart: Highlight[] = []
  for (const each of found) if (each.from >= (apart.at(-1)?.until ?? 0)) apart.push(each)
  return apart
}

export function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/u).filter((word) => word !== '')
}

function startOfDay(date: string, daysLater: number): number {
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number)
  return new Date(year, month - 1, day + daysLater).getTime()
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Folded text, and for each of its units where it came from. */
function foldEach(text: string): { readonly text: string; readonly origin: readonly number[] } {
  let folded = ''
  const origin: number[] = []
  let at = 0
  for (const character of text) {
    const piece = fold(character)
    for (let unit = 0; unit < piece.length; unit++) origin.push(at)
    folded += piece
    at += character.length
  }
  return { text: folded, origin }
}

/** Messages with every word, newest first among equals: whole words before beginnings, beginnings before middles. */
export function searchMessages(
  messages: readonly ChatMessage[],
  query: MessageQuery,
  limit: number,
): { readonly hits: readonly MessageHit[]; readonly total: number } {
  const words = wordsOf(query.text).map(fold)
  const scored: { readonly message: ChatMessage; readonly score: number }[] = []
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index]
    if (!message || !passesFilters(message, query)) continue
    const score = scoreOf(fold(searchedText(message)), words)
    if (score > 0) scored.push({ message, score })
  }
  scored.sort((one, other) => other.score - one.score)
  const hits = scored.slice(0, limit).map(({ message }) => {
    const text = searchedText(message)
    return { message, text, highlights: highlightsIn(text, words) }
  })
  return { hits, total: scored.length }
}

const WHOLE_WORD = 3
const BEGINNING = 2
const MIDDLE = 1

/** 0: some word is missing. Without words everything that passed the filters is a hit. */
function scoreOf(text: string, words: readonly string[]): number {
  let score = 1
  for (const word of words) {
    const at = text.indexOf(word)
    if (at === -1) return 0
    const begins = at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))
    const ends = !/[\p{L}\p{N}]/u.test(text.charAt(at + word.length))
    score += begins ? (ends ? WHOLE_WORD : BEGINNING) : MIDDLE
  }
  return score
}
