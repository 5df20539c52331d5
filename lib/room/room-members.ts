import type { AuthorId } from '@/lib/chat/types'
import type { Clock } from '@/lib/peer/clock'
import type { Transfers } from '@/lib/transfer/transfers'

import type { Peers } from './peers'
import type { MemberView, SafetyView } from './types'

/** Presence is looked at, not counted on: one question to each connection that is open. */
const MEASURE_EVERY_MS = 10_000

/** Past these a person notices: pictures crawl, and a call would not be one. */
const BAD_RTT_MS = 400
const BAD_LOSS_PERCENT = 5

export interface RoomMembersOptions {
  readonly clock: Clock
  readonly peers: Pick<Peers, 'views' | 'memberOf' | 'rttTo' | 'measureRtts'>
  readonly transfers: Pick<Transfers, 'views' | 'pathTo'>
  /** A page that nobody looks at asks nothing. */
  readonly isVisible: () => boolean
  readonly onChange: () => void
}

/** Who a member has proved to be, and how far that was compared. */
export interface MemberIdentity {
  readonly identity: AuthorId | null
  readonly safety: SafetyView | null
}

const UNKNOWN: MemberIdentity = { identity: null, safety: null }

/** The others in the room as its page lists them: who they are, and how good the way to each is. */
export class RoomMembers {
  readonly #options: RoomMembersOptions
  #cancelMeasure: (() => void) | null = null

  constructor(options: RoomMembersOptions) {
    this.#options = options
  }

  start(): void {
    this.#cancelMeasure ??= this.#options.clock.schedule(MEASURE_EVERY_MS, () => {
      this.#cancelMeasure = null
      if (this.#options.isVisible()) {
        this.#options.peers.measureRtts()
        this.#options.onChange()
      }
      this.start()
    })
  }

  stop(): void {
    this.#cancelMeasure?.()
    this.#cancelMeasure = null
  }

  views(identityOf: (peerId: string) => MemberIdentity = () => UNKNOWN): MemberView[] {
    const { peers } = this.#options
    return peers.views.map((peer) => ({
      ...peer,
      ...identityOf(peer.id),
      rttMs: rounded(peers.rttTo(peer.id)),
      lossPercent: this.#lossOf(peer.id),
      owner: peers.memberOf(peer.id)?.owner === true,
    }))
  }

  /** Of the newest picture either way that has counted any; else what is known of the path. */
  #lossOf(peerId: string): number | null {
    const { transfers } = this.#options
    for (const { peerId: of, kept, progress } of transfers.views) {
      if (of === peerId && !kept && progress.lossPercent !== null) return progress.lossPercent
    }
    const lossRate = transfers.pathTo(peerId)?.lossRate ?? null
    return lossRate === null ? null : lossRate * 100
  }
}

/** Whether the way to a member is one that a person notices. */
export function isBadLink({
  link,
  away,
  rttMs,
  lossPercent,
}: Pick<MemberView, 'link' | 'away' | 'rttMs' | 'lossPercent'>): boolean {
  if (away || link === 'lost') return true
  return (rttMs ?? 0) > BAD_RTT_MS || (lossPercent ?? 0) > BAD_LOSS_PERCENT
}

/** What the page shows: a view that changes with every tenth of a millisecond would be drawn for nothing. */
function rounded(rttMs: number | null): number | null {
  return rttMs === null ? null : Math.round(rttMs)
}
