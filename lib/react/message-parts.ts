export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }

/** Only what names its scheme is a link: nothing else is guessed. */
const LINK = /https?:\/\/[^\s<>"'`\\^{|}\u00a0-\u00bf\u2000-\u206f]+/giu
/** What ends a sentence or a bracket rather than an address. */
const TRAILING = /[.,;:!?…)\]]+$/u
const LINK_MAX_CHARS = 2000

/** A text in pieces, its web addresses apart. What the browser does not take for one stays text. */
export function messageParts(message: string): MessagePart[] {
  const parts: MessagePart[] = []
  let from = 0
  for (const match of message.matchAll(LINK)) {
    const shown = trimmed(match[0])
    const url = urlOf(shown)
    if (url === null) continue
    if (match.index > from) parts.push({ type: 'text', text: message.slice(from, match.index) })
    // A host of other letters may look like one that it is not: it is shown as the name service knows it.
    const text = url.hostname.includes('xn--') ? url.href : shown
    parts.push({ type: 'link', text, href: url.href })
    from = match.index + shown.length
  }
  if (from < message.length) parts.push({ type: 'text', text: message.slice(from) })
  return parts
}

/** A closing bracket belongs to an address that opened one. */
function trimmed(match: string): string {
  const [tail = ''] = TRAILING.exec(match) ?? []
  const end = match.length - tail.length
  return tail.startsWith(')') && match.slice(0, end).includes('(')
    ? match.slice(0, end + 1)
    : match.slice(0, end)
}

function urlOf(text: string): URL | null {
  if (text.length > LINK_MAX_CHARS || !URL.canParse(text)) return null
  const url = new URL(text)
  // A name before the host is how an address pretends to be another.
  if (url.username !== '' || url.password !== '') return null
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null
}
