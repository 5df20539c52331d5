import { encodeEntry, type Entry, idOf, parseJson } from './entry'
import type { MessageId } from './types'

/** What a history store should hold. */
export interface StoredEntry {
  readonly id: string
  readonly text: string
  /** It is there under this id, and its author has taken it back. */
  readonly replaces: boolean
}

export function toStored(entry: Entry): StoredEntry {
  return { id: idOf(entry), text: encodeEntry(entry), replaces: false }
}

/** That a message is not to be shown on this device, which is no entry of anyone's. */
export function hiddenToStored(id: MessageId): StoredEntry {
  return { id: `hide-${id}`, text: JSON.stringify({ hide: id }), replaces: false }
}

/** Which message a stored text hides; null for any other text: a store may hold anything. */
export function parseHidden(text: string): MessageId | null {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || !('hide' in value)) return null
  return typeof value.hide === 'string' ? value.hide : null
}
