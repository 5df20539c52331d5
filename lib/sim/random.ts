/** A seeded source of numbers: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, passes BigCrush. */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  /** Any integer; the same seed gives the same numbers for ever. */
  constructor(seed: number) {
    // SplitMix32 spreads seeds that are close to each other over the whole state.
    let state = seed | 0
    const mix = () => {
      state = (state + 0x9e3779b9) | 0
      let z = state
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
      return (z ^ (z >>> 15)) | 0
    }
    this.#a = mix()
    this.#b = mix()
    this.#c = mix()
    for (let i = 0; i < 12; i++) this.uint32()
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** 0 up to, not including, 1. */
  next(): number {
    return this.uint32() / 2 ** 32
  }

  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** True with that probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.uint32() & 255
    return bytes
  }

  /** An own source for one part, so that what one part draws does not change the others. */
  fork(): Random {
    return new Random(this.uint32())
  }
}
