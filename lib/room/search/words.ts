/** A part of a text, in UTF-16 units: what `slice` takes. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** What a text is found by. */
export interface Word extends TextRange {
  /** Without case, accents and the like; see `fold`. */
  readonly term: string
  /** Of a script without spaces: one character, whose neighbours belong to it. */
  readonly joined: boolean
}

/**
 * Scripts that put no space between words. Dictionaries that find words in them (`Intl.Segmenter`) differ from browser
 * to browser and cut a half-typed word elsewhere than the whole one; so characters are the words, and a sequence of
 * them is looked for as a sequence.
 */
const UNSPACED = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]`
const PICTOGRAPH = String.raw`\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})*`
/** The joiners stand inside words of Persian and Hindi. */
const IN_WORD = String.raw`[\p{L}\p{N}\p{M}\u200c\u200d]`

const WORD = new RegExp(
  [
    String.raw`(?<joined>(?=${UNSPACED})[\p{L}\p{N}]\p{M}*)`,
    String.raw`\p{RI}\p{RI}|${PICTOGRAPH}(?:\u200d${PICTOGRAPH})*`,
    String.raw`(?!${UNSPACED})[\p{L}\p{N}](?:(?!(?=[\p{L}\p{N}])${UNSPACED})${IN_WORD})*`,
  ].join('|'),
  'gu',
)

/**
 * Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, what only says how an emoji is drawn, and joiners.
 * Not every mark: those of Hindi and Thai are vowels, and those of Japanese make another letter.
 */
const IGNORED = new RegExp(
  [
    String.raw`[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]`,
    String.raw`[\ufe0e\ufe0f]|[\u200c\u200d]|[\u{1f3fb}-\u{1f3ff}]`,
  ].join('|'),
  'gu',
)

export function wordsOf(text: string): readonly Word[] {
  return Array.from(text.matchAll(WORD), (match) => ({
    term: fold(match[0]),
    start: match.index,
    end: match.index + match[0].length,
    joined: match.groups?.['joined'] !== undefined,
  })).filter(({ term }) => term !== '')
}

/** Upper case first: only so do `ß` and `SS`, `ς` and `Σ` come out as the same. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(IGNORED, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}

/** Words of a query that must stand side by side: a run of joined characters; every other word is alone. */
export type Phrase = readonly Word[]

export function phrasesOf(query: string): readonly Phrase[] {
  const phrases: Word[][] = []
  for (const word of wordsOf(query)) {
    const last = phrases.at(-1)?.at(-1)
    if (word.joined && last?.joined && last.end === word.start) phrases.at(-1)?.push(word)
    else phrases.push([word])
  }
  return phrases
}

/** Where the phrases stand in a text, in order and apart; null when one of them is not in it. */
export function rangesOf(text: string, phrases: readonly Phrase[]): readonly TextRange[] | null {
  const words = wordsOf(text)
  const ranges: TextRange[] = []
  for (const phrase of phrases) {
    const found = words.flatMap((_, at) => rangeAt(text, words, at, phrase) ?? [])
    if (found.length === 0) return null
    ranges.push(...found)
  }
  return union(ranges)
}

function rangeAt(text: string, words: readonly Word[], at: number, phrase: Phrase): TextRange | null {
  const [only] = phrase
  const first = words[at]
  if (!only || !first) return null
  if (!only.joined) {
    if (!first.term.startsWith(only.term)) return null
    return { start: first.start, end: first.start + foldedPrefix(text, first, only.term.length) }
  }
  for (const [step, wanted] of phrase.entries()) {
    const word = words[at + step]
    if (word?.term !== wanted.term || (step > 0 && words[at + step - 1]?.end !== word.start)) return null
  }
  return { start: first.start, end: words[at + phrase.length - 1]?.end ?? first.end }
}

/** How much of a word, in UTF-16 units, `length` units of its folded form stand for; whole characters. */
function foldedPrefix(text: string, word: Word, length: number): number {
  let folded = 0
  let taken = 0
  for (const character of text.slice(word.start, word.end)) {
    const more = fold(character).length
    // What is ignored belongs to the character before.
    if (folded >= length && more > 0) break
    folded += more
    taken += character.length
  }
  return taken
}

function union(ranges: readonly TextRange[]): readonly TextRange[] {
  const sorted = [...ranges].sort((one, other) => one.start - other.start || one.end - other.end)
  const apart: TextRange[] = []
  for (const range of sorted) {
    const last = apart.at(-1)
    if (!last || range.start > last.end) apart.push(range)
    else apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
  }
  return apart
}
