import type { CarryingPath } from '@/lib/protocol/report'
import type { MemberView } from '@/lib/room/types'

import { formatDuration, formatPercent } from './format'

export type Presence = 'here' | 'connecting' | 'away' | 'unreachable'

export function presenceOf(member: MemberView): Presence {
  if (member.link === 'open') return 'here'
  if (member.away) return 'away'
  return member.link === 'connecting' ? 'connecting' : 'unreachable'
}

export const PRESENCE_WORDS: Readonly<Record<Presence, string>> = {
  here: 'here',
  connecting: 'connecting…',
  away: 'away',
  unreachable: 'no link',
}

/** From here on one notices it in a talk: a second passes until an answer is seen. */
const SLOW_RTT_MS = 250
/** From here on a picture takes twice as long without spare packets. */
const LOSSY_PERCENT = 5

/** "slow link: 340 ms, 12 % lost"; null while the link is good or nobody knows. */
export function badLinkWords({ link, rttMs, lossPercent }: MemberView): string | null {
  if (link !== 'open') return null
  const slow = rttMs !== null && rttMs > SLOW_RTT_MS
  const lossy = lossPercent !== null && lossPercent > LOSSY_PERCENT
  if (!slow && !lossy) return null
  const figures = [
    ...(rttMs === null ? [] : [formatDuration(rttMs)]),
    ...(lossPercent === null ? [] : [`${formatPercent(lossPercent)} lost`]),
  ]
  return `${slow ? 'slow' : 'lossy'} link: ${figures.join(', ')}`
}

export const PATH_WORDS: Readonly<Record<CarryingPath, string>> = {
  direct: 'direct',
  turn: 'through a TURN server',
  relay: 'through this server, sealed',
}

export type Assurance = 'compared' | 'link' | 'changed' | 'none' | 'unknown'

/** How sure one may be that a member is who it seems. */
export function assuranceOf({ safety, verified }: MemberView): Assurance {
  if (safety?.compared) return 'compared'
  if (safety?.changed) return 'changed'
  if (safety?.byLink ?? verified) return 'link'
  return verified === null && !safety ? 'unknown' : 'none'
}

export const ASSURANCE_WORDS: Readonly<Record<Assurance, string>> = {
  compared: 'compared by you',
  link: 'verified by the link',
  changed: 'not verified: another device than before',
  none: 'not verified',
  unknown: 'not known yet',
}
