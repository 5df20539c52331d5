import type { ChatMessage, MessageId } from '@/lib/chat/types'
import type { NotificationChoice } from '@/lib/room/notification-choice'

/** What the system shows. A later one of the same room takes the place of the earlier. */
export interface Notice {
  readonly title: string
  readonly body: string
  /** The room's code. */
  readonly tag: string
}

export interface NoticeContext {
  readonly room: { readonly code: string; readonly title: string }
  readonly choice: NotificationChoice
  /** The page is looked at. */
  readonly visible: boolean
  /** The person allowed it, on a page that may ask at all. */
  readonly allowed: boolean
}

/** One or two lines of a phone's screen. Counted in code points. */
const TEXT_MAX_CHARS = 140

/** Tells which messages came since one last looked, so that none is announced twice. */
export class NewMessages {
  #seen = new Set<MessageId>()

  /**
   * Of others, and not deleted. `live`: false until the page is in the room: what it finds on this device is not news.
   */
  take(messages: readonly ChatMessage[], live: boolean): readonly ChatMessage[] {
    const seen = this.#seen
    // Only those that are still there: bounded by the list itself.
    this.#seen = new Set(messages.map(({ id }) => id))
    if (!live) return []
    return messages.filter(({ id, own, deleted }) => !own && !deleted && !seen.has(id))
  }
}

/** What to show of new messages; null for nothing. */
export function noticeOf(fresh: readonly ChatMessage[], context: NoticeContext): Notice | null {
  const { room, choice, visible, allowed } = context
  if (visible || !allowed || choice.about === 'nothing') return null
  const wanted = choice.about === 'everything' ? fresh : fresh.filter(isForMe)
  const last = wanted.at(-1)
  if (!last) return null
  const name = room.title === '' ? room.code : room.title
  if (!choice.withText) return { title: name, body: countOf(wanted), tag: room.code }
  const more = wanted.length === 1 ? '' : ` (${countOf(wanted)})`
  return { title: `${last.authorName} · ${name}${more}`, body: shortText(last), tag: room.code }
}

function isForMe({ mentionsMe, to }: ChatMessage): boolean {
  return mentionsMe || to !== null
}

function countOf(messages: readonly ChatMessage[]): string {
  return messages.length === 1 ? 'A new message' : `${messages.length} new messages`
}

function shortText({ body }: ChatMessage): string {
  const text = body.type === 'text' ? body.text : `Picture: ${body.picture.name}`
  const characters = Array.from(text.replace(/\s+/gu, ' ').trim())
  if (characters.length <= TEXT_MAX_CHARS) return characters.join('')
  return `${characters.slice(0, TEXT_MAX_CHARS - 1).join('')}…`
}
