import type { PairEnd } from '@/lib/keys/keyring'
import type { PairKeys } from '@/lib/keys/pair-keys'
import type { Clock } from '@/lib/peer/clock'
import type { OpenLane } from '@/lib/peer/lane'
import { laneCount } from '@/lib/protocol/congestion/lane-count'
import type { Member, Role } from '@/lib/signalling/messages'
import type { Transfers } from '@/lib/transfer/transfers'

import { shareLanes } from './lane-budget'
import { MemberLink } from './member-link'
import { meets, pairEnd } from './pairing'
import type { RelayAccess } from './relay-access'
import type { PeerView } from './types'

export interface PeersOptions {
  readonly role: Role
  /** This page's id in the room; empty outside one. */
  readonly selfId: () => string
  readonly clock: Clock
  readonly openLane: OpenLane
  /** None: never. */
  readonly relay?: RelayAccess | null
  /** False: the relay alone. */
  readonly direct?: boolean
  readonly transfers: Transfers
  readonly signal: (to: string, payload: string) => void
  /** The keys of this page and that member's: the same whenever it is the same two pages. Null: no more can be had. */
  readonly pair: (member: Member, end: PairEnd) => PairKeys | null
  /** A text from a peer's page; parsed by nobody yet. */
  readonly onText?: (peerId: string, text: string) => void
  /** Its page is gone, or another has taken its place. */
  readonly onGone?: (peerId: string) => void
  /** False: no picture is taken from it, nor anything else that its lanes carry but texts. */
  readonly takesFrom?: (peerId: string) => boolean
  readonly onChange: () => void
  /** The last lane to a peer that is still in the room was lost. */
  readonly onLanesLost: () => void
}

/**
 * One link to each member that this page sends anything to or receives from, for as long as it has its place in the
 * room. Lanes outlive the signalling socket; where both are lost, pictures wait until the member is back, its place is
 * taken away, or it says goodbye.
 */
export class Peers {
  readonly #options: PeersOptions
  readonly #entries = new Map<string, MemberLink>()
  #mostLanes = 0
  #hurried = false

  constructor(options: PeersOptions) {
    this.#options = options
  }

