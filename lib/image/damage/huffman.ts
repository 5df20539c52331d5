import { uint16 } from '../formats/jpeg-segments'

const CODE_BITS_MAX = 16

/** A JPEG Huffman table as one look-up by the next 16 bits: code length in the upper byte, symbol in the lower; 0 is no code. */
export type HuffmanTable = Uint16Array

/**
 * Builds a table from the counts of codes of 1 to 16 bits and their symbols (ITU-T T.81, annex C); null when
 * there are more codes than fit.
 */
export function buildHuffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const table = new Uint16Array(1 << CODE_BITS_MAX)
  let at = 0
  let index = 0
  for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
    const span = 1 << (CODE_BITS_MAX - bits)
    for (let nth = 0; nth < (counts[bits - 1] ?? 0); nth++) {
      if (at + span > table.length) return null
      table.fill((bits << 8) | (symbols[index++] ?? 0), at, at + span)
      at += span
    }
  }
  return table
}

/**
 * The bits of one stretch of entropy-coded data: takes out stuffed zero bytes and stops before the first
 * marker. Reading past it yields zeros and sets `exhausted`, so that hot loops need no check of their own.
 */
export class BitReader {
  exhausted = false
  #bytes: Uint8Array
  #offset: number
  #word = 0
  #bits = 0
  #atMarker = false

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes
    this.#offset = offset
  }

  /** The symbol of the next code; -1 when no code begins like that. */
  decode(table: HuffmanTable): number {
    this.#fill()
    const next = this.#bits >= 16 ? this.#word >>> (this.#bits - 16) : this.#word << (16 - this.#bits)
    const entry = table[next & 0xffff] ?? 0
    if (entry === 0) return -1
    this.#drop(entry >>> 8)
    return entry & 0xff
  }

  /** `count` bits, 0 to 16, as an unsigned number. */
  read(count: number): number {
    this.#fill()
    const next = this.#bits >= 16 ? this.#word >>> (this.#bits - 16) : this.#word << (16 - this.#bits)
    this.#drop(count)
    return (next & 0xffff) >>> (16 - count)
  }

  /** Where it has read up to, bytes: a few ahead of the next bit. */
  get offset(): number {
    return this.#offset
  }

  /** Where the next bit stands: its byte times 8, and its place in that byte. Never in a stuffed zero. */
  get bitPosition(): number {
    let at = this.#offset
    let ahead = this.#bits
    while (ahead > 0) {
      at--
      // Filling before a marker was passed over.
      while (at > 0 && this.#bytes[at] === 0xff) at--
      if (this.#bytes[at] === 0x00 && this.#bytes[at - 1] === 0xff) at--
      ahead -= 8
    }
    return at * 8 - ahead
  }

  /** Nothing is left, not even a marker. */
  get isAtEnd(): boolean {
    return this.#atMarker && this.#offset >= this.#bytes.length - 1
  }

  skip(count: number): void {
    if (this.#bits < count) this.#fill()
    this.#drop(count)
  }

  /**
   * Gives up the rest of the current byte, which must be all that is left before the next marker. Some
   * cameras fill up with whole bytes of 0 or 1 bits; anything else there is data that nobody decoded.
   * Returns the marker and the offset behind it; null when there is something else, or nothing.
   */
  endBeforeMarker(): { marker: number; next: number } | null {
    this.#bits -= this.#bits & 7
    for (this.#fill(); this.#bits > 0; this.#fill()) {
      this.#bits -= 8
      const byte = (this.#word >>> this.#bits) & 0xff
      if (byte !== 0x00 && byte !== 0xff) return null
    }
    if (uint16(this.#bytes, this.#offset) < 0xff01) return null
    return { marker: this.#bytes[this.#offset + 1] ?? 0, next: this.#offset + 2 }
  }

  #drop(count: number): void {
    this.#bits -= count
    if (this.#bits >= 0) return
    this.exhausted = true
    this.#bits = 0
    this.#word = 0
  }

  #fill(): void {
    while (this.#bits <= 24 && !this.#atMarker) {
      const byte = this.#bytes[this.#offset]
      if (byte === undefined) {
        this.#atMarker = true
      } else if (byte !== 0xff) {
        this.#word = (this.#word << 8) | byte
        this.#bits += 8
        this.#offset++
      } else if (this.#bytes[this.#offset + 1] === 0x00) {
        this.#word = (this.#word << 8) | 0xff
        this.#bits += 8
        this.#offset += 2
      } else if (this.#bytes[this.#offset + 1] === 0xff) {
        // Filling before a marker.
        this.#offset++
      } else {
        this.#atMarker = true
      }
    }
  }
}
