import { createStore } from 'zustand/vanilla'

import type { ErrorCode } from '@/lib/protocol/errors'

import { backoffMs } from './backoff'
import type {
  CreateOptions,
  JoinOptions,
  SignallingClient,
  SignallingOptions,
  SignallingState,
} from './client-types'
import { Connection } from './connection'
import { Entry } from './entry'
import type { Intent } from './entry'
import { CLOSE_GOODBYE, cleanName, parseRoomCode } from './messages'
import type { ServerMessage } from './messages'
import { NO_PATHS } from './paths'
import type { StoredPlace } from './place'
import { RoomTraffic } from './room-traffic'

export type * from './client-types'

type ErrorMessage = Extract<ServerMessage, { type: 'error' }>
type Joined = Extract<ServerMessage, { type: 'joined' }>

/** A person wants to know why nothing happens before the back-off has grown past a few seconds. */
const UNREACHABLE_AFTER_FAILURES = 3

const CLOSE_REPLACED = 4001
const CLOSE_EXPIRED = 4002
const CLOSE_REMOVED = 4005

/** After these there is no way back by itself. */
const ENDINGS = ['SHOAL_REPLACED', 'SHOAL_ROOM_EXPIRED', 'SHOAL_REMOVED'] satisfies readonly ErrorCode[]

const NOWHERE: SignallingState = {
  phase: 'idle',
  errorCode: null,
  room: null,
  selfId: null,
  selfName: null,
  title: null,
  owner: false,
  members: [],
  addresses: [],
  limits: null,
  paths: NO_PATHS,
  ignored: 0,
}

/** Makes the client; nothing is connected before `create` or `join`. */
export function createSignallingClient(options: SignallingOptions): SignallingClient {
  return new Client(options)
}

class Client implements SignallingClient {
  readonly #options: SignallingOptions
  readonly #store = createStore<SignallingState>(() => NOWHERE)
  readonly #traffic: RoomTraffic
  #entry: Entry | null = null
  #connection: Connection | null = null
  #failures = 0
  #cancelRetry: (() => void) | null = null

