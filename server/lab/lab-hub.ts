import { LAB_MESSAGE_MAX_CHARS, parseLabClientMessage } from '@/lib/lab/messages'
import type { LabClientMessage, LabServerMessage } from '@/lib/lab/messages'
import type { ErrorCode } from '@/lib/protocol/errors'
import { Budget } from '@/lib/sim/emulated-direction'
import { TokenBucket } from '@/lib/signalling/messages'

import type { Interfaces } from '../addresses'
import type { LabLimits } from './lab-limits'
import { LabPath } from './lab-path'
import type { LabPathOptions } from './lab-path'
import { LOOPBACK, isNear, isOwn, nearAddress, ownAddress } from './near'
import { Waker } from './waker'

export interface LabHubOptions {
  readonly limits: LabLimits
  readonly interfaces: () => Interfaces
  /** The server is for this computer alone. */
  readonly loopbackOnly: boolean
  readonly send: (socketId: number, message: LabServerMessage) => void
  readonly waker?: Waker
}

interface OpenPath {
  readonly endsAtMs: number
  /** Null while its sockets are being bound. */
  path: LabPath | null
}

interface Owner {
  readonly messages: TokenBucket
  readonly paths: Map<string, OpenPath>
}

/** The paths of all sockets of the lab: a path belongs to the socket that asked for it, and ends with it. */
export class LabHub {
  readonly #options: LabHubOptions
  readonly #waker: Waker
  readonly #budget: Budget
  readonly #owners = new Map<number, Owner>()

  constructor(options: LabHubOptions) {
    this.#options = options
    this.#waker = options.waker ?? new Waker()
    this.#budget = new Budget(options.limits.inFlightBytesTotal)
  }

  /** Paths that are open or being opened. */
  get pathCount(): number {
    let count = 0
    for (const { paths } of this.#owners.values()) count += paths.size
    return count
  }

  handleOpen(socketId: number, now: number): void {
    const { messagesPerSecond, messageBurst } = this.#options.limits
    this.#owners.set(socketId, {
      messages: new TokenBucket(messagesPerSecond, messageBurst, now),
      paths: new Map(),
    })
  }

  handleMessage(socketId: number, text: string | null, now: number): void {
    const owner = this.#owners.get(socketId)
    if (!owner) return
    if (!owner.messages.take(now)) {
      this.#fail(socketId, null, 'SHOAL_RATE_LIMITED')
      return
    }
    const message = parseLabClientMessage(text)
    if (message) this.#handle(socketId, owner, message, now)
    else this.#fail(socketId, null, tooLong(text) ? 'SHOAL_MESSAGE_TOO_LARGE' : 'SHOAL_BAD_MESSAGE')
  }

  handleClose(socketId: number): void {
    const owner = this.#owners.get(socketId)
    this.#owners.delete(socketId)
    for (const { path } of owner?.paths.values() ?? []) path?.close()
  }

  handleTick(now: number): void {
    for (const [socketId, owner] of this.#owners) {
      for (const [id, { endsAtMs, path }] of owner.paths) {
        if (path && now >= endsAtMs) this.#delete(socketId, owner, id, path)
      }
    }
  }

  close(): void {
    for (const socketId of [...this.#owners.keys()]) this.handleClose(socketId)
  }

  #handle(socketId: number, owner: Owner, message: LabClientMessage, now: number): void {
    const { id } = message
    if (message.type === 'create') {
      void this.#create(socketId, owner, message, now)
      return
    }
    const path = owner.paths.get(id)?.path
    if (!path) this.#fail(socketId, id, 'SHOAL_LAB_NO_PATH')
    else if (message.type === 'change') {
      path.change(message.network, message.seed)
      this.#options.send(socketId, { type: 'changed', id })
    } else if (message.type === 'counters') {
      this.#options.send(socketId, { type: 'counters', id, counters: path.counters() })
    } else this.#delete(socketId, owner, id, path)
  }

  async #create(
    socketId: number,
    owner: Owner,
    { id, network, seed, reach }: Extract<LabClientMessage, { type: 'create' }>,
    now: number,
  ): Promise<void> {
    const { limits } = this.#options
    if (owner.paths.has(id)) return this.#fail(socketId, id, 'SHOAL_BAD_MESSAGE')
    if (owner.paths.size >= limits.pathsPerSocket || this.pathCount >= limits.paths)
      return this.#fail(socketId, id, 'SHOAL_LAB_FULL')
    const interfaces = this.#options.interfaces()
    const host = this.#hostFor(reach, interfaces)
    if (host === null) return this.#fail(socketId, id, 'SHOAL_LAB_NO_NETWORK')
    const entry: OpenPath = { endsAtMs: now + limits.pathMaxAgeMs, path: null }
    owner.paths.set(id, entry)
    const path = await this.#open({
      ...{ network, seed, host },
      isNear: (address) => (reach === 'computer' ? isOwn : isNear)(address, interfaces),
    })
    if (!path) {
      owner.paths.delete(id)
      this.#fail(socketId, id, 'SHOAL_LAB_FULL')
    } else if (this.#owners.get(socketId) !== owner) path.close()
    else {
      entry.path = path
      this.#options.send(socketId, { type: 'created', id, ...path.ends })
    }
  }

  /** Null where no other device could reach it. */
  #hostFor(reach: 'computer' | 'network', interfaces: Interfaces): string | null {
    const { loopbackOnly } = this.#options
    if (reach === 'computer') return loopbackOnly ? LOOPBACK : ownAddress(interfaces)
    return loopbackOnly ? null : nearAddress(interfaces)
  }

  /** Null when the system gives no more ports. */
  async #open(of: Pick<LabPathOptions, 'network' | 'seed' | 'host' | 'isNear'>): Promise<LabPath | null> {
    const { limits } = this.#options
    try {
      return await LabPath.open({
        ...{ ...of, waker: this.#waker, limits },
        budget: new Budget(limits.inFlightBytes, this.#budget),
      })
    } catch {
      return null
    }
  }

  #delete(socketId: number, owner: Owner, id: string, path: LabPath): void {
    const counters = path.counters()
    path.close()
    owner.paths.delete(id)
    this.#options.send(socketId, { type: 'deleted', id, counters })
  }

  #fail(socketId: number, id: string | null, code: ErrorCode): void {
    this.#options.send(socketId, { type: 'error', id, code })
  }
}

function tooLong(text: string | null): boolean {
  return text !== null && text.length > LAB_MESSAGE_MAX_CHARS
}
