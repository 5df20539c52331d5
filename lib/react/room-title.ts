/** The tab's title: what is unread first, since that is what one sees of a tab among twenty. */
export function documentTitle({
  title,
  unread,
  mentions,
}: {
  /** Of the room, or its code; null before there is one. */
  readonly title: string | null
  readonly unread: number
  readonly mentions: number
}): string {
  const name = title === null || title === '' ? 'Room' : title
  const count = unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : String(unread)
  const mark = unread === 0 ? '' : `(${mentions > 0 ? '@' : ''}${count}) `
  return `${mark}${name} · Shoal`
}

/** More than this is "a lot". */
const UNREAD_SHOWN_MAX = 99

/** "3", "99+". */
export function unreadText(unread: number): string {
  return unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : String(unread)
}
