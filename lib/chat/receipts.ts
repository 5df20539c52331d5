import { AUTHORS_MAX, MARKS_PER_PEER_MAX } from './limits'
import { keyOf, type Stream } from './stream'
import type { AuthorId } from './types'
import type { StreamMark } from './wire'

/**
 * How far each device has said that it has what this one wrote, for the count of who has a message. Kept when a device
 * leaves: it has had them.
 */
export class Receipts {
  readonly #author: AuthorId
  /** Whether that device is in the room now. */
  readonly #isHere: (identity: AuthorId) => boolean
  /** By device and stream. */
  readonly #known = new Map<AuthorId, Map<string, number>>()

  constructor(author: AuthorId, isHere: (identity: AuthorId) => boolean) {
    this.#author = author
    this.#isHere = isHere
  }

  /** A device has that stream of ours up to `next`. */
  note(identity: AuthorId, { author, stream, next }: StreamMark): void {
    if (author !== this.#author || identity === this.#author) return
    const key = keyOf(author, stream)
    const known = this.#known.get(identity) ?? new Map<string, number>()
    const gone = [...this.#known.keys()].find((each) => !this.#isHere(each))
    if (this.#known.size >= AUTHORS_MAX && gone !== undefined) this.#known.delete(gone)
    if (!known.has(key) && known.size >= MARKS_PER_PEER_MAX) return
    known.set(key, Math.max(next, known.get(key) ?? 0))
    this.#known.set(identity, known)
  }

  /** How far each of those is who should have a stream of ours: the other end, or who is `here`. */
  marksOf({ author, id, to }: Stream, here: Iterable<AuthorId>): number[] {
    const identities = new Set<AuthorId>(to === null ? here : [to])
    identities.delete(this.#author)
    return [...identities].map((identity) => this.#known.get(identity)?.get(keyOf(author, id)) ?? 0)
  }
}
