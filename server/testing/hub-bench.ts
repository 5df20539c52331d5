import type { ClientMessage, ServerMessage } from '@/lib/signalling/messages'

import { Hub } from '../hub'
import { DEFAULT_LIMITS } from '../limits'
import type { Limits } from '../limits'
import type { Outgoing } from '../outgoing'
import type { PathIssuer } from '../paths'
import { createTokenSeal } from '../tokens'

export interface BenchOptions {
  readonly limits?: Partial<Limits>
  readonly key?: string
  readonly run?: string
  readonly restarted?: boolean
  readonly startMs?: number
  readonly paths?: PathIssuer
}

type OfType<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

/** A page as the hub sees it: what it was sent, and whether its socket was closed. */
export class Page {
  readonly inbox: ServerMessage[] = []
  closedWith: number | null = null

  constructor(
    readonly socketId: number,
    private readonly bench: HubBench,
  ) {}

  say(message: ClientMessage | Record<string, unknown>): void {
    this.sayText(JSON.stringify(message))
  }

  sayText(text: string | null, bytes = Buffer.byteLength(text ?? '')): void {
    this.bench.deliver(this.bench.hub.handleMessage(this.socketId, text, bytes, this.bench.nowMs))
  }

  /** The socket goes: lost, or closed by its page. */
  drop(closed = false): void {
    this.bench.deliver(this.bench.hub.handleClose(this.socketId, closed, this.bench.nowMs))
  }

  /** The newest message of this type; throws when there is none. */
  last<T extends ServerMessage['type']>(type: T): OfType<T> {
    const found = this.all(type).at(-1)
    if (!found) throw new Error(`no ${type} among ${this.inbox.map((message) => message.type).join(', ')}`)
    return found
  }

  all<T extends ServerMessage['type']>(type: T): OfType<T>[] {
    return this.inbox.filter((message): message is OfType<T> => message.type === type)
  }

  get errors(): string[] {
    return this.all('error').map(({ code }) => code)
  }

  /** What came since the last call. */
  news(): ServerMessage[] {
    return this.inbox.splice(0)
  }
}

/** A hub on a clock that the test moves, with randomness that counts up. */
export class HubBench {
  readonly hub: Hub
  nowMs: number
  private readonly pages = new Map<number, Page>()
  private drawn: number

  constructor({
    limits = {},
    key = 'a key',
    run = 'run 1',
    restarted = false,
    startMs = 0,
    paths,
  }: BenchOptions = {}) {
    this.nowMs = startMs
    this.drawn = startMs % 251
    this.hub = new Hub({
      limits: { ...DEFAULT_LIMITS, ...limits },
      seal: createTokenSeal(Buffer.from(key)),
      randomBytes: (count) => Uint8Array.from({ length: count }, () => this.drawn++ & 255),
      run,
      restarted,
      startedAtMs: startMs,
      ...(paths && { paths }),
    })
  }

  open(address = '192.0.2.1'): Page {
    const page = new Page(this.pages.size + 1, this)
    this.pages.set(page.socketId, page)
    this.deliver(this.hub.handleOpen(page.socketId, address, [], this.nowMs))
    return page
  }

  create(name = 'ANNA', extra: Record<string, unknown> = {}): Page {
    const page = this.open()
    page.say({ type: 'create', name, role: 'receiver', ...extra })
    return page
  }

  join(room: string, name = 'BEN', extra: Record<string, unknown> = {}): Page {
    const page = this.open()
    page.say({ type: 'join', room, name, role: 'sender', ...extra })
    return page
  }

  resume(token: string, extra: Record<string, unknown> = {}): Page {
    const page = this.open()
    page.say({ type: 'resume', token, ...extra })
    return page
  }

  /** Moves the clock on, with a tick each second as the edge does it. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(endMs, this.nowMs + 1000)
      this.deliver(this.hub.handleTick(this.nowMs))
    }
  }

  deliver(outgoing: readonly Outgoing[]): void {
    for (const item of outgoing) {
      const page = this.pages.get(item.socketId)
      if (!page) throw new Error(`something for socket ${item.socketId}, which was never opened`)
      if (item.kind === 'send') page.inbox.push(item.message)
      else page.closedWith = item.code
    }
  }
}
