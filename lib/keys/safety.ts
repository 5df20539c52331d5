import { bytesToHex, concatBytes, equalBytes, hexToBytes, utf8ToBytes } from '@noble/ciphers/utils.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

import { toBase64Url } from './base64url'
import type { Signer } from './identity'
import { verify } from './identity'
import type { SafetyWord } from './safety-emoji'
import { wordsFrom } from './safety-emoji'
import type { SafetyMessage } from './safety-message'
import { parseSafetyMessage } from './safety-message'
import type { RandomBytes } from './secret'

/** Each run is one guess at 2^42 for who stands between; so many leave it 2^38. */
export const RUNS_MAX = 16

const NONCE_BYTES = 32
const RESEND_AFTER_MS = 500
const RESEND_MAX_MS = 30_000
/** Losing all of these is rarer than losing the pair's way. */
const STOPS = 5
/** Answers owed at one time; a peer that floods makes no more. */
const QUEUE_MAX = 8

export interface SafetyOptions {
  /** As in the pair's keys: the sender commits. */
  readonly role: 'sender' | 'receiver'
  /** `PairKeys.transcript`: room, ends, load keys and way of the pair, the same for both. */
  readonly transcript: Uint8Array
  readonly signer: Signer
  readonly randomBytes: RandomBytes
}

type Phase = 'waiting' | 'committed' | 'answered' | 'words' | 'failed'

/** Proof of each device to the other, and the words that both screens show (SPEC KY16 to KY22). Sans-IO. */
export class Safety {
  readonly #options: SafetyOptions
  readonly #proof: Uint8Array
  #identity: string | null = null
  #peerHasOurs = false
  #run = 0
  #phase: Phase = 'waiting'
  #nonce: Uint8Array | null = null
  #peerNonce: Uint8Array | null = null
  #digest: Uint8Array | null = null
  #words: readonly SafetyWord[] | null = null
  #done = true
  #again = 0
  #queue: string[] = []
  #resendAtMs: number | null = 0
  #tries = 0
  /** How often it is yet said that this run has ended; nothing answers it. */
  #stopsLeft = 0
  readonly #dropped = { unreadable: 0, unproven: 0, stale: 0, altered: 0 }

  constructor(options: SafetyOptions) {
    this.#options = options
    const { signer, role } = options
    this.#proof = signer.sign(this.#signed(role, signer.author))
  }

  /** The other end's device, 64 hex digits; null until it has proved it. */
  get identity(): string | null {
    return this.#identity
  }

  get words(): readonly SafetyWord[] | null {
    return this.#words
  }

  /** Somebody did not keep to the exchange; `restart` begins anew. */
  get failed(): boolean {
    return this.#phase === 'failed'
  }

