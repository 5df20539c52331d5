import type { CarryingPath } from '@/lib/protocol/report'
import type { RoomState } from '@/lib/room/types'

import { newestActive } from './transfer-choice'

/** From the least direct on. */
const PATHS = ['relay', 'turn', 'direct'] as const satisfies readonly CarryingPath[]

/**
 * What carries the picture that is under way, else what would carry the next one: with several peers the least
 * direct. Null while nobody can be reached.
 */
export function carryingPath({ peers, transfers }: RoomState): CarryingPath | null {
  const active = newestActive(transfers)
  const busy = peers.find((peer) => peer.id === active?.peerId && peer.link === 'open')
  const used = busy ? [busy] : peers.filter((peer) => peer.link === 'open')
  return PATHS.find((path) => used.some((peer) => peer.path === path)) ?? null
}

/** Connections to all that one can send to or receive from: those that are open, and how many there should be. */
export interface LaneCount {
  readonly open: number
  readonly target: number
}

export function laneCount({ peers }: Pick<RoomState, 'peers'>): LaneCount {
  const lanes = peers.filter((peer) => peer.link === 'open').map((peer) => peer.lanes)
  return {
    open: lanes.reduce((sum, { open }) => sum + open, 0),
    target: lanes.reduce((sum, { target }) => sum + target, 0),
  }
}
