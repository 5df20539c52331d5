const WORD_BITS = 32

/**
 * Which counters have been taken, as RFC 6479 keeps them: everything up to `size` below the highest is known
 * one by one, everything older counts as taken. Memory is `size` bits and one word, whatever comes.
 */
export class ReplayWindow {
  readonly #size: number
  readonly #words: Uint32Array
  #highest = -1

  /** `size` is a multiple of 32. */
  constructor(size: number) {
    this.#size = size
    this.#words = new Uint32Array(size / WORD_BITS + 1)
  }

  /** Whether this counter may still be taken; if not, whether because it was, or because it is too old. */
  judge(counter: number): 'fresh' | 'taken' | 'late' {
    if (counter > this.#highest) return 'fresh'
    if (this.#highest - counter >= this.#size) return 'late'
    return this.#word(counter) & bitOf(counter) ? 'taken' : 'fresh'
  }

  /** Takes a counter that is fresh; only for what has been proved to come from the other end. */
  take(counter: number): void {
    if (counter > this.#highest) this.#advance(counter)
    const index = this.#index(counter)
    this.#words[index] = (this.#words[index] ?? 0) | bitOf(counter)
  }

  #advance(counter: number): void {
    const from = Math.floor(this.#highest / WORD_BITS)
    const skipped = Math.min(Math.floor(counter / WORD_BITS) - from, this.#words.length)
    for (let i = 1; i <= skipped; i++) this.#words[(from + i + this.#words.length) % this.#words.length] = 0
    this.#highest = counter
  }

  #word(counter: number): number {
    return this.#words[this.#index(counter)] ?? 0
  }

  #index(counter: number): number {
    return Math.floor(counter / WORD_BITS) % this.#words.length
  }
}

function bitOf(counter: number): number {
  return 1 << (counter % WORD_BITS)
}
