import { JPEG } from '../formats/jpeg-segments'

/** Writes a JPEG: segments as they are, and entropy-coded bits with their stuffed zero bytes. */
export class ScanWriter {
  #bytes: Uint8Array
  #at = 0
  #word = 0
  /** Bits of `#word` that are not written yet, 0 to 7. */
  #bits = 0

  /** Grows past `capacity` where that is too little. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** Bytes outside of the entropy code. */
  raw(bytes: ArrayLike<number>): this {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }

  /** The lower `count` bits, at most 24. */
  put(value: number, count: number): void {
    this.#reserve(8)
    this.#word = (this.#word << count) | (value & ((1 << count) - 1))
    this.#bits += count
    while (this.#bits >= 8) {
      this.#bits -= 8
      this.#byte((this.#word >>> this.#bits) & 0xff)
    }
  }

  /** Entropy-coded bits of a file, from one place to another (byte times 8, and place in the byte). */
  copy(source: Uint8Array, fromBit: number, toBit: number): void {
    if (toBit <= fromBit) return
    let at = fromBit >>> 3
    const end = toBit >>> 3
    const skipped = fromBit & 7
    const last = toBit & 7
    if (at === end) {
      this.put((source[at] ?? 0) >> (8 - last), last - skipped)
      return
    }
    this.#reserve(2 * (end - at) + 8)
    const first = source[at] ?? 0
    this.put(first, 8 - skipped)
    at += first === 0xff ? 2 : 1
    while (at < end) {
      const byte = source[at] ?? 0
      this.#word = (this.#word << 8) | byte
      this.#byte((this.#word >>> this.#bits) & 0xff)
      at += byte === 0xff ? 2 : 1
    }
    if (last > 0) this.put((source[end] ?? 0) >> (8 - last), last)
  }

  /** Fills the byte up and writes the nth restart marker. */
  restart(nth: number): void {
    this.align()
    this.raw([0xff, JPEG.RST0 + (nth & 7)])
  }

  /** Fills the byte up with ones, as a marker wants it. */
  align(): void {
    if (this.#bits > 0) this.put(0xff, 8 - this.#bits)
  }

  #byte(value: number): void {
    this.#bytes[this.#at++] = value
    if (value === 0xff) this.#bytes[this.#at++] = 0x00
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + count))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
