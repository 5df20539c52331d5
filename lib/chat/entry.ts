import { inertFileName, inertName, inertText } from './inert-text'
import { ENTRY_MAX_CHARS } from './limits'
import type { AuthorId, ChatPicture, MessageId } from './types'

/** What an entry says. */
export type EntryBody =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'picture'; readonly picture: ChatPicture }
  | { readonly type: 'delete'; readonly id: MessageId }

/** One entry of the log as it travels and is kept. The signature covers the body by its digest (SPEC CH2). */
export interface Entry {
  readonly author: AuthorId
  /** 16 hex digits: one load of the author's page, and in it everyone or one other. */
  readonly stream: string
  readonly seq: number
  /** Hybrid logical clock, epoch milliseconds; grows within a stream. */
  readonly time: number
  readonly name: string
  readonly to: AuthorId | null
  /** SHA-256 of `body`, 64 hex digits. */
  readonly digest: string
  readonly signature: string
  /** As it was signed; null once its author has taken it back. */
  readonly body: string | null
}

/** The text that the author signs. Fields cannot run into each other: none of them holds a new line. */
export function signedText(room: string, entry: Omit<Entry, 'signature' | 'body'>): string {
  const { author, stream, seq, time, to, name, digest } = entry
  return ['shoal chat 1', room, author, stream, seq, time, to ?? '', name, digest].join('\n')
}

export function idOf({ author, stream, seq }: Pick<Entry, 'author' | 'stream' | 'seq'>): MessageId {
  return `${author.slice(0, 32)}-${stream}-${seq}`
}

export function encodeEntry(entry: Entry): string {
  const { author, stream, seq, time, name, to, digest, signature, body } = entry
  return JSON.stringify([author, stream, seq, time, name, to, digest, signature, body])
}

const HEX64 = /^[0-9a-f]{64}$/
const STREAM = /^[0-9a-f]{16}$/
const SIGNATURE = /^[\w-]{86}$/
const ID = /^[\w-]{1,64}$/
const IMAGE_TYPE = /^image\/(jpeg|png|webp)$/
const SEQ_MAX = 2 ** 31
const TIME_MAX = 2 ** 47
const PLACEHOLDER_MAX_CHARS = 200

/** Null for anything that is not exactly an entry; what it says is looked at by `parseBody`. */
export function parseEntry(value: unknown): Entry | null {
  if (!Array.isArray(value) || value.length !== 9) return null
  const [author, stream, seq, time, name, to, digest, signature, body] = value as unknown[]
  if (!matches(author, HEX64) || !matches(stream, STREAM) || !matches(digest, HEX64)) return null
  if (!isCount(seq, SEQ_MAX) || !isCount(time, TIME_MAX) || !matches(signature, SIGNATURE)) return null
  if (typeof name !== 'string' || name === '' || inertName(name) !== name) return null
  if (to !== null && (!matches(to, HEX64) || to === author)) return null
  if (body !== null && (typeof body !== 'string' || body.length > ENTRY_MAX_CHARS)) return null
  return { author, stream, seq, time, name, to, digest, signature, body }
}

/** The text of an entry, read; null when it cannot be. */
export function decodeEntry(text: string): Entry | null {
  return parseEntry(parseJson(text))
}

/** What a body says, inert; null for what makes no sense. */
export function parseBody(body: string): EntryBody | null {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null) return null
  const { type, text, id, picture } = value as Record<string, unknown>
  if (type === 'text' && typeof text === 'string') {
    const inert = inertText(text)
    return inert === null ? null : { type, text: inert }
  }
  if (type === 'delete' && matches(id, ID)) return { type, id }
  if (type !== 'picture' || typeof picture !== 'object' || picture === null) return null
  const read = parsePicture(picture as Record<string, unknown>)
  return read && { type, picture: read }
}

function parsePicture(value: Record<string, unknown>): ChatPicture | null {
  const { sha256, name, type, bytes, width, height, placeholder } = value
  if (!matches(sha256, HEX64) || typeof name !== 'string' || !matches(type, IMAGE_TYPE)) return null
  if (!isCount(bytes, 2 ** 30) || !isCount(width, 2 ** 16) || !isCount(height, 2 ** 16)) return null
  if (typeof placeholder !== 'string' || placeholder.length > PLACEHOLDER_MAX_CHARS) return null
  return { sha256, name: inertFileName(name), type, bytes, width, height, placeholder }
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}

function isCount(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= limit
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
