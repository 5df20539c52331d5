import type { ErrorCode } from '@/lib/protocol/errors'

import { backoffMs } from './backoff'
import type { Clock } from './clock'
import { encodeRelayFrame, parseRelayFrame, parseRelayServerMessage, RELAY_EVERYONE } from './relay-messages'
import type { RelayClientMessage, RelayServerMessage } from './relay-messages'

/** A socket tells these what happens to it; after `onClose` it tells nothing more. */
export interface RelaySocketHandlers {
  onOpen(): void
  onText(text: string): void
  /** The bytes belong to the caller. */
  onFrame(frame: Uint8Array): void
  /** Also when it never opened. */
  onClose(code: number): void
}

/** The part of a WebSocket that is used, so that a test can stand in for it. */
export interface RelaySocket {
  readonly bufferedAmount: number
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number): void
}

export type OpenRelaySocket = (handlers: RelaySocketHandlers) => RelaySocket

export interface RelayClientOptions {
  readonly openSocket: OpenRelaySocket
  readonly clock: Clock
  readonly random: () => number
  /** Someone came, went, fell behind or caught up; or `errorCode` is another. */
  readonly onChange: () => void
  readonly onPacket: (from: string, packet: Uint8Array) => void
}

/** A network that swallows the handshake gives no error for minutes. */
const OPEN_DEADLINE_MS = 10_000
const PING_EVERY_MS = 15_000
const PONG_DEADLINE_MS = 10_000
/** After a hint that the network changed, a live server on it answers sooner than this. */
const CHECK_DEADLINE_MS = 3000

const CLOSE_REPLACED = 4001

/**
 * This page's one socket to the relay: open while it is wanted and there is a ticket, and opened again when it is
 * lost. It knows who else is there and carries sealed packets to them; what they mean it does not know.
 */
export class RelayClient {
  readonly #options: RelayClientOptions
  #ticket: string | null = null
  #wanted = false
  #socket: RelaySocket | null = null
  #entered = false
  readonly #here = new Set<string>()
  readonly #busy = new Set<string>()
  #failures = 0
  #errorCode: ErrorCode | null = null
  #retryNotBeforeMs = 0
  #cancelRetry: (() => void) | null = null
  #cancelDeadline: (() => void) | null = null
  #cancelPing: (() => void) | null = null

  constructor(options: RelayClientOptions) {
    this.#options = options
  }

