import type { ErrorCode } from '@/lib/protocol/errors'

import type { Clock } from './clock'
import type { ClientMessage, Member, ServerMessage, SignallingLimits } from './messages'
import { Roster } from './roster'
import { SignalSender } from './signal-sender'

type Joined = Extract<ServerMessage, { type: 'joined' }>
type ErrorMessage = Extract<ServerMessage, { type: 'error' }>

/** What the server says to a member that is in a room. */
export type RoomNews = Exclude<ServerMessage, { type: 'welcome' | 'joined' | 'paths' | 'error' | 'pong' }>

type SignalListener = (from: string, payload: string) => void
type RemovalListener = (id: string) => void
type RefusalListener = (to: string, code: ErrorCode) => void

export interface RoomTrafficOptions {
  readonly clock: Clock
  readonly send: (message: ClientMessage) => void
  /** The list of the others is a new one. */
  readonly onMembers: (members: readonly Member[]) => void
}

/** The others in the room, and the signals to and from them. Survives the loss of the socket. */
export class RoomTraffic {
  readonly #options: RoomTrafficOptions
  readonly #roster = new Roster()
  readonly #sender: SignalSender
  readonly #signalListeners = new Set<SignalListener>()
  readonly #refusalListeners = new Set<RefusalListener>()
  readonly #removalListeners = new Set<RemovalListener>()
  #selfId: string | null = null
  #isLive = false
  #resumeWindowMs = 0
  #cancelConfirm: (() => void) | null = null

  constructor(options: RoomTrafficOptions) {
    this.#options = options
    this.#sender = new SignalSender({
      clock: options.clock,
      isReachable: (to) => this.#isLive && this.#roster.isReachable(to),
      send: (to, payload) => options.send({ type: 'signal', to, payload }),
    })
  }

  onSignal(listener: SignalListener): () => void {
    this.#signalListeners.add(listener)
    return () => this.#signalListeners.delete(listener)
  }

  onRefused(listener: RefusalListener): () => void {
    this.#refusalListeners.add(listener)
    return () => this.#refusalListeners.delete(listener)
  }

  onRemoved(listener: RemovalListener): () => void {
    this.#removalListeners.add(listener)
    return () => this.#removalListeners.delete(listener)
  }

  setLimits(limits: SignallingLimits): void {
    this.#resumeWindowMs = limits.resumeWindowMs
    this.#sender.setLimits(limits)
  }

  sendSignal(to: string, payload: string): boolean {
    return this.#roster.has(to) && this.#sender.add(to, payload)
  }

  /** The server has let us in, for the first time or again. Returns the others. */
  enter({ selfId, members, rebuilt, removed = [] }: Joined): readonly Member[] {
    const isOther = this.#selfId !== selfId
    this.#selfId = selfId
    const others = members.filter(({ id }) => id !== selfId)
    const isOldPage = ({ id, instance }: Member): boolean => this.#roster.instanceOf(id) === instance
    const reloaded = new Set(others.filter((member) => !isOldPage(member)).map(({ id }) => id))
    this.#roster.replace(others, rebuilt)
    for (const id of removed) this.#handleRemoved(id)
    // What was meant for a former page of a peer, or said under a former id of ours, means nothing now.
    this.#sender.keep((to) => !isOther && this.#roster.has(to) && !reloaded.has(to))
    this.#isLive = true
    this.#cancelConfirm?.()
    this.#cancelConfirm = this.#options.clock.schedule(this.#resumeWindowMs, () => {
      this.#roster.dropUnconfirmed()
      this.#changed()
    })
    this.#sender.drain()
    return this.#roster.members
  }

  /** False for what makes no sense: news about a stranger, a signal from one. */
  handleNews(news: RoomNews): boolean {
    if (news.type === 'signal') {
      if (!this.#roster.has(news.from)) return false
      for (const listener of this.#signalListeners) listener(news.from, news.payload)
      return true
    }
    const id = news.type === 'member-joined' ? news.member.id : news.id
    const instance = this.#roster.instanceOf(id)
    if (id === this.#selfId || !this.#roster.apply(news)) return false
    if (this.#roster.instanceOf(id) !== instance) this.#sender.keep((to) => to !== id)
    if (news.type === 'member-left' && news.removed) this.#handleRemoved(id)
    this.#changed()
    this.#sender.drain()
    return true
  }

  /** False for an error that is not about signals. */
  handleError({ code, to, retryAfterMs = 0 }: ErrorMessage): boolean {
    if (code === 'SHOAL_RATE_LIMITED') this.#sender.pause(retryAfterMs)
    else if (to !== undefined) for (const listener of this.#refusalListeners) listener(to, code)
    else return false
    return true
  }

  /** The socket is lost: signals wait. */
  suspend(): void {
    this.#isLive = false
  }

  /** We are in no room any more; listeners stay. */
  clear(): void {
    this.suspend()
    this.#selfId = null
    this.#cancelConfirm?.()
    this.#cancelConfirm = null
    this.#roster.clear()
    this.#sender.clear()
  }

  removeListeners(): void {
    this.#signalListeners.clear()
    this.#refusalListeners.clear()
    this.#removalListeners.clear()
  }

  #handleRemoved(id: string): void {
    this.#roster.remove(id)
    for (const listener of this.#removalListeners) listener(id)
  }

  #changed(): void {
    this.#sender.keep((to) => this.#roster.has(to))
    this.#options.onMembers(this.#roster.members)
  }
}
