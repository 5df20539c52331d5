import type { ChatMessage } from '@/lib/chat/types'

/** Messages of one author closer than this stand under one name and one time. */
const RUN_GAP_MS = 5 * 60_000

export type ChatRow =
  /** A new day begins here. */
  | { readonly type: 'day'; readonly key: string; readonly atMs: number }
  | {
      readonly type: 'message'
      readonly key: string
      readonly message: ChatMessage
      /** The first of a run: it carries the name. */
      readonly first: boolean
      /** The last of a run: it carries the time. */
      readonly last: boolean
    }

/** What a log shows of a stretch of messages: days, and runs of one author to the same readers. */
export function chatRows(
  messages: readonly ChatMessage[],
  dayOf: (atMs: number) => string = localDay,
): ChatRow[] {
  const rows: ChatRow[] = []
  let day = ''
  for (const [index, message] of messages.entries()) {
    const ownDay = dayOf(message.sentAtMs)
    const before = messages[index - 1]
    const after = messages[index + 1]
    if (ownDay !== day) rows.push({ type: 'day', key: `day-${ownDay}-${message.id}`, atMs: message.sentAtMs })
    day = ownDay
    rows.push({
      type: 'message',
      key: message.id,
      message,
      first: !before || !isOneRun(before, message, dayOf),
      last: !after || !isOneRun(message, after, dayOf),
    })
  }
  return rows
}

function isOneRun(one: ChatMessage, next: ChatMessage, dayOf: (atMs: number) => string): boolean {
  return (
    one.author === next.author &&
    one.authorName === next.authorName &&
    one.to === next.to &&
    Math.abs(next.sentAtMs - one.sentAtMs) < RUN_GAP_MS &&
    dayOf(one.sentAtMs) === dayOf(next.sentAtMs)
  )
}

/** A day as the reader's clock has it, for instance `2024-2-29`. */
export function localDay(atMs: number): string {
  const date = new Date(atMs)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** "Today", "Yesterday", else the date in the reader's own words. */
export function dayName(atMs: number, nowMs: number): string {
  if (localDay(atMs) === localDay(nowMs)) return 'Today'
  const yesterday = new Date(nowMs)
  yesterday.setDate(yesterday.getDate() - 1)
  if (localDay(atMs) === localDay(yesterday.getTime())) return 'Yesterday'
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(atMs)
}

/** "14:03", as the reader's clock has it. */
export function timeOfDay(atMs: number): string {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(atMs)
}

const EMOJI_ONLY =
  /^(?:\s|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3)+$/u
const ONE_EMOJI =
  /\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})*|\p{Regional_Indicator}{2}/gu
const LARGE_MAX_EMOJI = 6

/** A message of a few emoji and nothing else is shown larger. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 20 * LARGE_MAX_EMOJI || !EMOJI_ONLY.test(text)) return false
  const count = text.match(ONE_EMOJI)?.length ?? 0
  return count > 0 && count <= LARGE_MAX_EMOJI
}
