/*
 * UTF-8 by hand: TextEncoder is not part of the language, and this folder uses nothing that is not.
 */

/** UTF-8 of `text`, cut at a code point so that it fits `maxBytes`; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string, maxBytes: number): Uint8Array {
  const out: number[] = []
  for (const character of text) {
    const raw = character.codePointAt(0) ?? 0xfffd
    const code = raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw
    const unit =
      code < 0x80
        ? [code]
        : code < 0x800
          ? [0xc0 | (code >> 6), 0x80 | (code & 63)]
          : code < 0x10000
            ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
            : [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
    if (out.length + unit.length > maxBytes) break
    out.push(...unit)
  }
  return Uint8Array.from(out)
}

/** The text, or null when the bytes are not well-formed UTF-8 (RFC 3629). */
export function decodeUtf8(bytes: Uint8Array): string | null {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0
    const extra = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || at + extra >= bytes.length) return null
    let code = extra === 0 ? lead : lead & (0x3f >> extra)
    for (let i = 1; i <= extra; i++) {
      const next = bytes[at + i] ?? 0
      if ((next & 0xc0) !== 0x80) return null
      code = (code << 6) | (next & 63)
    }
    const tooSmall = (extra === 2 && code < 0x800) || (extra === 3 && code < 0x10000)
    if (tooSmall || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null
    text += String.fromCodePoint(code)
    at += extra + 1
  }
  return text
}
