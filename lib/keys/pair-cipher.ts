import { chacha20poly1305 } from '@noble/ciphers/chacha.js'

import { ReplayWindow } from './replay-window'

/** What is sealed may come in any order, lose its neighbours, or lag this far behind the newest (SPEC KY6). */
export const WINDOW_COUNTERS = 4096

const COUNTER_BYTES = 8
const TAG_BYTES = 16
const NONCE_BYTES = 12

/** A sealed message is this much longer than what it carries. */
export const SEALED_OVERHEAD_BYTES = COUNTER_BYTES + TAG_BYTES

/** One end of one pair, for one purpose. */
export interface PairCipher {
  /** Bytes that only the other end can open; each call uses the next counter. */
  seal(plain: Uint8Array): Uint8Array
  /** null: not from the other end, altered, replayed or too old. */
  open(sealed: Uint8Array): Uint8Array | null
}

/** What was not opened, by reason. */
export interface Unopened {
  /** Not sealed by the other end for us, or changed since. */
  readonly altered: number
  /** Came before. */
  readonly replayed: number
  /** More than the window behind the newest. */
  readonly late: number
}

export interface DirectionKeys {
  readonly sealKey: Uint8Array
  readonly openKey: Uint8Array
  /** What both ends have to agree on; bound to each message as associated data. */
  readonly context: Uint8Array
}

/**
 * ChaCha20-Poly1305 (RFC 8439) with a counter as nonce (SPEC KY5): the counter stands in clear before the
 * ciphertext, and with the pair's context in its associated data. A key lives for one load of one page and for one
 * direction, so no nonce is used twice with it.
 */
export class CountingCipher implements PairCipher {
  readonly #keys: DirectionKeys
  readonly #window = new ReplayWindow(WINDOW_COUNTERS)
  readonly #unopened = { altered: 0, replayed: 0, late: 0 }
  #next = 0

  constructor(keys: DirectionKeys) {
    this.#keys = keys
  }

  get unopened(): Unopened {
    return this.#unopened
  }

  seal(plain: Uint8Array): Uint8Array {
    const counter = counterBytes(this.#next++)
    const sealed = new Uint8Array(plain.length + SEALED_OVERHEAD_BYTES)
    sealed.set(counter)
    sealed.set(this.#aead(this.#keys.sealKey, counter).encrypt(plain), COUNTER_BYTES)
    return sealed
  }

  open(sealed: Uint8Array): Uint8Array | null {
    const counter = sealed.length < SEALED_OVERHEAD_BYTES ? null : readCounter(sealed)
    if (counter === null) return this.#count('altered')
    const verdict = this.#window.judge(counter)
    // Whoever repeats an old counter need not be able to seal: replays are not worth an attempt to open them.
    if (verdict !== 'fresh') return this.#count(verdict === 'taken' ? 'replayed' : 'late')
    const plain = this.#decrypt(sealed)
    if (!plain) return this.#count('altered')
    this.#window.take(counter)
    return plain
  }

  #decrypt(sealed: Uint8Array): Uint8Array | null {
    const counter = sealed.subarray(0, COUNTER_BYTES)
    try {
      return this.#aead(this.#keys.openKey, counter).decrypt(sealed.subarray(COUNTER_BYTES))
    } catch {
      // The library throws for a tag that does not match; here that is an answer.
      return null
    }
  }

  #aead(key: Uint8Array, counter: Uint8Array) {
    const { context } = this.#keys
    const nonce = new Uint8Array(NONCE_BYTES)
    nonce.set(counter, NONCE_BYTES - COUNTER_BYTES)
    const bound = new Uint8Array(context.length + COUNTER_BYTES)
    bound.set(context)
    bound.set(counter, context.length)
    return chacha20poly1305(key, nonce, bound)
  }

  #count(reason: keyof Unopened): null {
    this.#unopened[reason]++
    return null
  }
}

function counterBytes(counter: number): Uint8Array {
  const bytes = new Uint8Array(COUNTER_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(counter))
  return bytes
}

/** Null for a counter that no honest end reaches. */
function readCounter(sealed: Uint8Array): number | null {
  const counter = new DataView(sealed.buffer, sealed.byteOffset).getBigUint64(0)
  return counter <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(counter) : null
}