  get dropped(): Readonly<Record<'unreadable' | 'unproven' | 'stale' | 'altered', number>> {
    return { ...this.#dropped }
  }

  /** False when this pair has had as many runs as it may. */
  restart(nowMs: number): boolean {
    if (this.#identity === null || this.#run >= RUNS_MAX) return false
    if (this.#options.role === 'sender') this.#commit(nowMs)
    else {
      this.#words = null
      this.#again = this.#run + 1
      this.#resendSoon(nowMs)
    }
    return true
  }

  handleText(text: string, nowMs: number): void {
    const message = parseSafetyMessage(text)
    if (!message) this.#dropped.unreadable++
    else if (message.type === 'identity') this.#handleIdentity(message, nowMs)
    else if (this.#identity === null) this.#dropped.unproven++
    else if (this.#options.role === 'sender') this.#handleAsSender(message, nowMs)
    else this.#handleAsReceiver(message, nowMs)
  }

  /** The next text for the other end; null when there is none now. */
  pollSend(nowMs: number): string | null {
    if (this.#resendAtMs !== null && nowMs >= this.#resendAtMs) this.handleTimeout(nowMs)
    return this.#queue.shift() ?? null
  }

  /** When `handleTimeout` is due; null for never. */
  pollTimeout(): number | null {
    return this.#resendAtMs
  }

  handleTimeout(nowMs: number): void {
    if (this.#resendAtMs === null || nowMs < this.#resendAtMs) return
    const due = this.#outstanding()
    for (const message of due) this.#say(message)
    this.#resendAtMs =
      due.length === 0 ? null : nowMs + Math.min(RESEND_MAX_MS, RESEND_AFTER_MS * 2 ** this.#tries++)
  }

  /** What the other end has not shown to have. */
  #outstanding(): object[] {
    const due: object[] = []
    if (this.#identity === null || !this.#peerHasOurs) due.push(this.#introduction())
    if (this.#stopsLeft > 0) {
      this.#stopsLeft--
      due.push({ type: 'stop', run: this.#run })
    }
    if (this.#again > this.#run) due.push({ type: 'again', run: this.#again })
    if (this.#options.role !== 'sender' || this.#done) return due
    if (this.#phase === 'committed' && this.#digest)
      due.push({ type: 'commit', run: this.#run, digest: toBase64Url(this.#digest) })
    if (this.#phase === 'words' && this.#nonce)
      due.push({ type: 'reveal', run: this.#run, nonce: toBase64Url(this.#nonce) })
    return due
  }

  #introduction(): object {
    const key = toBase64Url(hexToBytes(this.#options.signer.author))
    const [have, want] = [this.#identity !== null, !this.#peerHasOurs]
    return { type: 'identity', key, signature: toBase64Url(this.#proof), have, want }
  }

  #handleIdentity(
    { key, signature, have, want }: Extract<SafetyMessage, { type: 'identity' }>,
    nowMs: number,
  ): void {
    const author = bytesToHex(key)
    const known = this.#identity
    if (known !== null && known !== author) return this.#drop('altered')
    const other = this.#options.role === 'sender' ? 'receiver' : 'sender'
    if (known === null && !verify(author, this.#signed(other, author), signature))
      return this.#drop('altered')
    this.#identity = author
    if (have) this.#peerHasOurs = true
    if (want) this.#say(this.#introduction())
    if (this.#options.role === 'sender' && this.#peerHasOurs && this.#run === 0) this.#commit(nowMs)
  }

  #commit(nowMs: number): void {
    this.#run++
    this.#words = null
    this.#nonce = this.#options.randomBytes(NONCE_BYTES)
    this.#digest = this.#commitment(this.#options.signer.author, this.#nonce)
    this.#phase = 'committed'
    this.#stopsLeft = 0
    this.#done = false
    this.#resendSoon(nowMs)
  }

  #handleAsSender(message: Exclude<SafetyMessage, { type: 'identity' }>, nowMs: number): void {
    const { type, run } = message
    if (type === 'again') {
      if (run === this.#run + 1 && run <= RUNS_MAX) this.#commit(nowMs)
      else this.#dropped.stale++
      return
    }
    if (run !== this.#run) return this.#drop('stale')
    if (type === 'stop') this.#end()
    else if (type === 'answer' && this.#phase === 'committed') {
      this.#peerNonce = message.nonce
      this.#show()
      this.#resendSoon(nowMs)
    } else if (type === 'answer' && this.#phase === 'words' && this.#peerNonce) {
      // A second nonce after the reveal would be one that was chosen.
      if (!equalBytes(this.#peerNonce, message.nonce)) this.#fail()
    } else if (type === 'done' && this.#phase === 'words') this.#done = true
    else this.#dropped.stale++
  }

  #handleAsReceiver(message: Exclude<SafetyMessage, { type: 'identity' }>, nowMs: number): void {
    const { type, run } = message
    if (type === 'commit' && run > this.#run && run <= RUNS_MAX) {
      this.#run = run
      this.#words = null
      this.#digest = message.digest
      this.#nonce = this.#options.randomBytes(NONCE_BYTES)
      this.#phase = 'answered'
      this.#stopsLeft = 0
      this.#peerHasOurs = true
      return this.#answer()
    }
    if (run !== this.#run) return this.#drop('stale')
    if (type === 'stop') this.#end()
    else if (this.#phase === 'failed') {
      // The word that it ended may have been lost.
      this.#dropped.stale++
      this.#say({ type: 'stop', run })
    } else if (type === 'commit' && this.#digest) {
      if (!equalBytes(this.#digest, message.digest)) this.#fail()
      else if (this.#phase === 'answered') this.#answer()
      else this.#dropped.stale++
    } else if (type === 'reveal' && (this.#phase === 'answered' || this.#phase === 'words')) {
      const digest = this.#commitment(this.#identity ?? '', message.nonce)
      if (!this.#digest || !equalBytes(digest, this.#digest)) return this.#fail()
      if (this.#phase === 'answered') {
        this.#peerNonce = message.nonce
        this.#show()
      }
      this.#say({ type: 'done', run })
    } else this.#dropped.stale++
    if (this.#again > this.#run) this.#resendSoon(nowMs)
  }

  #answer(): void {
    if (this.#nonce) this.#say({ type: 'answer', run: this.#run, nonce: toBase64Url(this.#nonce) })
  }

  #show(): void {
    const { role, signer, transcript } = this.#options
    if (!this.#nonce || !this.#peerNonce || this.#identity === null) return
    const ours = [hexToBytes(signer.author), this.#nonce]
    const theirs = [hexToBytes(this.#identity), this.#peerNonce]
    const [first, second] = role === 'sender' ? [ours, theirs] : [theirs, ours]
    const material = concatBytes(Uint8Array.of(this.#run), ...first, ...second)
    this.#words = wordsFrom(hkdf(sha256, material, transcript, utf8ToBytes('shoal words 1'), 6))
    this.#phase = 'words'
  }

  #fail(): void {
    this.#dropped.altered++
    this.#end()
    this.#stopsLeft = STOPS
    // With the next poll.
    this.#resendSoon(0)
  }

  #drop(reason: 'stale' | 'altered'): void {
    this.#dropped[reason]++
  }

  #end(): void {
    this.#phase = 'failed'
    this.#words = null
    this.#done = true
  }

  #signed(role: 'sender' | 'receiver', author: string): Uint8Array {
    return concatBytes(utf8ToBytes(`shoal identity 1 ${role} `), this.#options.transcript, hexToBytes(author))
  }

  #commitment(author: string, nonce: Uint8Array): Uint8Array {
    const name = utf8ToBytes('shoal commit 1 ')
    return sha256(
      concatBytes(name, this.#options.transcript, Uint8Array.of(this.#run), hexToBytes(author), nonce),
    )
  }

  #resendSoon(nowMs: number): void {
    this.#tries = 0
    this.#resendAtMs = nowMs
  }

  #say(message: object): void {
    if (this.#queue.length < QUEUE_MAX) this.#queue.push(JSON.stringify(message))
  }
}
