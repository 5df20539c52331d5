import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { WebSocketServer } from 'ws'
import type { RawData, WebSocket } from 'ws'

import type { ErrorCode } from '@/lib/protocol/errors'
import { CLOSE_GOODBYE } from '@/lib/signalling/messages'
import type { ServerAddress } from '@/lib/signalling/messages'

import type { Clock } from './clock'
import type { Hub } from './hub'
import type { Limits } from './limits'
import { CLOSE } from './outgoing'
import type { Outgoing } from './outgoing'

/** Browsers answer a ping by themselves, also from a hidden tab. */
const HEARTBEAT_MS = 25_000
/** A phone whose radio sleeps may miss one or two. */
const MISSED_PINGS_MAX = 3
const TICK_MS = 1000
/** How long a socket may take to answer our close before it is cut off. */
const CLOSE_WAIT_MS = 500

export interface SocketEdgeOptions {
  readonly hub: Hub
  readonly clock: Clock
  readonly limits: Limits
  readonly addresses: () => ServerAddress[]
  /** What joins and sockets are counted by. */
  readonly addressOf: (request: IncomingMessage) => string
  readonly isAllowed: (request: IncomingMessage) => boolean
}

interface Connection {
  readonly id: number
  readonly socket: WebSocket
  readonly address: string
  missedPings: number
}

/** Carries WebSocket messages between `ws` and the hub, and time from the clock to it. */
export class SocketEdge {
  private readonly server: WebSocketServer
  private readonly connections = new Map<number, Connection>()
  private readonly perAddress = new Map<string, number>()
  private readonly stopTimers: (() => void)[]
  private lastId = 0

  constructor(private readonly options: SocketEdgeOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.limits.frameBytes,
    })
    const { clock, hub } = options
    this.stopTimers = [
      clock.every(TICK_MS, () => this.carryOut(hub.handleTick(clock.now()))),
      clock.every(HEARTBEAT_MS, () => this.beat()),
    ]
  }

  /** Why this request may not open a socket, or null. */
  refusal(request: IncomingMessage): { status: number; code: ErrorCode } | null {
    if (!this.options.isAllowed(request)) return { status: 403, code: 'SHOAL_ORIGIN_REFUSED' }
    if (this.connections.size >= this.options.limits.sockets)
      return { status: 503, code: 'SHOAL_SERVER_FULL' }
    const sockets = this.perAddress.get(this.options.addressOf(request)) ?? 0
    if (sockets >= this.options.limits.socketsPerAddress) return { status: 429, code: 'SHOAL_TOO_MANY_JOINS' }
    return null
  }

  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.refusal(request)
    if (refusal) refuseUpgrade(stream, refusal.status, refusal.code)
    else this.server.handleUpgrade(request, stream, head, (socket) => this.accept(socket, request))
  }

  /** Tells every page that the server is going away (1001), and cuts off those that do not answer. */
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
    const { hub, clock, addressOf, addresses } = this.options
    const connection: Connection = { id: ++this.lastId, socket, address: addressOf(request), missedPings: 0 }
    this.connections.set(connection.id, connection)
    this.perAddress.set(connection.address, (this.perAddress.get(connection.address) ?? 0) + 1)

    socket.on('message', (data, isBinary) => {
      connection.missedPings = 0
      const bytes = byteLength(data)
      const text = isBinary || bytes > this.options.limits.messageBytes ? null : textOf(data)
      this.carryOut(hub.handleMessage(connection.id, text, bytes, clock.now()))
    })
    socket.on('pong', () => {
      connection.missedPings = 0
    })
    // A broken frame or one that is too large: ws closes the socket with the right code by itself.
    socket.on('error', () => undefined)
    socket.on('close', (code) => {
      this.forget(connection)
      // A browser says "going away" for a page that had no time to say goodbye itself.
      const closed = code === CLOSE_GOODBYE || code === CLOSE.goingAway
      this.carryOut(hub.handleClose(connection.id, closed, clock.now()))
    })
    this.carryOut(hub.handleOpen(connection.id, connection.address, addresses(), clock.now()))
  }

  private carryOut(outgoing: readonly Outgoing[]): void {
    for (const item of outgoing) {
      const socket = this.connections.get(item.socketId)?.socket
      if (socket === undefined) continue
      if (item.kind === 'close') socket.close(item.code, item.reason)
      else if (socket.bufferedAmount > this.options.limits.unreadBytes) socket.terminate()
      else socket.send(JSON.stringify(item.message))
    }
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

/** Answers an upgrade in plain HTTP; the code tells a person with developer tools what is wrong. */
export function refuseUpgrade(stream: Duplex, status: number, code?: ErrorCode): void {
  const body = code === undefined ? '' : JSON.stringify({ error: code })
  stream.on('error', () => stream.destroy())
  stream.end(
    [
      `HTTP/1.1 ${status} Refused`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}

function byteLength(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
