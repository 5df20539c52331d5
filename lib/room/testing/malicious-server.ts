import { countedBytes } from '@/lib/keys/fixtures'
import { Keyring } from '@/lib/keys/keyring'
import type { PairKeys } from '@/lib/keys/pair-keys'
import type { LaneOptions, LaneSignal, OpeningLane } from '@/lib/peer/lane'
import { ManualClock } from '@/lib/peer/manual-clock'
import type { Member, Role } from '@/lib/signalling/messages'
import { Transfers } from '@/lib/transfer/transfers'

import { Peers } from '../peers'
import type { RelayAccess } from '../relay-access'

/** A page that has just shown that a lane is open makes the next one. */
const NEXT_LANE_MS = 20

/** One signal as the server has it in its hands. */
export interface Signal {
  readonly from: string
  readonly to: string
  readonly payload: string
}

/** What the server passes on instead of a signal; the honest one passes on the signal. */
export type Meddling = (signal: Signal, all: readonly Signal[]) => readonly Signal[]

/** The lanes of all pages, by the fingerprint of their certificate. */
type Network = Map<string, FakeLane>

/** Test data: pages that are introduced to each other by a server that may meddle with what they signal. */
export class Room {
  readonly clock = new ManualClock()
  readonly #network: Network = new Map()
  readonly #pages = new Map<string, Page>()
  readonly #code: string
  /** Everything that was ever signalled, oldest first. */
  readonly seen: Signal[] = []
  #queue: Signal[] = []
  meddle: Meddling = (signal) => [signal]
  /** The newest signal is passed on first. */
  newestFirst = false

  constructor(code = 'K7QM3-XTR9B') {
    this.#code = code
  }

