import type { Entry } from './entry'
import type { AuthorId } from './types'

/** What one load of an author's page said to everyone, or to one other, as far as it is here. */
export interface Stream {
  readonly author: AuthorId
  readonly id: string
  /** By its first entry; one that says something else is none of it. */
  readonly to: AuthorId | null
  /** Everything before is here, or was. */
  next: number
  /** Before this nothing is kept any more. */
  base: number
  lastTime: number
  /** Its author broke its own order: nothing of it can follow. */
  ended: boolean
  /** From `base` to `next`. */
  readonly entries: Entry[]
  /** What came before its turn. */
  readonly held: Map<number, Entry>
}

/** The stream that an entry is the first one here of. */
export function openStream({ author, stream: id, to }: Entry): Stream {
  return { author, id, to, next: 0, base: 0, lastTime: -1, ended: false, entries: [], held: new Map() }
}

/** One name for a stream, among those of all authors. */
export function keyOf(author: AuthorId, stream: string): string {
  return `${author}-${stream}`
}
