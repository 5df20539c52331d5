import type { AuthorId } from '@/lib/chat/types'

import { phrasesOf, rangesOf, type TextRange } from './words'

/** Somebody whose messages may be here: a member, or who was one. */
export interface NamedMember {
  readonly id: AuthorId
  readonly name: string
}

export interface FoundMember extends NamedMember {
  /** What to highlight in the name. */
  readonly ranges: readonly TextRange[]
}

/** Those whose names have all words of the query; whose name begins with it comes first. */
export function findMembers(query: string, members: readonly NamedMember[]): readonly FoundMember[] {
  const phrases = phrasesOf(query)
  if (phrases.length === 0) return []
  return members
    .flatMap(({ id, name }) => {
      const ranges = rangesOf(name, phrases)
      return ranges ? [{ id, name, ranges }] : []
    })
    .sort((one, other) => startOf(one) - startOf(other))
}

function startOf({ ranges }: FoundMember): number {
  return ranges[0]?.start ?? 0
}
