import type { KeyPair, Party } from './derive'
import { newKeyPair } from './derive'
import { PairKeys } from './pair-keys'
import type { RandomBytes } from './secret'

/** Pairs of one load of a page. A room lives for 24 hours: one newcomer every 21 s for as long. */
export const PAIRS_MAX = 4096

export interface KeyringOptions {
  /** Of this load of the page; different for each. */
  readonly instance: string
  readonly randomBytes: RandomBytes
}

/** Which end of a pair this page is. */
export interface PairEnd {
  /** The end that opens the lanes is the sender of the pair, whatever else the two send each other. */
  readonly role: 'sender' | 'receiver'
  /** Has the secret, and takes nobody without it (SPEC KY9). */
  readonly strict: boolean
}

/** This page's place in a room. */
export interface Place {
  readonly room: string
  readonly selfId: string
  /** Null for who joined by the typed code. */
  readonly secret: Uint8Array | null
}

/**
 * All pairs that this load of the page has had. None is forgotten before the page is: a second one for the same two
 * ends would count from 0 again, under the same keys (SPEC KY5).
 */
export class Keyring {
  readonly #options: KeyringOptions
  readonly #pairs = new Map<string, { readonly secret: Uint8Array | null; readonly keys: PairKeys }>()
  #ownKey: KeyPair | null = null

  constructor(options: KeyringOptions) {
    this.#options = options
  }

  /** Makes this page's own key pair ahead of the first pair: a page's first use of the curve takes 20 ms and more. */
  prepare(): void {
    this.#ownKey ??= newKeyPair(this.#options.randomBytes)
  }

  /** The same pair whenever it is asked for; null when there are too many, or it is known under another secret. */
  pair({ room, selfId, secret }: Place, peer: Party, { role, strict }: PairEnd): PairKeys | null {
    const name = JSON.stringify([room, selfId, peer.id, peer.instance, role])
    const known = this.#pairs.get(name)
    if (known) return isSame(known.secret, secret) ? known.keys : null
    if (this.#pairs.size >= PAIRS_MAX) return null
    const { instance, randomBytes } = this.#options
    this.#ownKey ??= newKeyPair(randomBytes)
    const self = { id: selfId, instance }
    const keys = new PairKeys({ room, role, strict, self, peer, secret, ownKey: this.#ownKey })
    this.#pairs.set(name, { secret, keys })
    return keys
  }
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
