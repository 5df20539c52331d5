import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'

import { parseServerMessage } from '@/lib/signalling/messages'
import type { ServerMessage } from '@/lib/signalling/messages'

type OfType<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

/** A real socket to a server on loopback, read message by message. */
export class SocketClient {
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  private readonly inbox: ServerMessage[] = []
  private wake: (() => void) | null = null

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const parsed = parseServerMessage(data.toString())
      if (parsed.error !== undefined) throw new Error(`not a server message: ${data.toString()}`)
      this.inbox.push(parsed.data)
      this.wake?.()
    })
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => socket.on('close', resolve))
  }

  /** Rejects with the HTTP status when the server refuses the upgrade. */
  static async open(
    port: number,
    options: ClientOptions = {},
    protocols: readonly string[] = [],
  ): Promise<SocketClient> {
    const origin = `http://127.0.0.1:${port}`
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, [...protocols], { origin, ...options })
    const client = new SocketClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve)
      socket.on('unexpected-response', (request, response) => {
        let body = ''
        response.on('data', (part: Buffer) => (body += part.toString()))
        response.on('end', () => {
          request.destroy()
          reject(new Error(`${response.statusCode} ${body}`))
        })
      })
      socket.on('error', reject)
    })
    return client
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The next message of this type; what comes before it is thrown away. */
  async next<T extends ServerMessage['type']>(type: T): Promise<OfType<T>> {
    for (;;) {
      const message = this.inbox.shift()
      if (message?.type === type) return message as OfType<T>
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
    }
  }
}
