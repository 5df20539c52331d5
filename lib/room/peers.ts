import type { PairEnd } from '@/lib/keys/keyring'
import type { PairKeys } from '@/lib/keys/pair-keys'
import type { Clock } from '@/lib/peer/clock'
import type { OpenLane } from '@/lib/peer/lane'
import { Link } from '@/lib/peer/link'
import { laneCount } from '@/lib/protocol/congestion/lane-count'
import type { Member, Role } from '@/lib/signalling/messages'
import type { Transfers } from '@/lib/transfer/transfers'

import { meets, pairEnd } from './pairing'
import type { RelayAccess } from './relay-access'
import { SealedSignals } from './sealed-signals'
import { problemOf } from './signal-problem'
import type { PeerView } from './types'

/** Lanes of one page, over all its peers: each is a connection with its own memory and timers. */
const LANES_PER_PAGE_MAX = 96
/** A link has so many whatever its target is. */
const LANES_LEAST = 2

interface Entry {
  member: Member
  link: Link
  /** Of its page and ours; they open what it sends, and seal what is sent to it. */
  keys: PairKeys
  signals: SealedSignals
  /** No longer in the room as the server knows it; kept while a lane is open. */
  left: boolean
  /** Its page was closed and its transfers ended; a new link starts when it comes back. */
  gone: boolean
  /** Lanes may be opened: it can be signalled to, as far as we know. */
  reachable: boolean
  /** It knows us by a place that we have lost: what it sends by other lanes than these is not for us. */
  stale: boolean
  hasLanes: boolean
  /** As the direct connection last said, ms. */
  rttMs: number | null
}

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
  readonly #entries = new Map<string, Entry>()
  #mostLanes = 0
  #hurried = false

  constructor(options: PeersOptions) {
    this.#options = options
  }

  get views(): PeerView[] {
    return [...this.#entries.values()]
      .filter((entry) => !entry.left || entry.link.isOpen)
      .map(({ member, link, keys, gone }) => {
        const open = this.#options.transfers.isOpen(member.id)
        const lost = gone || link.failing || (member.away && !link.isOpen)
        return {
          id: member.id,
          name: member.name,
          role: member.role,
          link: open ? 'open' : lost ? 'lost' : 'connecting',
          away: member.away,
          verified: keys.verified,
          problem: link.isOpen ? null : problemOf(keys, link.failing),
          // The answering end only learns what the other one wants by what is opened.
          lanes: { open: link.openCount, target: Math.max(link.target, link.openCount) },
          path: link.path,
        }
      })
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
      this.#pause(entry)
      if (!entry.link.isOpen) this.#drop(entry)
    }
  }

  /** Our signalling socket is lost: nobody can be reached to open a lane until it is back. */
  pause(): void {
    for (const entry of this.#entries.values()) this.#pause(entry)
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
    let left = LANES_PER_PAGE_MAX
    busyFirst.forEach(({ member, link }, i) => {
      const path = transfers.pathTo(member.id)
      const wanted = Math.min(this.#mostLanes, path ? laneCount(path) : 0)
      // Each of those behind it has two lanes at least.
      const given = Math.min(wanted, left - LANES_LEAST * (busyFirst.length - 1 - i))
      link.setTarget(given)
      left -= Math.max(LANES_LEAST, given)
    })
  }

  /** A picture waits: links that have no lane take the relay; those that begin until it is sent do, too. */
  hurry(waits: boolean): void {
    this.#hurried = waits
    if (waits) for (const { link } of this.#entries.values()) link.hurry()
  }

  /** A payload that came by way of signalling in a member's name; what is not from it is dropped and counted. */
  handleSignal(from: string, payload: string): void {
    this.#entries.get(from)?.signals.handle(payload)
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
    const { transfers, clock, openLane, relay, direct = true, takesFrom = () => true } = this.#options
    const end = this.#endWith(member)
    const keys = end && this.#options.pair(member, end)
    if (!keys) return
    const link: Link = new Link({
      initiator: end.role === 'sender',
      clock,
      openLane,
      direct,
      ...(relay && {
        relay: relay.laneTo(member.id, {
          cipher: () => entry.keys.cipher('relay'),
          onMessage: (message) => link.handleMessage(-1, message),
          onDrained: () => transfers.pump(member.id),
          onChange: () => link.handleRelay(),
        }),
      }),
      signal: (text) => entry.signals.signal(text),
      onMessage: (_lane, message) => {
        if (takesFrom(member.id)) transfers.handleMessage(member.id, message)
      },
      onDrained: () => transfers.pump(member.id),
      onLanesChanged: () => this.#handleLanes(member.id, link),
      onRtt: (rttMs) => {
        entry.rttMs = rttMs
        transfers.handleRtt(member.id, rttMs)
        this.shareLanes()
      },
      onText: (text) => this.#options.onText?.(member.id, text),
      onGoodbye: () => this.#handleGoodbye(member.id, link),
    })
    const signals = this.#signals(member.id, keys)
    const reachable = !member.away
    const entry: Entry = {
      ...{ member, link, keys, signals, reachable },
      ...{ left: false, gone: false, stale: false, hasLanes: false, rttMs: null },
    }
    this.#entries.set(member.id, entry)
    transfers.attach(member.id, member.name, link)
    if (reachable) {
      signals.start()
      link.start()
    }
    if (this.#hurried) link.hurry()
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

  #signals(id: string, keys: PairKeys): SealedSignals {
    return new SealedSignals({
      keys,
      clock: this.#options.clock,
      send: (payload) => this.#options.signal(id, payload),
      onMessage: (text) => this.#handleLinkMessage(id, text),
      onChange: () => this.#handleKeys(id, keys),
    })
  }

  /** We are known to the server by another id: other keys, and lanes that are open may go on under no weaker ones. */
  #renewKeys(entry: Entry, member: Member): void {
    const end = this.#endWith(member)
    const keys = end && this.#options.pair(member, end)
    if (keys === entry.keys) return
    if (!keys) {
      this.#drop(entry)
      return
    }
    if (entry.keys.verified !== null) keys.require(entry.keys.verified)
    entry.signals.pause()
    entry.keys = keys
    entry.signals = this.#signals(member.id, keys)
    if (!member.away) entry.signals.start()
    this.#handleKeys(member.id, keys)
  }

  #handleKeys(id: string, keys: PairKeys): void {
    const entry = this.#entries.get(id)
    if (entry?.keys !== keys) return
    // Somebody else may have opened its lanes.
    if (keys.spoiled) this.#end(entry)
    // With its key the lane through the relay is open.
    entry.link.handleRelay()
    this.#options.onChange()
  }

  #pause(entry: Entry): void {
    entry.reachable = false
    entry.link.pause()
    entry.signals.pause()
  }

  /** Its transfers end with what they have. */
  #free({ member, link, signals }: Entry): void {
    signals.pause()
    link.close()
    this.#options.transfers.handlePeerGone(member.id)
    this.#options.onGone?.(member.id)
  }

  #update(entry: Entry, member: Member): void {
    const cameBack = (entry.member.away || entry.left) && !member.away
    entry.member = member
    entry.left = false
    if (cameBack && entry.gone) {
      this.#drop(entry)
      this.#add(member)
    } else if (member.away) {
      this.#pause(entry)
      if (member.closed) this.#end(entry)
    } else if (!entry.reachable && !entry.gone) {
      entry.reachable = true
      entry.signals.start()
      entry.link.resume()
    }
  }

  #handleLanes(id: string, link: Link): void {
    const entry = this.#entries.get(id)
    if (entry?.link !== link) return
    this.#options.transfers.pump(id)
    const hadLanes = entry.hasLanes
    entry.hasLanes = link.isOpen
    if (hadLanes && !entry.hasLanes) this.#handleLanesLost(entry)
    this.#options.onChange()
  }

  #renew(entry: Entry): void {
    this.#drop(entry)
    this.#add(entry.member)
  }

  #handleLanesLost(entry: Entry): void {
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

  #handleGoodbye(id: string, link: Link): void {
    const entry = this.#entries.get(id)
    if (entry?.link === link) this.#end(entry)
  }

  /** Its page is closed, or must not be spoken to. */
  #end(entry: Entry): void {
    if (entry.gone) return
    entry.gone = true
    this.#free(entry)
    this.#options.onChange()
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry.member.id)
    this.#options.relay?.forget(entry.member.id)
    this.#free(entry)
  }
}
