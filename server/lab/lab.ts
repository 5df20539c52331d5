import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import type { RawData, WebSocket } from 'ws'

import { isLoopback } from '../addresses'
import type { Interfaces } from '../addresses'
import type { Clock } from '../clock'
import { SocketPool, refuseUpgrade } from '../socket-pool'
import type { PooledSocket, Refusal } from '../socket-pool'
import { LabHub } from './lab-hub'
import { DEFAULT_LAB_LIMITS } from './lab-limits'
import type { LabLimits } from './lab-limits'
import { isNear } from './near'

/** The server knows the rest of what the lab shares with its pages in this folder alone. */
export { LAB_SOCKET_PATH } from '@/lib/lab/messages'

const TICK_MS = 1000
/** A page that reads nothing is cut off: some counters of all its paths. */
const UNREAD_MAX_BYTES = 4 * 1024 * 1024

export interface LabOptions {
  readonly clock: Clock
  /** False refuses every socket. */
  readonly enabled: boolean
  readonly interfaces: () => Interfaces
  /** What the server listens on; undefined: every interface. */
  readonly host: string | undefined
  readonly addressOf: (request: IncomingMessage) => string
  readonly isAllowed: (request: IncomingMessage) => boolean
  readonly limits?: LabLimits
}

/** The lab's own WebSocket: pages of this computer and of its network ask for emulated paths by it. */
export class Lab {
  private readonly pool: SocketPool
  private readonly hub: LabHub
  private readonly stopTicking: () => void

  constructor(private readonly options: LabOptions) {
    const { clock, interfaces, host, addressOf, isAllowed, limits = DEFAULT_LAB_LIMITS } = options
    this.pool = new SocketPool({
      ...{ clock, addressOf, isAllowed },
      frameBytes: limits.messageBytes,
      sockets: limits.sockets,
      socketsPerAddress: limits.socketsPerAddress,
      onOpen: (opened) => this.accept(opened),
    })
    this.hub = new LabHub({
      ...{ limits, interfaces, loopbackOnly: host !== undefined && isLoopback(host) },
      send: (id, message) => this.send(this.pool.get(id), JSON.stringify(message)),
    })
    this.stopTicking = clock.every(TICK_MS, () => this.hub.handleTick(clock.now()))
  }

  /** Why this request may not open a socket, or null. */
  refusal(request: IncomingMessage): Refusal | null {
    const { enabled, interfaces } = this.options
    if (!enabled) return { status: 404, code: 'SHOAL_LAB_OFF' }
    if (!isNear(request.socket.remoteAddress ?? '', interfaces()))
      return { status: 403, code: 'SHOAL_ORIGIN_REFUSED' }
    return this.pool.refusal(request)
  }

  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.refusal(request)
    if (refusal) refuseUpgrade(stream, refusal.status, refusal.code)
    else this.pool.open(request, stream, head)
  }

  async close(): Promise<void> {
    this.stopTicking()
    this.hub.close()
    await this.pool.close()
  }

  private accept({ id, socket }: PooledSocket): void {
    const { clock } = this.options
    this.hub.handleOpen(id, clock.now())
    socket.on('message', (data, isBinary) =>
      this.hub.handleMessage(id, isBinary ? null : textOf(data), clock.now()),
    )
    socket.on('close', () => this.hub.handleClose(id))
  }

  private send(socket: WebSocket | undefined, text: string): void {
    if (socket === undefined) return
    if (socket.bufferedAmount > UNREAD_MAX_BYTES) socket.terminate()
    else socket.send(text)
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
