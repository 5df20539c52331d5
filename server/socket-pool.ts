import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

import type { ErrorCode } from '@/lib/protocol/errors'

import type { Clock } from './clock'
import { CLOSE } from './outgoing'

const HEARTBEAT_MS = 25_000
/** A phone whose file dialog is open, or whose radio sleeps, may miss one or two. */
const MISSED_PINGS_MAX = 3
/** How long a page may take to answer our close. */
const CLOSE_WAIT_MS = 500

/** One socket, and what the pool knows of it. */
export interface PooledSocket {
  readonly id: number
  readonly socket: WebSocket
  readonly address: string
}

/** Why a request may not open a socket. */
export interface Refusal {
  readonly status: number
  readonly code: ErrorCode
}

export interface SocketPoolOptions {
  readonly clock: Clock
  /** A longer frame closes its socket with 1009, bytes. */
  readonly frameBytes: number
  readonly sockets: number
  readonly socketsPerAddress: number
  readonly addressOf: (request: IncomingMessage) => string
  readonly isAllowed: (request: IncomingMessage) => boolean
  /** A socket has opened; its messages and its end are the caller's to listen to. */
  readonly onOpen: (opened: PooledSocket, request: IncomingMessage) => void
}

/** The sockets of one path: counted by address, kept awake, closed together. What they say is not its affair. */
export class SocketPool {
  private readonly server: WebSocketServer
  private readonly entries = new Map<number, PooledSocket & { missedPings: number }>()
  private readonly perAddress = new Map<string, number>()
  private readonly stopBeating: () => void
  private lastId = 0

  constructor(private readonly options: SocketPoolOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Small messages and sealed ones: neither gets smaller.
      perMessageDeflate: false,
      maxPayload: options.frameBytes,
    })
    this.stopBeating = options.clock.every(HEARTBEAT_MS, () => this.beat())
  }

  get(id: number): WebSocket | undefined {
    return this.entries.get(id)?.socket
  }

  /** Why this request may not open a socket, or null. */
  refusal(request: IncomingMessage): Refusal | null {
    const { isAllowed, addressOf, sockets, socketsPerAddress } = this.options
    if (!isAllowed(request)) return { status: 403, code: 'SHOAL_ORIGIN_REFUSED' }
    if (this.entries.size >= sockets) return { status: 503, code: 'SHOAL_SERVER_FULL' }
    const ofAddress = this.perAddress.get(addressOf(request)) ?? 0
    if (ofAddress >= socketsPerAddress) return { status: 429, code: 'SHOAL_TOO_MANY_JOINS' }
    return null
  }

  /** Of a request that was not refused. */
  open(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, stream, head, (socket) => this.accept(socket, request))
  }

  /** Tells every page that the server is going away (1001), and cuts off those that do not answer. */
  async close(): Promise<void> {
    this.stopBeating()
    const open = Array.from(this.entries.values(), ({ socket }) => socket)
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
    const entry = { id: ++this.lastId, socket, address: this.options.addressOf(request), missedPings: 0 }
    this.entries.set(entry.id, entry)
    this.perAddress.set(entry.address, (this.perAddress.get(entry.address) ?? 0) + 1)
    const hear = (): void => {
      entry.missedPings = 0
    }
    socket.on('message', hear)
    socket.on('pong', hear)
    // A broken frame or one that is too large: ws closes the socket with the right code by itself.
    socket.on('error', () => undefined)
    socket.on('close', () => this.forget(entry))
    this.options.onOpen(entry, request)
  }

  private beat(): void {
    for (const entry of this.entries.values()) {
      if (entry.missedPings >= MISSED_PINGS_MAX) entry.socket.terminate()
      else {
        entry.missedPings += 1
        entry.socket.ping()
      }
    }
  }

  private forget({ id, address }: PooledSocket): void {
    this.entries.delete(id)
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