  get views(): PeerView[] {
    return [...this.#entries.values()]
      .filter((entry) => !entry.left || entry.link.isOpen)
      .map((entry) => entry.view(this.#options.transfers.isOpen(entry.member.id)))
  }

  /** Brings the links in line with the members as the server lists them. */
  sync(members: readonly Member[]): void {
    const present = new Set<string>()
    for (const member of members) {
      if (!meets(this.#options.role, member.role)) continue
      present.add(member.id)
      const entry = this.#entries.get(member.id)
      if (!entry) this.#add(member)
      else if (entry.member.instance !== member.instance) {
        this.#drop(entry)
        this.#add(member)
      } else {
        this.#renewKeys(entry, member)
        this.#update(entry, member)
      }
    }
    for (const entry of [...this.#entries.values()]) {
      if (present.has(entry.member.id)) continue
      entry.left = true
      entry.pause()
      if (!entry.link.isOpen) this.#drop(entry)
    }
  }

  /** Our signalling socket is lost: nobody can be reached to open a lane until it is back. */
  pause(): void {
    for (const entry of this.#entries.values()) entry.pause()
  }

  /** The room knows us by another place than before: only lanes that are open still belong together. */
  handleNewPlace(): void {
    for (const entry of [...this.#entries.values()]) {
      entry.stale = true
      if (!entry.link.isOpen) this.#drop(entry)
    }
  }

  /** How many lanes a peer may have; how many it gets follows from its path and the page's bound. */
  setLanes(most: number): void {
    this.#mostLanes = most
    this.shareLanes()
  }

  /**
   * Looks again at how many lanes each path wants. The initiator opens them; those to peers that a picture goes to come
   * first, and the others keep what is left.
   */
  shareLanes(): void {
    const { transfers } = this.#options
    const busyFirst = [...this.#entries.values()].sort(
      (a, b) => Number(transfers.isBusy(b.member.id)) - Number(transfers.isBusy(a.member.id)),
    )
    const wanted = busyFirst.map(({ member }) => {
      const path = transfers.pathTo(member.id)
      return Math.min(this.#mostLanes, path ? laneCount(path) : 0)
    })
    const given = shareLanes(wanted)
    busyFirst.forEach(({ link }, i) => link.setTarget(given[i] ?? 0))
  }

  /** A picture waits: links that have no lane take the relay; those that begin until it is sent do, too. */
  hurry(waits: boolean): void {
    this.#hurried = waits
    if (waits) for (const { link } of this.#entries.values()) link.hurry()
  }

  /** A payload that came by way of signalling in a member's name; what is not from it is dropped and counted. */
  handleSignal(from: string, payload: string): void {
    this.#entries.get(from)?.handleSignal(payload)
  }

  /** Taken out of the room: whatever is open to it is closed at once. */
  remove(peerId: string): void {
    const entry = this.#entries.get(peerId)
    if (!entry) return
    this.#drop(entry)
    this.#options.onChange()
  }

  /** As the server last listed it. */
  memberOf(peerId: string): Member | null {
    return this.#entries.get(peerId)?.member ?? null
  }

  /** How far it is, ms: what the open connection says, else what pictures have measured. */
  rttTo(peerId: string): number | null {
    const entry = this.#entries.get(peerId)
    const direct = entry && entry.link.openCount > 0 ? entry.rttMs : null
    return direct ?? this.#options.transfers.pathTo(peerId)?.rttMs ?? null
  }

  /** Asks each open connection anew how far the peer is. */
  measureRtts(): void {
    for (const { link } of this.#entries.values()) link.measureRtt()
  }

  /** Tells a peer's page a text; false when there is no way to it now. It may still be lost. */
  sendText(peerId: string, text: string): boolean {
    return this.#entries.get(peerId)?.link.sendText(text) ?? false
  }

  /** The keys of this page and a peer's, for what else goes between them. */
  keysOf(id: string): PairKeys | null {
    return this.#entries.get(id)?.keys ?? null
  }

  close(): void {
    for (const entry of this.#entries.values()) {
      entry.link.sayGoodbye()
      this.#free(entry)
    }
    this.#entries.clear()
  }

  #add(member: Member): void {
    const { transfers, clock, openLane, relay = null, direct = true, takesFrom = () => true } = this.#options
    const end = this.#endWith(member)
    const keys = end && this.#options.pair(member, end)
    if (!keys) return
    const { id } = member
    const entry: MemberLink = new MemberLink(member, keys, end, {
      ...{ clock, openLane, relay, direct },
      signal: (payload) => this.#options.signal(id, payload),
      onLinkMessage: (text) => this.#handleLinkMessage(id, text),
      onMessage: (message) => {
        if (takesFrom(id)) transfers.handleMessage(id, message)
      },
      onText: (text) => this.#options.onText?.(id, text),
      onDrained: () => transfers.pump(id),
      onLanesChanged: () => this.#handleLanes(entry),
      onRtt: (rttMs) => {
        transfers.handleRtt(id, rttMs)
        this.shareLanes()
      },
      onKeys: () => this.#handleKeys(entry),
      onGoodbye: () => {
        if (this.#isKept(entry)) this.#end(entry)
      },
    })
    this.#entries.set(id, entry)
    transfers.attach(id, member.name, entry.link)
    entry.start()
    if (this.#hurried) entry.link.hurry()
    this.shareLanes()
  }

  /** Which end of the pair with it this page is; null for nobody that it has a link to. */
  endWith(peerId: string): PairEnd | null {
    const member = this.memberOf(peerId)
    return member && this.#endWith(member)
  }

  #endWith(member: Member): PairEnd | null {
    return pairEnd({ id: this.#options.selfId(), role: this.#options.role }, member)
  }

  /** False for one that another has taken the place of. */
  #isKept(entry: MemberLink): boolean {
    return this.#entries.get(entry.member.id) === entry
  }

  /** We may be known to the server by another id: then there are other keys. */
  #renewKeys(entry: MemberLink, member: Member): void {
    const end = this.#endWith(member)
    const keys = end && this.#options.pair(member, end)
    if (keys === entry.keys) return
    if (!keys) {
      this.#drop(entry)
      return
    }
    entry.setKeys(keys, !member.away)
    this.#handleKeys(entry)
  }

  #handleKeys(entry: MemberLink): void {
    if (!this.#isKept(entry)) return
    // Somebody else may have opened its lanes.
    if (entry.keys.spoiled) this.#end(entry)
    // With its key the lane through the relay is open.
    entry.link.handleRelay()
    this.#options.onChange()
  }

  /** Its transfers end with what they have. */
  #free(entry: MemberLink): void {
    entry.close()
    this.#options.transfers.handlePeerGone(entry.member.id)
    this.#options.onGone?.(entry.member.id)
  }

  #update(entry: MemberLink, member: Member): void {
    const cameBack = (entry.member.away || entry.left) && !member.away
    entry.member = member
    entry.left = false
    if (cameBack && entry.gone) {
      this.#drop(entry)
      this.#add(member)
    } else if (member.away) {
      entry.pause()
      if (member.closed) this.#end(entry)
    } else if (!entry.reachable && !entry.gone) entry.resume()
  }

  #handleLanes(entry: MemberLink): void {
    if (!this.#isKept(entry)) return
    this.#options.transfers.pump(entry.member.id)
    const hadLanes = entry.hasLanes
    entry.hasLanes = entry.link.isOpen
    if (hadLanes && !entry.hasLanes) this.#handleLanesLost(entry)
    this.#options.onChange()
  }

  #renew(entry: MemberLink): void {
    this.#drop(entry)
    this.#add(entry.member)
  }

  #handleLanesLost(entry: MemberLink): void {
    if (entry.left) this.#drop(entry)
    else if (entry.stale) this.#renew(entry)
    // What took the lanes may have taken our socket, too, and that notices late.
    this.#options.onLanesLost()
  }

  #handleLinkMessage(id: string, text: string): void {
    const entry = this.#entries.get(id)
    // It begins anew with whom it takes for a newcomer: so do we.
    if (entry?.stale) this.#renew(entry)
    this.#entries.get(id)?.link.handleSignal(text)
  }

  /** Its page is closed, or must not be spoken to. */
  #end(entry: MemberLink): void {
    if (entry.gone) return
    entry.gone = true
    this.#free(entry)
    this.#options.onChange()
  }

  #drop(entry: MemberLink): void {
    this.#entries.delete(entry.member.id)
    this.#options.relay?.forget(entry.member.id)
    this.#free(entry)
  }
}
