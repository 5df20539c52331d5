import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import type { RawData } from 'ws'

import { CLOSE_GOODBYE, offeredRequest } from '@/lib/signalling/messages'
import type { ServerAddress } from '@/lib/signalling/messages'

import type { Clock } from './clock'
import type { Hub } from './hub'
import type { Limits } from './limits'
import { CLOSE } from './outgoing'
import type { Outgoing } from './outgoing'
import { SocketPool, refuseUpgrade } from './socket-pool'
import type { PooledSocket, Refusal } from './socket-pool'

const TICK_MS = 1000

export interface SocketEdgeOptions {
  readonly hub: Hub
  readonly clock: Clock
  readonly limits: Limits
  readonly addresses: () => ServerAddress[]
  /** What joins and sockets are counted by. */
  readonly addressOf: (request: IncomingMessage) => string
  readonly isAllowed: (request: IncomingMessage) => boolean
}

/** Carries WebSocket messages between `ws` and the hub, and time from the clock to it. */
export class SocketEdge {
  private readonly pool: SocketPool
  private readonly stopTicking: () => void

  constructor(private readonly options: SocketEdgeOptions) {
    const { clock, hub, limits, addressOf, isAllowed } = options
    const { frameBytes, sockets, socketsPerAddress } = limits
    this.pool = new SocketPool({
      ...{ clock, frameBytes, sockets, socketsPerAddress, addressOf, isAllowed },
      onOpen: (opened, request) => this.accept(opened, request),
    })
    this.stopTicking = clock.every(TICK_MS, () => this.carryOut(hub.handleTick(clock.now())))
  }

  /** Why this request may not open a socket, or null. */
  refusal(request: IncomingMessage): Refusal | null {
    return this.pool.refusal(request)
  }

  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.refusal(request)
    if (refusal) refuseUpgrade(stream, refusal.status, refusal.code)
    else this.pool.open(request, stream, head)
  }

  async close(): Promise<void> {
    this.stopTicking()
    await this.pool.close()
  }

  private accept({ id, socket, address }: PooledSocket, request: IncomingMessage): void {
    const { hub, clock, addresses, limits } = this.options
    socket.on('message', (data, isBinary) => {
      const bytes = byteLength(data)
      const text = isBinary || bytes > limits.messageBytes ? null : textOf(data)
      this.carryOut(hub.handleMessage(id, text, bytes, clock.now()))
    })
    socket.on('close', (code) => {
      // A browser says "going away" for a page that had no time to say goodbye itself.
      const closed = code === CLOSE_GOODBYE || code === CLOSE.goingAway
      this.carryOut(hub.handleClose(id, closed, clock.now()))
    })
    this.carryOut(hub.handleOpen(id, address, addresses(), clock.now()))
    const first = offeredRequest(request.headers['sec-websocket-protocol'])
    if (first !== null) this.carryOut(hub.handleMessage(id, first, Buffer.byteLength(first), clock.now()))
  }

  private carryOut(outgoing: readonly Outgoing[]): void {
    for (const item of outgoing) {
      const socket = this.pool.get(item.socketId)
      if (socket === undefined) continue
      if (item.kind === 'close') socket.close(item.code, item.reason)
      else if (socket.bufferedAmount > this.options.limits.unreadBytes) socket.terminate()
      else socket.send(JSON.stringify(item.message))
    }
  }
}

function byteLength(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
