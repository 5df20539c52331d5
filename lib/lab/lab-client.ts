import { type ErrorCode, ShoalError } from '@/lib/protocol/errors'

import {
  LAB_SOCKET_PATH,
  type LabClientMessage,
  type LabEnd,
  type LabNetwork,
  type LabPathCounters,
  type LabServerMessage,
  parseLabServerMessage,
} from './messages'

/** The part of a WebSocket that is used, so that a test can stand in for it. */
export interface LabSocket {
  send(text: string): void
  close(): void
}

export interface LabSocketHandlers {
  readonly onOpen: () => void
  readonly onText: (text: unknown) => void
  /** Also when it never opened; nothing comes after it. */
  readonly onClose: () => void
}

export type OpenLabSocket = (handlers: LabSocketHandlers) => LabSocket

/** One emulated path; it ends with this page. */
export interface LabPath {
  /** What the page at end A takes for the other end's address, and the page at end B. */
  readonly a: LabEnd
  readonly b: LabEnd
  /** Resolves when it holds for all packets that come from then on; with a seed the chances begin anew. */
  change(network: LabNetwork, seed?: number): Promise<void>
  counters(): Promise<LabPathCounters>
  /** Ends it: what is under way is lost. Resolves with its last counters. */
  close(): Promise<LabPathCounters>
}

interface Request {
  readonly resolve: (message: LabServerMessage) => void
  readonly reject: (error: ShoalError) => void
}

/**
 * This page's way to the emulator of our own server. Everything rejects with a ShoalError: SHOAL_LAB_OFF where the socket
 * did not open, SHOAL_SERVER_UNREACHABLE where it was lost, else what the server says.
 */
export class LabClient {
  readonly #socket: LabSocket
  readonly #opened: Promise<void>
  /** Answers come in the order of the requests for a path. */
  readonly #requests = new Map<string, Request[]>()
  #lost: ErrorCode | null = null
  #created = 0

  constructor(openSocket: OpenLabSocket = openBrowserLabSocket) {
    let open: () => void = () => undefined
    let fail: (error: ShoalError) => void = () => undefined
    this.#opened = new Promise((resolve, reject) => {
      open = resolve
      fail = reject
    })
    this.#opened.catch(() => undefined)
    let opened = false
    this.#socket = openSocket({
      onOpen: () => {
        opened = true
        open()
      },
      onText: (text) => this.#handleText(text),
      onClose: () => {
        const code = opened ? 'SHOAL_SERVER_UNREACHABLE' : 'SHOAL_LAB_OFF'
        fail(new ShoalError(code))
        this.#lose(code)
      },
    })
  }

  /** Any 32-bit integer as seed: with the same one, and the same packets, the same ones are lost. */
  async createPath(
    network: LabNetwork,
    seed: number,
    reach: 'computer' | 'network' = 'computer',
  ): Promise<LabPath> {
    const id = `path-${++this.#created}`
    const { a, b } = expectType('created', await this.#ask({ type: 'create', id, network, seed, reach }))
    return {
      ...{ a, b },
      change: async (changed, newSeed) =>
        void expectType(
          'changed',
          await this.#ask({
            ...{ type: 'change', id, network: changed },
            ...(newSeed !== undefined && { seed: newSeed }),
          }),
        ),
      counters: async () => expectType('counters', await this.#ask({ type: 'counters', id })).counters,
      close: async () => expectType('deleted', await this.#ask({ type: 'delete', id })).counters,
    }
  }

  /** All its paths end. */
  close(): void {
    this.#lose('SHOAL_SERVER_UNREACHABLE')
    this.#socket.close()
  }

  async #ask(message: LabClientMessage): Promise<LabServerMessage> {
    await this.#opened
    if (this.#lost) throw new ShoalError(this.#lost)
    return new Promise((resolve, reject) => {
      const waiting = this.#requests.get(message.id) ?? []
      waiting.push({ resolve, reject })
      this.#requests.set(message.id, waiting)
      this.#socket.send(JSON.stringify(message))
    })
  }

  #handleText(text: unknown): void {
    const message = parseLabServerMessage(text)
    if (!message || message.id === null) return
    // A path that ended by itself is told without being asked: whoever asks next hears that there is none.
    const request = this.#requests.get(message.id)?.shift()
    if (message.type === 'error') request?.reject(new ShoalError(message.code))
    else request?.resolve(message)
  }

  #lose(code: ErrorCode): void {
    this.#lost ??= code
    for (const waiting of this.#requests.values()) {
      for (const { reject } of waiting.splice(0)) reject(new ShoalError(code))
    }
  }
}

/** The answer to another question than ours: the path has ended meanwhile. */
function expectType<T extends LabServerMessage['type']>(
  type: T,
  message: LabServerMessage,
): Extract<LabServerMessage, { type: T }> {
  if (message.type !== type) throw new ShoalError('SHOAL_LAB_NO_PATH')
  return message as Extract<LabServerMessage, { type: T }>
}

export function openBrowserLabSocket({ onOpen, onText, onClose }: LabSocketHandlers): LabSocket {
  const url = new URL(LAB_SOCKET_PATH, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  socket.onopen = onOpen
  socket.onmessage = (event: MessageEvent<unknown>) => onText(event.data)
  socket.onclose = onClose
  return socket
}
