/** The longest text that two pages tell each other at once, bytes of UTF-8: a message of 4 000 emoji, signed, fits. */
export const TEXT_MAX_BYTES = 20 * 1024

/*
 * Where there is no channel for notes a text goes in parts over a lane. A part is
 *
 *  | 0x1f | text number (16) | part (8) | parts (8) | bytes of UTF-8, at most 1 000 |
 *
 * Its first byte is no packet's of the picture protocol (lib/protocol/packet/header.ts).
 */
const PART_MARK = 0x1f
const HEADER_BYTES = 5
const PART_BYTES = 1000
const PARTS_MAX = Math.ceil(TEXT_MAX_BYTES / PART_BYTES)
/** Texts of one peer that are not whole yet; a part that is lost leaves its text behind. */
const UNFINISHED_MAX = 8

/** Null for a text that is too long. */
export function textParts(text: string, number: number): Uint8Array[] | null {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > TEXT_MAX_BYTES) return null
  const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES))
  return Array.from({ length: parts }, (_, part) => {
    const piece = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
    const packet = new Uint8Array(HEADER_BYTES + piece.length)
    packet.set([PART_MARK, (number >> 8) & 255, number & 255, part, parts])
    packet.set(piece, HEADER_BYTES)
    return packet
  })
}

export function isTextPart(packet: Uint8Array): boolean {
  return packet[0] === PART_MARK
}

interface Unfinished {
  readonly pieces: (Uint8Array | undefined)[]
  missing: number
}

/** Puts the parts of one peer's texts together; what makes no sense is dropped. */
export class TextParts {
  /** By text number, oldest first. */
  readonly #unfinished = new Map<number, Unfinished>()
  /** Parts that were none, or contradicted others. */
  invalid = 0

  /** The text whose last part this is; null while parts are missing. */
  handle(packet: Uint8Array): string | null {
    const [, high = 0, low = 0, part = 0, parts = 0] = packet
    const isPart = packet.length >= HEADER_BYTES && packet.length <= HEADER_BYTES + PART_BYTES
    if (!isPart || parts < 1 || parts > PARTS_MAX || part >= parts) return this.#refuse()
    const number = (high << 8) | low
    const known = this.#unfinished.get(number)
    if (known && known.pieces.length !== parts) return this.#refuse()
    const text = known ?? this.#begin(number, parts)
    if (text.pieces[part]) return null
    text.pieces[part] = packet.slice(HEADER_BYTES)
    if (--text.missing > 0) return null
    this.#unfinished.delete(number)
    return this.#join(text.pieces)
  }

  #begin(number: number, parts: number): Unfinished {
    const text = { pieces: new Array<Uint8Array | undefined>(parts).fill(undefined), missing: parts }
    this.#unfinished.set(number, text)
    const [oldest] = this.#unfinished.keys()
    if (this.#unfinished.size > UNFINISHED_MAX && oldest !== undefined) this.#unfinished.delete(oldest)
    return text
  }

  #join(pieces: readonly (Uint8Array | undefined)[]): string | null {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    try {
      return pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()
    } catch {
      return this.#refuse()
    }
  }

  #refuse(): null {
    this.invalid++
    return null
  }
}
