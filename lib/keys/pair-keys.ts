import { bytesToUtf8, concatBytes, equalBytes, utf8ToBytes } from '@noble/ciphers/utils.js'

import type { CipherLabel, KeyPair, Party } from './derive'
import { agree, deriveCipher, hashContext, hashTranscript, PUBLIC_KEY_BYTES } from './derive'
import type { Envelope } from './envelope'
import { encodeEnvelope, parseEnvelope } from './envelope'
import type { CountingCipher, PairCipher, Unopened } from './pair-cipher'

export interface PairOptions {
  /** As the two ends were told it; a difference in any part leaves them with different keys. */
  readonly room: string
  /** Ours; the other end has the other one. */
  readonly role: 'sender' | 'receiver'
  /** With the secret: takes only what is sealed by it (SPEC KY9). */
  readonly strict: boolean
  readonly self: Party
  readonly peer: Party
  /** Null for who joined by the typed code. */
  readonly secret: Uint8Array | null
  readonly ownKey: KeyPair
}

/** What came from the other end: something said, or the hello that brings its key. */
export type Opened =
  { readonly type: 'message'; readonly text: string } | { readonly type: 'hello'; readonly ask: boolean }

/** Payloads that were dropped, by reason. */
export interface Dropped extends Unopened {
  /** No envelope at all. */
  readonly unreadable: number
  /** For another load of our page, or from another load of the other end's. */
  readonly stale: number
  /** From an end that should have the link's secret and did not prove it, or the other way round. */
  readonly unproven: number
}

/** `link`: both have the link's secret. `agreed`: a key agreed on in sight of the server. */
type Mode = 'link' | 'agreed'

/**
 * The keys of two pages in one room, for one load of each: what this page says to the other one is sealed here,
 * and what comes in the other one's name is opened here or dropped and counted. The way in which the first
 * thing was opened stays the only one for the pair (SPEC KY11).
 */
export class PairKeys {
  readonly #options: PairOptions
  readonly #context: Uint8Array
  readonly #link: CountingCipher | null
  #agreed: CountingCipher | null = null
  #relay: CountingCipher | null = null
  #mode: Mode | null = null
  /** The other end's public key: as it came under the secret, and as it came in clear. */
  #linkKey: Uint8Array | null = null
  #clearKey: Uint8Array | null = null
  /** The other end seals by the secret, which only one that takes nothing else does before it has opened ours. */
  #peerInsists = false
  #heard = false
  #only: Mode | null
  #spoiled = false
  readonly #dropped = { unreadable: 0, stale: 0, unproven: 0, altered: 0 }

