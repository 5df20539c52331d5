import type { PairEnd } from '@/lib/keys/keyring'
import type { PairKeys } from '@/lib/keys/pair-keys'
import type { Clock } from '@/lib/peer/clock'
import type { OpenLane } from '@/lib/peer/lane'
import { Link } from '@/lib/peer/link'
import type { Member } from '@/lib/signalling/messages'

import type { RelayAccess } from './relay-access'
import { SealedSignals } from './sealed-signals'
import { problemOf } from './signal-problem'
import type { PeerView } from './types'

export interface MemberLinkOptions {
  readonly clock: Clock
  readonly openLane: OpenLane
  /** Null: never. */
  readonly relay: RelayAccess | null
  /** False: the relay alone. */
  readonly direct: boolean
  /** A payload for the member, by way of signalling. */
  readonly signal: (payload: string) => void
  /** A link message that came by way of signalling. */
  readonly onLinkMessage: (text: string) => void
  /** A message of any lane. */
  readonly onMessage: (message: Uint8Array) => void
  /** A text from its page; parsed by nobody yet. */
  readonly onText: (text: string) => void
  readonly onDrained: () => void
  readonly onLanesChanged: () => void
  readonly onRtt: (rttMs: number) => void
  /** What is known of it by its keys has changed. */
  readonly onKeys: () => void
  readonly onGoodbye: () => void
}

/** The link to one page of a member, and the keys that open what it sends and seal what is sent to it. */
export class MemberLink {
  readonly link: Link
  /** As the server last listed it. */
  member: Member
  /** No longer in the room as the server knows it; kept while a lane is open. */
  left = false
  /** Its page was closed and its transfers ended; a new link starts when it comes back. */
  gone = false
  /** It knows us by a place that we have lost: what it sends by other lanes than these is not for us. */
  stale = false
  hasLanes = false
  /** As the direct connection last said, ms. */
  rttMs: number | null = null
  readonly #options: MemberLinkOptions
  #keys: PairKeys
  #signals: SealedSignals
  #reachable: boolean

  /** Nothing is opened before `start`. */
  constructor(member: Member, keys: PairKeys, end: PairEnd, options: MemberLinkOptions) {
    this.member = member
    this.#keys = keys
    this.#options = options
    this.#reachable = !member.away
    const { clock, openLane, relay, direct, onText, onDrained, onLanesChanged, onGoodbye } = options
    this.link = new Link({
      ...{ initiator: end.role === 'sender', clock, openLane, direct },
      ...(relay && {
        relay: relay.laneTo(member.id, {
          cipher: () => this.#keys.cipher('relay'),
          onMessage: (message) => this.link.handleMessage(-1, message),
          onDrained,
          onChange: () => this.link.handleRelay(),
        }),
      }),
      ...{ onText, onDrained, onLanesChanged, onGoodbye },
      signal: (text) => this.#signals.signal(text),
      onMessage: (_lane, message) => options.onMessage(message),
      onRtt: (rttMs) => {
        this.rttMs = rttMs
        options.onRtt(rttMs)
      },
    })
    this.#signals = this.#signalsWith(keys)
  }

  /** Of its page and ours. */
  get keys(): PairKeys {
    return this.#keys
  }

  /** Lanes may be opened: it can be signalled to, as far as we know. */
  get reachable(): boolean {
    return this.#reachable
  }

  /** `isOpen`: one can send to it or receive from it now. */
  view(isOpen: boolean): PeerView {
    const { member, link, keys } = this
    const lost = this.gone || link.failing || (member.away && !link.isOpen)
    return {
      id: member.id,
      name: member.name,
      role: member.role,
      link: isOpen ? 'open' : lost ? 'lost' : 'connecting',
      away: member.away,
      verified: keys.verified,
      problem: link.isOpen ? null : problemOf(keys, link.failing),
      // The answering end only learns what the other one wants by what is opened.
      lanes: { open: link.openCount, target: Math.max(link.target, link.openCount) },
      path: link.path,
    }
  }

  /** What came from it by way of signalling. */
  handleSignal(payload: string): void {
    this.#signals.handle(payload)
  }

  /** Opens lanes, if it can be reached. */
  start(): void {
    if (!this.#reachable) return
    this.#signals.start()
    this.link.start()
  }

  /** It cannot be signalled to for the moment. */
  pause(): void {
    this.#reachable = false
    this.link.pause()
    this.#signals.pause()
  }

  resume(): void {
    this.#reachable = true
    this.#signals.start()
    this.link.resume()
  }

  /** Other keys for the same two pages: lanes that are open may go on under no weaker ones. `greet`: it can be reached. */
  setKeys(keys: PairKeys, greet: boolean): void {
    if (this.#keys.verified !== null) keys.require(this.#keys.verified)
    this.#signals.pause()
    this.#keys = keys
    this.#signals = this.#signalsWith(keys)
    if (greet) this.#signals.start()
  }

  close(): void {
    this.#signals.pause()
    this.link.close()
  }

  #signalsWith(keys: PairKeys): SealedSignals {
    const { clock, signal, onLinkMessage, onKeys } = this.#options
    return new SealedSignals({
      ...{ keys, clock, send: signal, onMessage: onLinkMessage },
      onChange: () => {
        if (this.#keys === keys) onKeys()
      },
    })
  }
}