  /** Why there is no relay for us although one is wanted; null while there may be one. */
  get errorCode(): ErrorCode | null {
    return this.#errorCode
  }

  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0
  }

  /** We are at the relay. */
  get entered(): boolean {
    return this.#entered
  }

  /** By which the server knows our place in the room; null where it does not relay. */
  setTicket(ticket: string | null): void {
    if (ticket === this.#ticket) return
    this.#ticket = ticket
    // Another place, or a new look at ours: what was wrong with the former ticket says nothing about this one.
    if (this.#errorCode !== 'SHOAL_RELAY_USED_UP') this.#errorCode = null
    this.#failures = 0
    if (ticket === null) this.#drop(1000)
    this.#settle()
  }

  setWanted(wanted: boolean): void {
    this.#wanted = wanted
    if (!wanted) this.#drop(1000)
    this.#settle()
  }

  isHere(id: string): boolean {
    return this.#here.has(id)
  }

  isBusy(id: string): boolean {
    return this.#busy.has(id)
  }

  /** False when it was not taken; it is then lost. */
  send(to: string, packet: Uint8Array): boolean {
    if (!this.#socket || !this.#here.has(to)) return false
    this.#socket.send(encodeRelayFrame(to, packet))
    return true
  }

  /** One packet up, for everyone else at the relay; false when it was not taken. */
  sendToAll(packet: Uint8Array): boolean {
    if (!this.#socket || !this.#entered) return false
    this.#socket.send(encodeRelayFrame(RELAY_EVERYONE, packet))
    return true
  }

  /** The network may be back: makes sure that all is well, or tries now. */
  nudge(): void {
    if (this.#entered) this.#ping(CHECK_DEADLINE_MS)
    else if (this.#cancelRetry && this.#options.clock.now() >= this.#retryNotBeforeMs) {
      this.#stopRetry()
      this.#settle()
    }
  }

  close(): void {
    this.#wanted = false
    this.#drop(1000)
  }

  #settle(): void {
    if (!this.#wanted || this.#ticket === null || this.#socket || this.#cancelRetry || this.#errorCode) return
    const socket = this.#options.openSocket({
      onOpen: () => {
        if (this.#socket === socket && this.#ticket !== null)
          this.#say({ type: 'enter', ticket: this.#ticket })
      },
      onText: (text) => {
        if (this.#socket === socket) this.#handleText(text)
      },
      onFrame: (frame) => {
        if (this.#socket === socket) this.#handleFrame(frame)
      },
      onClose: (code) => {
        if (this.#socket === socket) this.#handleLost(code)
      },
    })
    this.#socket = socket
    this.#expectBy(OPEN_DEADLINE_MS)
  }

  #handleText(text: string): void {
    const message = parseRelayServerMessage(text)
    if (!message) return
    this.#heard()
    if (message.type === 'entered') {
      this.#entered = true
      this.#failures = 0
      this.#pingLater()
    } else if (message.type === 'error') this.#handleError(message)
    if (this.#learn(message)) this.#options.onChange()
  }

  /** True when someone is there, or behind, who was not before, or the reverse. */
  #learn(message: RelayServerMessage): boolean {
    switch (message.type) {
      case 'entered':
        for (const id of message.here) this.#here.add(id)
        return true
      case 'here':
        this.#here.add(message.id)
        return true
      case 'gone':
        this.#busy.delete(message.id)
        return this.#here.delete(message.id)
      case 'busy':
        if (this.#here.has(message.id)) this.#busy.add(message.id)
        return true
      case 'ready':
        return this.#busy.delete(message.id)
      default:
        return false
    }
  }

  #handleFrame(frame: Uint8Array): void {
    const parsed = parseRelayFrame(frame)
    if (!parsed || !this.#here.has(parsed.id)) return
    this.#heard()
    this.#options.onPacket(parsed.id, parsed.packet)
  }

  /** The server closes after it; a ticket it refuses is refused again, so a new one is waited for. */
  #handleError({ code, retryAfterMs }: Extract<RelayServerMessage, { type: 'error' }>): void {
    if (retryAfterMs === undefined) this.#errorCode = code
    else this.#retryNotBeforeMs = this.#options.clock.now() + retryAfterMs
    this.#options.onChange()
  }

  #handleLost(code: number): void {
    this.#drop(null)
    if (code === CLOSE_REPLACED) this.#errorCode = 'SHOAL_REPLACED'
    if (!this.#wanted || this.#errorCode) return
    this.#failures += 1
    const { clock, random } = this.#options
    const delayMs = Math.max(backoffMs(this.#failures, random), this.#retryNotBeforeMs - clock.now())
    this.#cancelRetry = clock.schedule(delayMs, () => {
      this.#cancelRetry = null
      this.#settle()
    })
  }

  /** Forgets the socket; with a code it is closed first. */
  #drop(code: number | null): void {
    const socket = this.#socket
    const knewSomeone = this.#here.size > 0
    this.#socket = null
    this.#entered = false
    this.#here.clear()
    this.#busy.clear()
    this.#stopRetry()
    this.#heard()
    this.#cancelPing?.()
    this.#cancelPing = null
    if (code !== null) socket?.close(code)
    if (knewSomeone) this.#options.onChange()
  }

  #stopRetry(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
  }

  #pingLater(): void {
    this.#cancelPing = this.#options.clock.schedule(PING_EVERY_MS, () => {
      this.#ping(PONG_DEADLINE_MS)
      this.#pingLater()
    })
  }

  #ping(deadlineMs: number): void {
    this.#say({ type: 'ping' })
    this.#expectBy(deadlineMs)
  }

  /** Something must be heard by then, else the socket is half open. */
  #expectBy(deadlineMs: number): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = this.#options.clock.schedule(deadlineMs, () => {
      const socket = this.#socket
      this.#handleLost(1006)
      socket?.close()
    })
  }

  #heard(): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = null
  }

  #say(message: RelayClientMessage): void {
    this.#socket?.send(JSON.stringify(message))
  }
}
