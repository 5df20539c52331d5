import type { PathChoice } from '@/lib/room/types'

import { firstOf } from './query'
import type { Query } from './query'

/** `relay=off|only` and `turn=only` of an address. */
export function pathChoiceOf(query: Query): PathChoice {
  const relay = firstOf(query['relay'])
  return {
    relay: relay === 'off' || relay === 'only' ? relay : 'auto',
    turnOnly: firstOf(query['turn']) === 'only',
  }
}
