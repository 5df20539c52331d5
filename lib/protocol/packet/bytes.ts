/** Lower-case hex of bytes. */
export function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** Bytes of an even-length hex string; what is not hex reads as zero bytes. Only for hex of our own making. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** Big-endian, without a view made for it: for what every data packet has. The caller has checked the length. */
export function readU32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  )
}

/** Sequential big-endian writer over one packet. */
export class ByteWriter {
  readonly bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(length: number) {
    this.bytes = new Uint8Array(length)
    this.#view = new DataView(this.bytes.buffer)
  }

  u8(value: number): this {
    this.#view.setUint8(this.#at, value)
    this.#at += 1
    return this
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value)
    this.#at += 2
    return this
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value)
    this.#at += 4
    return this
  }

  f64(value: number): this {
    this.#view.setFloat64(this.#at, value)
    this.#at += 8
    return this
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }
}

/** Sequential big-endian reader; the caller has checked the length. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = at
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    const value = this.#view.getUint8(this.#at)
    this.#at += 1
    return value
  }

  /** A byte that is 1 or 0; null when it is neither. */
  flag(): boolean | null {
    const value = this.u8()
    return value > 1 ? null : value === 1
  }

  u16(): number {
    const value = this.#view.getUint16(this.#at)
    this.#at += 2
    return value
  }

  u32(): number {
    const value = this.#view.getUint32(this.#at)
    this.#at += 4
    return value
  }

  f64(): number {
    const value = this.#view.getFloat64(this.#at)
    this.#at += 8
    return value
  }

  /** A view, not a copy. */
  raw(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return bytes
  }
}
