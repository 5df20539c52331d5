import type { Clock } from './clock'
import { parseServerMessage } from './messages'
import type { ClientMessage, ServerMessage } from './messages'

/** A socket tells these what happens to it; after `onClose` it tells nothing more. */
export interface SocketHandlers {
  onOpen(): void
  onMessage(data: unknown): void
  /** With the close code; 1006 when there was none. Also when it never opened. */
  onClose(code: number): void
}

/** The part of a WebSocket that is used, so that a test can stand in for it. */
export interface Socket {
  send(text: string): void
  close(code?: number): void
}

/** `request` goes with the handshake. */
export type OpenSocket = (handlers: SocketHandlers, request: ClientMessage) => Socket

/** A network that swallows the handshake gives no error for minutes. */
const OPEN_DEADLINE_MS = 10_000
/** Well below what home routers and proxies forget an idle connection after. */
const PING_EVERY_MS = 15_000
const PONG_DEADLINE_MS = 10_000
/** After a hint that the network changed, a live server on it answers sooner than this. */
const CHECK_DEADLINE_MS = 3000

/** Neither side closed it: we did, because nothing came any more. */
export const CLOSE_SILENT = 1006

export interface ConnectionOptions {
  readonly openSocket: OpenSocket
  readonly clock: Clock
  /** The first thing that the server is told. */
  readonly request: ClientMessage
  readonly onMessage: (message: ServerMessage) => void
  /** Something came that is no message of the protocol; it is ignored. */
  readonly onNonsense: () => void
  /** Called once at most, and never after `close`. */
  readonly onLost: (code: number, wasOpen: boolean) => void
}

/** One socket to the server, from the handshake to its end. Notices a half-open one by pings of its own. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #socket: Socket
  #state: 'opening' | 'open' | 'over' = 'opening'
  #cancelDeadline: (() => void) | null = null
  #deadlineAtMs = Infinity
  #cancelPing: (() => void) | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#expectBy(OPEN_DEADLINE_MS)
    const handlers: SocketHandlers = {
      onOpen: () => this.#handleOpen(),
      onMessage: (data) => this.#handleMessage(data),
      onClose: (code) => this.#lose(code),
    }
    this.#socket = options.openSocket(handlers, options.request)
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  send(message: ClientMessage): void {
    if (this.#state === 'open') this.#socket.send(JSON.stringify(message))
  }

  /** Asks for a sign of life now, with little patience. */
  check(): void {
    if (this.#state === 'open') this.#ping(CHECK_DEADLINE_MS)
  }

  close(code = 1000): void {
    if (this.#state === 'over') return
    this.#end()
    this.#socket.close(code)
  }

  #handleOpen(): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#heard()
    this.#schedulePing()
  }

  #handleMessage(data: unknown): void {
    if (this.#state !== 'open') return
    this.#heard()
    const parsed = parseServerMessage(data)
    if (parsed.error !== undefined) this.#options.onNonsense()
    else if (parsed.data.type !== 'pong') this.#options.onMessage(parsed.data)
  }

  #schedulePing(): void {
    this.#cancelPing = this.#options.clock.schedule(PING_EVERY_MS, () => {
      this.#ping(PONG_DEADLINE_MS)
      this.#schedulePing()
    })
  }

  #ping(deadlineMs: number): void {
    this.send({ type: 'ping' })
    this.#expectBy(deadlineMs)
  }

  /** Something must be heard within `deadlineMs`; an earlier deadline stays. */
  #expectBy(deadlineMs: number): void {
    const { clock } = this.#options
    const atMs = clock.now() + deadlineMs
    if (atMs >= this.#deadlineAtMs) return
    this.#cancelDeadline?.()
    this.#deadlineAtMs = atMs
    this.#cancelDeadline = clock.schedule(deadlineMs, () => {
      const socket = this.#socket
      this.#lose(CLOSE_SILENT)
      socket.close()
    })
  }

  #heard(): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = null
    this.#deadlineAtMs = Infinity
  }

  #lose(code: number): void {
    if (this.#state === 'over') return
    const wasOpen = this.#state === 'open'
    this.#end()
    this.#options.onLost(code, wasOpen)
  }

  #end(): void {
    this.#state = 'over'
    this.#heard()
    this.#cancelPing?.()
    this.#cancelPing = null
  }
}
