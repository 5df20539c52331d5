/** RFC 4648 section 5, without padding: what may stand in a fragment or in JSON as it is. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const VALUES = new Map(Array.from(ALPHABET, (symbol, value) => [symbol, value]))

export function toBase64Url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const symbols = Math.min(4, bytes.length - at + 1)
    for (let i = 0; i < symbols; i++) text += ALPHABET.charAt((group >> (18 - 6 * i)) & 63)
  }
  return text
}

/** Null unless it is exactly what `toBase64Url` writes for some bytes: nothing has two spellings. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let held = 0
  let at = 0
  for (const symbol of text) {
    const value = VALUES.get(symbol)
    if (value === undefined) return null
    bits = ((bits << 6) | value) & 0xfff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[at++] = (bits >> held) & 255
  }
  const leftOver = bits & ((1 << held) - 1)
  return leftOver === 0 ? bytes : null
}
