import type { OpenSocket, SocketHandlers } from '../connection'
import { parseClientMessage } from '../messages'
import type { ClientMessage, ServerMessage } from '../messages'

type OfType<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>

export const WELCOME = {
  type: 'welcome',
  addresses: [{ origin: 'http://192.168.1.7:3000', label: 'eth0' }],
  limits: {
    ...{ messageBytes: 65_536, payloadChars: 32_768, messagesPerSecond: 100, messageBurst: 400 },
    resumeWindowMs: 60_000,
  },
} as const satisfies ServerMessage

/** The server's end of one socket that the client opened. */
export class FakeSocket {
  readonly heard: ClientMessage[] = []
  closedByClient = false
  closeCode: number | undefined

  constructor(
    private readonly handlers: SocketHandlers,
    private readonly request: ClientMessage,
  ) {}

  /** Lets the handshake succeed, hears the request that came with it, and welcomes the client as the server does. */
  open(): void {
    this.hear(JSON.stringify(this.request))
    this.handlers.onOpen()
    this.say({ ...WELCOME, addresses: [...WELCOME.addresses] })
  }

  say(message: ServerMessage): void {
    this.sayRaw(JSON.stringify(message))
  }

  sayRaw(data: unknown): void {
    this.handlers.onMessage(data)
  }

  lose(code = 1006): void {
    this.handlers.onClose(code)
  }

  hear(text: string): void {
    const parsed = parseClientMessage(text)
    if (parsed.error !== undefined) throw new Error(`the client said ${text}: ${parsed.error}`)
    this.heard.push(parsed.data)
  }

  all<T extends ClientMessage['type']>(type: T): OfType<T>[] {
    return this.heard.filter((message): message is OfType<T> => message.type === type)
  }
}

/** Collects the sockets that a client opens; nothing happens on them but what the test does. */
export class FakeServer {
  readonly sockets: FakeSocket[] = []

  readonly openSocket: OpenSocket = (handlers, request) => {
    const socket = new FakeSocket(handlers, request)
    this.sockets.push(socket)
    return {
      send: (text) => socket.hear(text),
      close: (code) => {
        socket.closedByClient = true
        socket.closeCode = code
      },
    }
  }

  /** The newest one. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('no socket was opened')
    return socket
  }
}
