import type { Keyring, PairEnd, Place } from '@/lib/keys/keyring'
import type { PairKeys } from '@/lib/keys/pair-keys'
import { encodeSecret, newSecret, type RandomBytes } from '@/lib/keys/secret'
import type { Member } from '@/lib/signalling/messages'

import { loadSecret, saveSecret } from './secret-store'

/** Where this page is: its place in a room, with the room's secret, from which all keys to the others come. */
export class OwnPlace {
  readonly #keyring: Keyring
  readonly #randomBytes: RandomBytes
  #place: Place | null = null
  #opens = false

  constructor(keyring: Keyring, randomBytes: RandomBytes) {
    this.#keyring = keyring
    this.#randomBytes = randomBytes
  }

  /** As the server last told it; null before that. */
  get current(): Place | null {
    return this.#place
  }

  /** `opens`: the page opens the room that it enters next, so it makes the room's secret. */
  begin({ opens }: { readonly opens: boolean }): void {
    this.#opens = opens
  }

  /** While the server has not answered yet: what the first pair of keys needs. */
  prepare(): void {
    this.#keyring.prepare()
  }

  /** In the room as that member; true when it was in another place before. */
  enter(room: string, selfId: string): boolean {
    const former = this.#place
    if (former?.room === room && former.selfId === selfId) return false
    this.#place = { room, selfId, secret: this.#secretOf(room) }
    return former !== null
  }

  /** The room's secret as its link carries it; null where the page has none, or is in another room. */
  linkSecret(room: string | null): string | null {
    const place = this.#place
    return place?.secret && place.room === room ? encodeSecret(place.secret) : null
  }

  /** The keys of this page and that member's; null where no more can be had. */
  pair(member: Member, end: PairEnd): PairKeys | null {
    return this.#place && this.#keyring.pair(this.#place, member, end)
  }

  /** What this tab knows; else it makes the secret for a room of its own, and notes that it has none for another's. */
  #secretOf(room: string): Uint8Array | null {
    const known = loadSecret(room)
    if (known instanceof Uint8Array) return known
    const secret = known === undefined && this.#opens ? newSecret(this.#randomBytes) : null
    saveSecret(room, secret ?? 'none')
    return secret
  }
}
