import { secretFragment } from '@/lib/keys/secret'

/** Long enough for a sentence, short enough for one line of a wide screen. Counted in code points. */
export const TITLE_MAX_CHARS = 60

/** What an invitation says of its room beside the secret. It stands in the fragment, so no server sees it. */
export interface RoomFacts {
  /** Empty: the room has no name but its code. */
  readonly title: string
  /** Only members that are verified get and are given anything. */
  readonly verifiedOnly: boolean
}

export const PLAIN_ROOM: RoomFacts = { title: '', verifiedOnly: false }

/** The whole invitation: opening it joins the room as one more member. */
export function roomLink(
  origin: string,
  room: { readonly code: string; readonly secret: string | null },
  facts: RoomFacts,
): string {
  const address = `${origin}/room/${encodeURIComponent(room.code)}`
  if (room.secret === null) return address
  const title = facts.title === '' ? '' : `&t=${encodeURIComponent(facts.title)}`
  return `${address}${secretFragment(room.secret)}${facts.verifiedOnly ? '&v=1' : ''}${title}`
}

/** What a fragment says of its room; null when it is no invitation's. */
export function roomFactsIn(fragment: string): RoomFacts | null {
  const parts = fragment.replace(/^#/, '').split('&')
  if (!parts.some((part) => part.startsWith('k='))) return null
  const title = parts.find((part) => part.startsWith('t='))?.slice(2) ?? ''
  return { title: cleanTitle(decoded(title)), verifiedOnly: parts.includes('v=1') }
}

/**
 * A title that is inert wherever it is shown: one line, without controls, marks that change the direction or
 * anything invisible but the joiners that emoji need.
 */
export function cleanTitle(input: string): string {
  const line = input
    .slice(0, 20 * TITLE_MAX_CHARS)
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .trim()
  return Array.from(line).slice(0, TITLE_MAX_CHARS).join('').trim()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
