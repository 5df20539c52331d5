import type { Signer } from '@/lib/keys/identity'
import type { PairKeys } from '@/lib/keys/pair-keys'
import { Remembered } from '@/lib/keys/remembered'
import { Safety } from '@/lib/keys/safety'
import type { RandomBytes } from '@/lib/keys/secret'
import type { Clock } from '@/lib/peer/clock'

import type { IdentityStore } from './identity-store'
import type { Peers } from './peers'
import type { MemberIdentity } from './room-members'

export interface MemberSafetyOptions {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly peers: Pick<Peers, 'views' | 'memberOf' | 'keysOf' | 'endWith'>
  readonly store: IdentityStore
  /** False when there is no way now. */
  readonly sendText: (peerId: string, text: string) => boolean
  readonly onChange: () => void
}

interface Entry {
  readonly keys: PairKeys
  readonly safety: Safety
}

/** Who each member of the room is, as its device proves it, and whether its words were compared. */
export class MemberSafety {
  readonly #options: MemberSafetyOptions
  readonly #entries = new Map<string, Entry>()
  #signer: Signer | null = null
  #remembered = new Remembered()
  #cancelTimer: (() => void) | null = null

  constructor(options: MemberSafetyOptions) {
    this.#options = options
  }

  /** Resolves with this device, once it is known whose words were compared before. */
  async load(): Promise<Signer> {
    const { store, randomBytes } = this.#options
    this.#remembered = new Remembered(await store.compared())
    this.#signer = await store.signer(randomBytes)
    return this.#signer
  }

  /** Begins with who is new, forgets who is gone, and says what is due. */
  pump(): void {
    const { peers, clock, sendText } = this.#options
    const now = clock.now()
    const open = new Set(peers.views.filter(({ link }) => link === 'open').map(({ id }) => id))
    for (const id of this.#entries.keys()) if (!peers.memberOf(id)) this.#entries.delete(id)
    let due = Infinity
    for (const id of open) {
      const safety = this.#safetyWith(id)
      if (!safety) continue
      for (let text = safety.pollSend(now); text !== null; text = safety.pollSend(now)) sendText(id, text)
      due = Math.min(due, safety.pollTimeout() ?? Infinity)
    }
    this.#cancelTimer?.()
    this.#cancelTimer = null
    if (due < Infinity) this.#cancelTimer = clock.schedule(Math.max(0, due - now), () => this.pump())
  }

  handleText(peerId: string, text: string): void {
    const safety = this.#safetyWith(peerId)
    if (!safety) return
    const { identity, words, failed } = safety
    safety.handleText(text, this.#options.clock.now())
    this.pump()
    if (safety.identity !== identity || safety.words !== words || safety.failed !== failed)
      this.#options.onChange()
  }

  identityOf(peerId: string): MemberIdentity {
    const entry = this.#entryOf(peerId)
    const name = this.#options.peers.memberOf(peerId)?.name
    const identity = entry?.safety.identity ?? null
    if (!entry || identity === null || name === undefined) return { identity: null, safety: null }
    return {
      identity,
      safety: {
        words: entry.safety.words,
        byLink: entry.keys.verified === true,
        compared: this.#remembered.isCompared(identity),
        changed: this.#remembered.isChanged(identity, name),
        failed: entry.safety.failed,
      },
    }
  }

  /** Nobody stands between: by the link, or because the words were compared. */
  isVerified(peerId: string): boolean {
    if (this.#options.peers.keysOf(peerId)?.verified === true) return true
    const identity = this.#entryOf(peerId)?.safety.identity
    return identity != null && this.#remembered.isCompared(identity)
  }

  /** What the owner of this device says about the words on both screens; only while there are any. */
  compare(peerId: string, same: boolean): void {
    const { store, clock, peers, onChange } = this.#options
    const safety = this.#entryOf(peerId)?.safety
    const name = peers.memberOf(peerId)?.name
    if (!safety || safety.identity === null || name === undefined) return
    // There is nothing to compare; only to begin anew.
    if (!safety.words && (same || !safety.failed)) return
    const { identity } = safety
    if (same) {
      const entry = { identity, name, atMs: clock.now() }
      this.#remembered.remember(entry)
      void store.remember(entry)
    } else {
      this.#remembered.forget(identity)
      void store.forget(identity)
      // Other words, for who misread them; somebody between gets no better odds than 1 in 2^42 again.
      safety.restart(clock.now())
      this.pump()
    }
    onChange()
  }

  handlePeerGone(peerId: string): void {
    this.#entries.delete(peerId)
  }

  close(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#entries.clear()
  }

  /** That of the pair's keys of now: after other keys, proofs count anew. */
  #entryOf(peerId: string): Entry | null {
    const entry = this.#entries.get(peerId)
    return entry && entry.keys === this.#options.peers.keysOf(peerId) ? entry : null
  }

  /** Null with pages of the short cut, which have no device, and until there are keys. */
  #safetyWith(peerId: string): Safety | null {
    const known = this.#entryOf(peerId)
    if (known) return known.safety
    const { peers, randomBytes } = this.#options
    const keys = peers.keysOf(peerId)
    const transcript = keys?.transcript
    const end = peers.endWith(peerId)
    if (!keys || !transcript || !end || !this.#signer || peers.memberOf(peerId)?.role !== 'member')
      return null
    const safety = new Safety({ role: end.role, transcript, signer: this.#signer, randomBytes })
    this.#entries.set(peerId, { keys, safety })
    return safety
  }
}
