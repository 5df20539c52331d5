/** A name fits one line of a phone's screen. Counted in code points. */
export const NAME_MAX_CHARS = 40

/** What a room is called: one line of a page. Counted in code points. */
export const TITLE_MAX_CHARS = 60

/** Far above what a person types: refuses a flood before it is normalised. */
export const NAME_INPUT_MAX_CHARS = 400

/**
 * What could hide, reorder or break the text around a name: control characters, bidirectional marks and
 * isolates, invisible fillers, line separators, private use and lone surrogates.
 * The joiners U+200C and U+200D stay: Persian and many emoji need them.
 */
const UNSAFE = new RegExp(
  [
    String.raw`[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]`,
    // Soft hyphen, grapheme joiner, fillers of Hangul and Khmer, zero width space, byte order mark.
    String.raw`\u00ad|\u034f|[\u115f\u1160]|[\u17b4\u17b5]|[\u180e\u200b\u3164\ufeff\uffa0]`,
    // Bidirectional marks, embeddings, overrides and isolates; invisible operators.
    String.raw`[\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f]`,
    // Interlinear annotations and tags.
    String.raw`[\ufff0-\ufffb]|[\u{e0000}-\u{e007f}]`,
  ].join('|'),
  'gu',
)

/** Without the byte order mark, which is no space to anyone but JavaScript. */
const WHITESPACE = /[^\S\ufeff]+/gu

const JOINERS_AT_EDGE = /^[\u200c\u200d\s]+|[\u200c\u200d\s]+$/gu
const HAS_VISIBLE = /[^\s\u200c\u200d\p{M}]/u

/**
 * Normalises a name that came from outside: NFC, trimmed, inner whitespace collapsed, unsafe characters removed,
 * `<` and `>` replaced by the look-alikes ‹ and ›, so that it is inert as markup.
 * Returns null when nothing visible is left or more than `maxChars` remain.
 */
export function cleanName(input: string, maxChars = NAME_MAX_CHARS): string | null {
  if (input.length > NAME_INPUT_MAX_CHARS) return null
  const name = input
    .normalize('NFC')
    .replace(WHITESPACE, ' ')
    .replace(UNSAFE, '')
    .replace(/ {2,}/g, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(JOINERS_AT_EDGE, '')
    .normalize('NFC')
  if (!HAS_VISIBLE.test(name) || codePoints(name) > maxChars) return null
  return name
}

/** `name`, or `name (2)`, `name (3)`… so that no two members of a room look alike. At most `NAME_MAX_CHARS`. */
export function distinctName(name: string, taken: Iterable<string>): string {
  const used = new Set(Array.from(taken, fold))
  if (!used.has(fold(name))) return name
  for (let copy = 2; ; copy++) {
    const suffix = ` (${copy})`
    const base = Array.from(name)
      .slice(0, NAME_MAX_CHARS - suffix.length)
      .join('')
      .trimEnd()
    const candidate = base + suffix
    if (!used.has(fold(candidate))) return candidate
  }
}

function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function codePoints(text: string): number {
  return Array.from(text).length
}
