import { TEXT_MAX_CHARS } from './types'

/** A name fits one line of a phone's screen; the same as the server's rule (lib/signalling/name.ts). */
const NAME_MAX_CHARS = 40
const FILE_NAME_MAX_CHARS = 120

/**
 * What could hide, reorder or break the text around it: control characters but for the new line and the tab, bidirectional
 * marks, embeddings, overrides and isolates (Unicode UAX 9; "Trojan Source", CVE-2021-42574), invisible fillers, tags.
 * The joiners U+200C and U+200D stay: Persian and many emoji need them.
 */
const UNSAFE =
  /[\p{Co}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]|[\u{e0000}-\u{e007f}]/gu
/** Flags of countries' parts are spelt with tags after this sign, and those are let through. */
const LONE_SURROGATE = /\p{Cs}/gu

/** Text as everyone shows it; null when nothing is left of it, or too much. */
export function inertText(text: string): string | null {
  if (text.length > 2 * TEXT_MAX_CHARS + 1000) return null
  const inert = text.replace(/\r\n?/g, '\n').replace(LONE_SURROGATE, '\ufffd').replace(UNSAFE, '')
  if (inert.trim() === '' || Array.from(inert).length > TEXT_MAX_CHARS) return null
  return inert
}

/** A name on one line; null when there is none. */
export function inertName(name: string): string | null {
  return oneLine(name, NAME_MAX_CHARS)
}

export function inertFileName(name: string): string {
  return oneLine(name.replace(/[/\\]/g, '_'), FILE_NAME_MAX_CHARS) ?? 'picture'
}

function oneLine(text: string, mostChars: number): string | null {
  const inert = text
    .slice(0, 1000)
    .replace(LONE_SURROGATE, '')
    .replace(/\s+/gu, ' ')
    .replace(UNSAFE, '')
    .trim()
  return inert === '' ? null : Array.from(inert).slice(0, mostChars).join('')
}