  constructor(options: SignallingOptions) {
    this.#options = options
    this.#traffic = new RoomTraffic({
      clock: options.clock,
      send: (message) => this.#connection?.send(message),
      onMembers: (members) => {
        if (this.getState().members !== members) this.#patch({ members })
      },
    })
  }

  getState(): SignallingState {
    return this.#store.getState()
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener)
  }

  create(options: CreateOptions): void {
    this.#depart()
    this.#start({ ...options, kind: 'create' }, this.#storedPlace(options))
  }

  join(options: JoinOptions): void {
    this.#depart()
    const room = parseRoomCode(options.room)
    if (room === null) this.#fail('SHOAL_BAD_CODE')
    else this.#start({ ...options, room, kind: 'join' }, this.#storedPlace(options, room))
  }

  leave(): void {
    this.#depart()
    this.#options.tokens.clear()
    this.#patch({ ...NOWHERE, phase: 'left' })
  }

  nudge(): void {
    if (this.#connection?.isOpen) this.#connection.check()
    else if (this.#cancelRetry && this.#connection === null) this.#connect()
  }

  sendSignal(to: string, payload: string): boolean {
    return this.#traffic.sendSignal(to, payload)
  }

  onSignal(listener: (from: string, payload: string) => void): () => void {
    return this.#traffic.onSignal(listener)
  }

  onRefused(listener: (to: string, code: ErrorCode) => void): () => void {
    return this.#traffic.onRefused(listener)
  }

  remove(memberId: string): boolean {
    const { phase, members } = this.getState()
    if (phase !== 'joined' || !members.some(({ id }) => id === memberId)) return false
    this.#connection?.send({ type: 'remove', member: memberId })
    return true
  }

  onRemoved(listener: (memberId: string) => void): () => void {
    return this.#traffic.onRemoved(listener)
  }

  close(): void {
    this.#connection?.close(CLOSE_GOODBYE)
    this.#reset()
    this.#traffic.removeListeners()
  }

  #start(intent: Intent, place: StoredPlace | null): void {
    const name = cleanName(intent.name)
    if (name === null) {
      this.#fail('SHOAL_BAD_NAME')
      return
    }
    this.#entry = new Entry({ ...intent, name }, place, this.#options.instance)
    this.#patch({ ...NOWHERE, phase: 'connecting' })
    this.#connect()
  }

  /** Gives up the place that we have, if any. */
  #depart(): void {
    if (this.#entry?.wasIn) {
      this.#connection?.send({ type: 'leave' })
      this.#options.tokens.clear()
    }
    this.#reset()
  }

  /** This tab's place from before a reload, if it is the one that is asked for. */
  #storedPlace({ name, role }: CreateOptions, room?: string): StoredPlace | null {
    const place = this.#options.tokens.load()
    if (place?.role !== role || place.name !== cleanName(name)) return null
    return room === undefined || place.room === room ? place : null
  }

  #connect(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
    if (!this.#entry) return
    const { openSocket, clock } = this.#options
    this.#connection = new Connection({
      openSocket,
      clock,
      request: this.#entry.nextRequest(),
      onMessage: (message) => this.#handleMessage(message),
      onNonsense: () => this.#ignore(),
      onLost: (code, wasOpen) => this.#handleLost(code, wasOpen),
    })
  }

  #enter(): void {
    if (this.#entry) this.#connection?.send(this.#entry.nextRequest())
  }

  #handleMessage(message: ServerMessage): void {
    const isAsking = this.#entry?.isAsking === true
    switch (message.type) {
      case 'welcome':
        this.#traffic.setLimits(message.limits)
        this.#patch({ addresses: message.addresses, limits: message.limits })
        break
      case 'joined':
        if (isAsking) this.#handleJoined(message)
        else this.#ignore()
        break
      case 'error':
        if (isAsking) this.#handleRefusal(message)
        else this.#handleError(message)
        break
      case 'paths':
        if (isAsking) this.#ignore()
        else this.#patch({ paths: message.paths })
        break
      case 'pong':
        break
      default:
        if (isAsking || !this.#traffic.handleNews(message)) this.#ignore()
    }
  }

  #handleJoined(joined: Joined): void {
    if (this.#entry?.isAskedFor(joined) === false) {
      this.#ignore()
      this.#connection?.close()
      this.#handleLost(1000, true)
      return
    }
    this.#entry?.handleJoined(joined)
    if (this.#entry?.place) this.#options.tokens.save(this.#entry.place)
    this.#failures = 0
    const { room, selfId, name, title = null, owner = false, paths = NO_PATHS } = joined
    const members = this.#traffic.enter(joined)
    const place = { room, selfId, selfName: name, title, owner }
    this.#patch({ phase: 'joined', errorCode: null, ...place, members, paths })
  }

  #handleRefusal(message: ErrorMessage): void {
    const entry = this.#entry
    if (entry === null) return
    const formerPlace = entry.place
    const after = entry.handleRefusal(message, this.#options.clock.now())
    if (entry.place !== formerPlace) this.#options.tokens.clear()
    if (after.then === 'fail') this.#fail(after.code)
    else if (after.then === 'ask-now') this.#enter()
    else this.#retryAfter(after.inMs ?? this.#nextDelayMs(), () => this.#enter())
  }

  #handleError(message: ErrorMessage): void {
    const { code } = message
    if (ENDINGS.some((ending) => ending === code)) this.#fail(code)
    else if (code === 'SHOAL_NOT_IN_ROOM') {
      this.#connection?.close()
      this.#handleLost(1000, true)
    } else if (!this.#traffic.handleError(message)) this.#ignore()
  }

  #handleLost(code: number, wasOpen: boolean): void {
    const wasIn = this.#entry?.wasIn === true
    this.#connection = null
    this.#entry?.forgetRequest()
    this.#traffic.suspend()
    if (code === CLOSE_REPLACED) this.#fail('SHOAL_REPLACED')
    else if (code === CLOSE_EXPIRED) this.#fail('SHOAL_ROOM_EXPIRED')
    else if (code === CLOSE_REMOVED) this.#fail('SHOAL_REMOVED')
    else {
      const delayMs = this.#nextDelayMs()
      const isLong = this.#failures >= UNREACHABLE_AFTER_FAILURES
      this.#patch({
        phase: wasIn ? 'reconnecting' : 'connecting',
        errorCode: this.getState().errorCode ?? (isLong ? 'SHOAL_SERVER_UNREACHABLE' : null),
      })
      this.#retryAfter(delayMs, () => this.#connect())
      // Who was in the room is not refused for where its page came from.
      if (!wasOpen && !wasIn) void this.#explain()
    }
  }

  #retryAfter(delayMs: number, attempt: () => void): void {
    this.#cancelRetry?.()
    this.#cancelRetry = this.#options.clock.schedule(delayMs, () => {
      this.#cancelRetry = null
      attempt()
    })
  }

  #nextDelayMs(): number {
    this.#failures += 1
    return backoffMs(this.#failures, this.#options.random)
  }

  async #explain(): Promise<void> {
    const entry = this.#entry
    const code = await this.#options.explain?.().catch(() => null)
    if (code === null || code === undefined || this.#entry !== entry || this.#connection?.isOpen) return
    if (code === 'SHOAL_ORIGIN_REFUSED') this.#fail(code)
    else this.#patch({ errorCode: code })
  }

  #fail(code: ErrorCode): void {
    if (this.#entry?.place) this.#options.tokens.clear()
    this.#reset()
    this.#patch({ phase: 'failed', errorCode: code, selfId: null, members: [] })
  }

  #reset(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
    this.#connection?.close()
    this.#connection = null
    this.#entry = null
    this.#failures = 0
    this.#traffic.clear()
  }

  #ignore(): void {
    this.#patch({ ignored: this.getState().ignored + 1 })
  }

  #patch(change: Partial<SignallingState>): void {
    this.#store.setState(change)
  }
}
