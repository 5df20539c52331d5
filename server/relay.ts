import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { WebSocketServer } from 'ws'
import type { RawData, WebSocket } from 'ws'

import type { ErrorCode } from '@/lib/protocol/errors'

import type { Clock } from './clock'
import type { Limits } from './limits'
import { CLOSE } from './outgoing'
import { RelayHub } from './relay-hub'
import type { RelayHubOptions, RelayOutgoing } from './relay-hub'
import { refuseUpgrade } from './socket-edge'

const HEARTBEAT_MS = 25_000
/** A phone whose radio sleeps may miss one or two. */
const MISSED_PINGS_MAX = 3
const TICK_MS = 1000
const CLOSE_WAIT_MS = 500
/** What we say ourselves to a socket that reads nothing: it is cut off past this, above its packets. */
const WORDS_MAX_BYTES = 64 * 1024

export interface RelayOptions extends Pick<RelayHubOptions, 'seats' | 'openTicket'> {
  readonly limits: Limits
  readonly clock: Clock
  /** False refuses every socket. */
  readonly enabled: boolean
  readonly addressOf: (request: IncomingMessage) => string
  readonly isAllowed: (request: IncomingMessage) => boolean
}

interface Connection {
  readonly id: number
  readonly socket: WebSocket
  readonly address: string
  missedPings: number
}

/** Carries WebSocket frames between `ws` and the relay's hub, and time from the clock to it. */
export class Relay {
  private readonly server: WebSocketServer
  private readonly hub: RelayHub
  private readonly connections = new Map<number, Connection>()
  private readonly perAddress = new Map<string, number>()
  private readonly stopTimers: (() => void)[]
  private lastId = 0

  constructor(private readonly options: RelayOptions) {
    const { limits, clock, seats, openTicket } = options
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // What is sealed does not get smaller.
      perMessageDeflate: false,
      maxPayload: limits.relayFrameBytes,
    })
    this.hub = new RelayHub({
      ...{ limits, seats, openTicket },
      unread: (id) => this.connections.get(id)?.socket.bufferedAmount ?? 0,
    })
    this.stopTimers = [
      clock.every(TICK_MS, () => this.carryOut(this.hub.handleTick(clock.now()))),
      clock.every(HEARTBEAT_MS, () => this.beat()),
    ]
  }

  /** Why this request may not open a socket, or null. */
  refusal(request: IncomingMessage): { status: number; code: ErrorCode } | null {
    const { enabled, isAllowed, limits, addressOf } = this.options
    if (!enabled) return { status: 403, code: 'SHOAL_RELAY_OFF' }
    if (!isAllowed(request)) return { status: 403, code: 'SHOAL_ORIGIN_REFUSED' }
    if (this.connections.size >= limits.relaySockets) return { status: 503, code: 'SHOAL_SERVER_FULL' }
    const sockets = this.perAddress.get(addressOf(request)) ?? 0
    if (sockets >= limits.relaySocketsPerAddress) return { status: 429, code: 'SHOAL_TOO_MANY_JOINS' }
    return null
  }

  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.refusal(request)
    if (refusal) refuseUpgrade(stream, refusal.status, refusal.code)
    else this.server.handleUpgrade(request, stream, head, (socket) => this.accept(socket, request))
  }

  async close(): Promise<void> {
    for (const stop of this.stopTimers) stop()
    const open = Array.from(this.connections.values(), ({ socket }) => socket)
    const closed = open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())))
    for (const socket of open) socket.close(CLOSE.goingAway, 'the server is going away')
    const cutOff = setTimeout(() => {
      for (const socket of open) socket.terminate()
    }, CLOSE_WAIT_MS)
    await Promise.all(closed)
    clearTimeout(cutOff)
    this.server.close()
  }

  private accept(socket: WebSocket, request: IncomingMessage): void {
    const { clock, addressOf } = this.options
    const connection: Connection = { id: ++this.lastId, socket, address: addressOf(request), missedPings: 0 }
    const { id, address } = connection
    this.connections.set(id, connection)
    this.perAddress.set(address, (this.perAddress.get(address) ?? 0) + 1)
    this.hub.handleOpen(id, address, clock.now())
    socket.on('message', (data, isBinary) => {
      connection.missedPings = 0
      const bytes = bytesOf(data)
      this.carryOut(
        isBinary
          ? this.hub.handleFrame(id, bytes, clock.now())
          : this.hub.handleText(id, bytes.toString(), clock.now()),
      )
    })
    socket.on('pong', () => {
      connection.missedPings = 0
    })
    // A broken frame or one that is too large: ws closes the socket with the right code by itself.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.forget(connection)
      this.carryOut(this.hub.handleClose(id))
    })
  }

  private carryOut(outgoing: readonly RelayOutgoing[]): void {
    for (const item of outgoing) {
      const socket = this.connections.get(item.socketId)?.socket
      if (socket === undefined) continue
      if (item.kind === 'close') socket.close(item.code, item.reason)
      else if (item.kind === 'packet') socket.send(item.frame, () => this.handleSent(item.socketId, socket))
      else if (socket.bufferedAmount > this.options.limits.relayQueueBytes + WORDS_MAX_BYTES)
        socket.terminate()
      else socket.send(JSON.stringify(item.message))
    }
  }

  /** Half of what made its senders wait, so that `busy` and `ready` do not take turns with every packet. */
  private handleSent(id: number, socket: WebSocket): void {
    if (socket.bufferedAmount <= this.options.limits.relayBusyBytes / 2)
      this.carryOut(this.hub.handleDrained(id))
  }

  private beat(): void {
    for (const connection of this.connections.values()) {
      if (connection.missedPings >= MISSED_PINGS_MAX) connection.socket.terminate()
      else {
        connection.missedPings += 1
        connection.socket.ping()
      }
    }
  }

  private forget({ id, address }: Connection): void {
    this.connections.delete(id)
    const left = (this.perAddress.get(address) ?? 1) - 1
    if (left === 0) this.perAddress.delete(address)
    else this.perAddress.set(address, left)
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
