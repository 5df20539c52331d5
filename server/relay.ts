import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import type { RawData, WebSocket } from 'ws'

import type { Clock } from './clock'
import type { Limits } from './limits'
import { RelayHub } from './relay-hub'
import type { RelayHubOptions, RelayOutgoing } from './relay-hub'
import { SocketPool, refuseUpgrade } from './socket-pool'
import type { PooledSocket, Refusal } from './socket-pool'

const TICK_MS = 1000
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

/** Carries WebSocket frames between `ws` and the relay's hub, and time from the clock to it. */
export class Relay {
  private readonly pool: SocketPool
  private readonly hub: RelayHub
  private readonly stopTicking: () => void

  constructor(private readonly options: RelayOptions) {
    const { limits, clock, seats, openTicket, addressOf, isAllowed } = options
    this.pool = new SocketPool({
      ...{ clock, addressOf, isAllowed },
      frameBytes: limits.relayFrameBytes,
      sockets: limits.relaySockets,
      socketsPerAddress: limits.relaySocketsPerAddress,
      onOpen: (opened) => this.accept(opened),
    })
    this.hub = new RelayHub({
      ...{ limits, seats, openTicket },
      unread: (id) => this.pool.get(id)?.bufferedAmount ?? 0,
    })
    this.stopTicking = clock.every(TICK_MS, () => this.carryOut(this.hub.handleTick(clock.now())))
  }

  /** Why this request may not open a socket, or null. */
  refusal(request: IncomingMessage): Refusal | null {
    if (!this.options.enabled) return { status: 403, code: 'SHOAL_RELAY_OFF' }
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

  private accept({ id, socket, address }: PooledSocket): void {
    const { clock } = this.options
    this.hub.handleOpen(id, address, clock.now())
    socket.on('message', (data, isBinary) => {
      const bytes = bytesOf(data)
      this.carryOut(
        isBinary
          ? this.hub.handleFrame(id, bytes, clock.now())
          : this.hub.handleText(id, bytes.toString(), clock.now()),
      )
    })
    socket.on('close', () => this.carryOut(this.hub.handleClose(id)))
  }

  private carryOut(outgoing: readonly RelayOutgoing[]): void {
    for (const item of outgoing) {
      const socket = this.pool.get(item.socketId)
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
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
