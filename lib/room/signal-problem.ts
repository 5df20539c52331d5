import type { PairKeys } from '@/lib/keys/pair-keys'
import type { ErrorCode } from '@/lib/protocol/errors'

/**
 * What is wrong with the signals of a peer to which no lane is open. Stale ones are no sign of anything when a page
 * was reloaded a moment ago; when nothing else ever came and the link keeps failing, they are.
 */
export function problemOf(keys: PairKeys, failing: boolean): ErrorCode | null {
  const { altered, replayed, late, unreadable, stale } = keys.dropped
  if (keys.spoiled || altered + replayed + late + unreadable > 0) return 'SHOAL_SIGNAL_TAMPERED'
  if (keys.unproven) return 'SHOAL_PEER_UNVERIFIED'
  return failing && keys.verified === null && stale > 0 ? 'SHOAL_SIGNAL_TAMPERED' : null
}