  /** With a relay nothing goes over lanes. */
  join(
    role: Role,
    secret: Uint8Array | null,
    options: { id?: string; instance?: string; relay?: RelayAccess } = {},
  ): Page {
    const { id = `${role}${this.#pages.size}`, instance = `load${this.#pages.size}`, relay = null } = options
    const page = new Page({
      place: { room: this.#code, selfId: id, secret },
      role,
      instance,
      relay,
      clock: this.clock,
      network: this.#network,
      seed: this.#pages.size + 1,
      signal: (to, payload) => this.#take({ from: id, to, payload }),
    })
    this.#pages.set(id, page)
    this.announce()
    return page
  }

  /** Tells everyone who is there; `as` is what it claims instead. */
  announce(as: (member: Member) => Member = (member) => member): void {
    const members = [...this.#pages.values()].map((page) => as(page.member))
    for (const page of this.#pages.values()) page.sync(members.filter(({ id }) => id !== page.member.id))
  }

  /** Passes on everything that has been signalled, and what is signalled upon it. */
  settle(): void {
    for (;;) {
      if (this.#queue.length === 0) this.clock.advance(NEXT_LANE_MS)
      const signal = this.newestFirst ? this.#queue.pop() : this.#queue.shift()
      if (!signal) return
      for (const { from, to, payload } of this.meddle(signal, this.seen)) {
        this.#pages.get(to)?.peers.handleSignal(from, payload)
      }
    }
  }

  /** Lets time pass, with all that is signalled meanwhile. */
  run(ms: number): void {
    for (let at = 0; at < ms; at += 500) {
      this.settle()
      this.clock.advance(500)
    }
    this.settle()
  }

  /** Delivers a payload that nobody has sent just now. */
  inject({ from, to, payload }: Signal): void {
    this.#pages.get(to)?.peers.handleSignal(from, payload)
  }

  #take(signal: Signal): void {
    this.seen.push(signal)
    this.#queue.push(signal)
  }
}

interface PageOptions {
  readonly place: { readonly room: string; readonly selfId: string; readonly secret: Uint8Array | null }
  readonly role: Role
  readonly instance: string
  readonly relay: RelayAccess | null
  readonly clock: ManualClock
  readonly network: Network
  readonly seed: number
  readonly signal: (to: string, payload: string) => void
}

/** One load of a page: the real peers and keys over lanes that open only to whom the offer and answer name. */
export class Page {
  readonly member: Member
  readonly peers: Peers
  readonly lanes: FakeLane[] = []
  /** As `from: text`. */
  readonly texts: string[] = []
  onText: (from: string, text: string) => void = () => undefined
  onGone: (id: string) => void = () => undefined
  onChange: () => void = () => undefined
  readonly #keyring: Keyring

  constructor({ place, role, instance, relay, clock, network, seed, signal }: PageOptions) {
    this.member = { id: place.selfId, name: place.selfId, role, away: false, instance }
    this.#keyring = new Keyring({ instance, randomBytes: countedBytes(seed) })
    this.peers = new Peers({
      role,
      clock,
      transfers: idleTransfers(clock),
      openLane: (options) => {
        const lane = new FakeLane(`${instance}-${this.lanes.length}`, options, network)
        this.lanes.push(lane)
        return lane
      },
      relay,
      direct: relay === null,
      signal,
      selfId: () => place.selfId,
      pair: (member, end) => this.#keyring.pair(place, member, end),
      onText: (from, text) => {
        this.texts.push(`${from}: ${text}`)
        this.onText(from, text)
      },
      onGone: (id) => this.onGone(id),
      onChange: () => this.onChange(),
      onLanesLost: () => undefined,
    })
  }

  sync(members: readonly Member[]): void {
    this.peers.sync(members)
  }

  keys(peerId: string): PairKeys {
    const keys = this.peers.keysOf(peerId)
    if (!keys) throw new Error(`no keys with ${peerId}`)
    return keys
  }

  /** Fingerprints at the other end of the lanes that are open. */
  get openTo(): string[] {
    return this.lanes.filter((lane) => lane.isOpen).map((lane) => lane.remote ?? '')
  }
}

/** A lane that opens when each end has been told the other one's fingerprint, as DTLS does. */
export class FakeLane implements OpeningLane {
  readonly path = 'direct'
  readonly bufferedAmount = 0
  readonly fingerprint: string
  readonly #options: LaneOptions
  readonly #network: Network
  remote: string | null = null
  isOpen = false
  #closed = false

  constructor(fingerprint: string, options: LaneOptions, network: Network) {
    this.fingerprint = fingerprint
    this.#options = options
    this.#network = network
    network.set(fingerprint, this)
    if (options.initiator) this.#say('offer')
  }

  handleSignal(signal: LaneSignal): void {
    if (this.#closed || signal.type === 'candidate') return
    this.remote = signal.sdp.replace('a=fingerprint:', '')
    if (signal.type === 'offer') this.#say('answer')
    else this.#meet(this.#network.get(this.remote))
  }

  send(): boolean {
    return this.isOpen
  }

  sendNote(note: string): boolean {
    const other = this.remote === null ? undefined : this.#network.get(this.remote)
    if (!this.isOpen || !this.#options.notes || !other) return false
    other.#options.onNote(note)
    return true
  }

  notifyAt(): void {
    // Nothing is ever buffered here.
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.isOpen = false
    this.#options.onClose()
    if (this.remote) this.#network.get(this.remote)?.close()
  }

  #say(type: 'offer' | 'answer'): void {
    const { onSignal } = this.#options
    onSignal({ type, sdp: `a=fingerprint:${this.fingerprint}` })
    onSignal({ type: 'candidate', candidate: { candidate: 'udp 192.0.2.7', sdpMLineIndex: 0, sdpMid: '0' } })
  }

  #meet(other: FakeLane | undefined): void {
    if (other?.remote !== this.fingerprint) return
    for (const lane of [this, other]) {
      lane.isOpen = true
      lane.#options.onOpen()
    }
  }
}

function idleTransfers(clock: ManualClock): Transfers {
  return new Transfers({
    clock,
    digest: {
      readFile: () => Promise.reject(new Error('no file')),
      assemble: () => Promise.reject(new Error('no file')),
      close: () => undefined,
    },
    code: { encode: () => Promise.resolve([]), decode: () => Promise.resolve(null), close: () => undefined },
    sight: {
      showHeld: () => Promise.resolve(null),
      drawCopy: () => Promise.resolve(null),
      isVisible: () => true,
    },
    maxPictureBytes: 1,
    newTransferId: () => '0'.repeat(16),
    onChange: () => undefined,
  })
}