  constructor(options: PairOptions) {
    this.#options = options
    const { room, role, self, peer, secret } = options
    const [sender, receiver] = role === 'sender' ? [self, peer] : [peer, self]
    this.#context = hashContext({ room, sender, receiver })
    this.#link =
      secret &&
      deriveCipher({ role, label: 'signals', context: this.#context, material: secret, publicKeys: [] })
    this.#only = secret === null ? 'agreed' : options.strict ? 'link' : null
  }

  /** Whether the other end has the link's secret too; null as long as nothing has been opened. */
  get verified(): boolean | null {
    return this.#mode === null ? null : this.#mode === 'link'
  }

  /** The other end's public key is known, and with it the ciphers. */
  get ready(): boolean {
    return this.#mode !== null && !this.#spoiled
  }

  /** Someone stood in for the other end: nothing is sealed or opened any more (SPEC KY12). */
  get spoiled(): boolean {
    return this.#spoiled
  }

  get dropped(): Dropped {
    const ciphers = [this.#link, this.#agreed].flatMap((cipher) => (cipher ? [cipher.unopened] : []))
    const sum = (reason: keyof Unopened) => ciphers.reduce((total, unopened) => total + unopened[reason], 0)
    return {
      ...this.#dropped,
      altered: this.#dropped.altered + sum('altered'),
      replayed: sum('replayed'),
      late: sum('late'),
    }
  }

  get droppedTotal(): number {
    const { unreadable, stale, unproven, altered, replayed, late } = this.dropped
    return unreadable + stale + unproven + altered + replayed + late
  }

  /** One end came by the link, the other did not, and they may not meet (SPEC KY9). */
  get unproven(): boolean {
    if (this.#mode === 'link') return false
    if (this.#only === 'link') return this.#dropped.unproven > 0
    return this.#only === 'agreed' && this.#peerInsists && !this.#heard
  }

  /** From now on only an end that is verified like this is heard; lanes that are open may demand it (SPEC KY13). */
  require(verified: boolean): void {
    const mode = verified ? 'link' : 'agreed'
    if ((this.#mode ?? this.#only ?? mode) !== mode) this.#spoiled = true
    this.#only = mode
  }

  /** The first payload of all: our public key, and the proof that we have the secret if we do (SPEC KY8). */
  hello(ask: boolean): string {
    const { publicKey } = this.#options.ownKey
    const proof = this.#only === 'agreed' ? null : this.#link?.seal(publicKey)
    return encodeEnvelope({ type: 'hello', ...this.#names(), key: publicKey, ask, ...(proof && { proof }) })
  }

  /** Null as long as there is no key that the other end can have. */
  seal(text: string): string | null {
    const { publicKey } = this.#options.ownKey
    const mode = this.#spoiled ? null : (this.#mode ?? this.#only)
    if (mode === 'link' && this.#link) {
      const data = this.#link.seal(concatBytes(publicKey, utf8ToBytes(text)))
      return encodeEnvelope({ type: 'sealed', ...this.#names(), data })
    }
    if (mode !== 'agreed' || !this.#agreed) return null
    const data = this.#agreed.seal(utf8ToBytes(text))
    return encodeEnvelope({ type: 'sealed', ...this.#names(), key: publicKey, data })
  }

  /** Opens a payload that came in the other end's name; null when it was dropped, and counted. */
  open(payload: string): Opened | null {
    const envelope = parseEnvelope(payload)
    if (!envelope) return this.#drop('unreadable')
    const { self, peer } = this.#options
    if (envelope.from !== peer.instance || envelope.to !== self.instance) return this.#drop('stale')
    const opened = envelope.type === 'hello' ? this.#openHello(envelope) : this.#openSealed(envelope)
    return this.#spoiled ? null : opened
  }

  /** Null until the other end's public key is known; the same object each time. */
  cipher(label: 'relay'): PairCipher | null {
    const peerKey = this.#mode === 'link' ? this.#linkKey : this.#clearKey
    if (!this.ready || !peerKey) return null
    this.#relay ??= this.#derive(label, peerKey, this.#mode === 'link')
    return this.#relay
  }

  /**
   * What both ends of an honest pair know and nobody can make another pair have: its context, both public keys, and
   * whether both have the secret (SPEC KY16). Null until it is settled.
   */
  get transcript(): Uint8Array | null {
    const peerKey = this.#mode === 'link' ? this.#linkKey : this.#clearKey
    if (!this.ready || !peerKey) return null
    const { role, ownKey } = this.#options
    const publicKeys = role === 'sender' ? [ownKey.publicKey, peerKey] : [peerKey, ownKey.publicKey]
    return hashTranscript({ context: this.#context, publicKeys, verified: this.#mode === 'link' })
  }

  #openHello({ key, ask, proof }: Extract<Envelope, { type: 'hello' }>): Opened | null {
    if (proof && this.#link && this.#only !== 'agreed') {
      const proved = this.#link.open(proof)
      if (!proved) return null
      if (!equalBytes(proved, key)) return this.#drop('altered')
      return this.#acceptLink(key) ? { type: 'hello', ask } : null
    }
    return this.#acceptAgreed(key) ? { type: 'hello', ask } : null
  }

  #openSealed({ key, data }: Extract<Envelope, { type: 'sealed' }>): Opened | null {
    if (key) {
      const plain = this.#acceptAgreed(key) ? this.#agreed?.open(data) : null
      if (!plain) return null
      this.#heard = true
      return { type: 'message', text: bytesToUtf8(plain) }
    }
    this.#peerInsists = true
    if (!this.#link || this.#only === 'agreed') return this.#drop('unproven')
    const plain = this.#link.open(data)
    if (!plain) return null
    const peerKey = plain.slice(0, PUBLIC_KEY_BYTES)
    if (peerKey.length < PUBLIC_KEY_BYTES) return this.#drop('altered')
    if (!this.#acceptLink(peerKey)) return null
    return { type: 'message', text: bytesToUtf8(plain.subarray(PUBLIC_KEY_BYTES)) }
  }

  /** The key came sealed under the link's secret. */
  #acceptLink(key: Uint8Array): boolean {
    if (this.#mode === 'agreed') {
      // The true end has the secret, so whoever agreed on a key in its name was somebody else.
      this.#spoiled = true
      this.#drop('unproven')
      return false
    }
    if (this.#linkKey && !equalBytes(this.#linkKey, key)) {
      this.#drop('altered')
      return false
    }
    this.#mode = 'link'
    this.#linkKey = key
    return true
  }

  /** The key came in clear: it may be anybody's, but it stays the only one, so each pair costs one agreement. */
  #acceptAgreed(key: Uint8Array): boolean {
    if (this.#only === 'link' || this.#mode === 'link') {
      this.#drop('unproven')
      return false
    }
    if (!this.#clearKey) {
      this.#clearKey = key
      this.#agreed = this.#derive('signals', key, false)
      if (this.#agreed) this.#mode = 'agreed'
    }
    if (this.#agreed && equalBytes(this.#clearKey, key)) return true
    this.#drop('altered')
    return false
  }

  #derive(label: CipherLabel, peerKey: Uint8Array, withSecret: boolean): CountingCipher | null {
    const { role, ownKey, secret } = this.#options
    const shared = agree(ownKey, peerKey)
    if (!shared) return null
    const material = withSecret && secret ? concatBytes(secret, shared) : shared
    const publicKeys = role === 'sender' ? [ownKey.publicKey, peerKey] : [peerKey, ownKey.publicKey]
    return deriveCipher({ role, label, context: this.#context, material, publicKeys })
  }

  #names(): { readonly from: string; readonly to: string } {
    return { from: this.#options.self.instance, to: this.#options.peer.instance }
  }

  #drop(reason: 'unreadable' | 'stale' | 'unproven' | 'altered'): null {
    this.#dropped[reason]++
    return null
  }
}
