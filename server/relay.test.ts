import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'

import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { encodeRelayFrame, parseRelayFrame, parseRelayServerMessage } from '@/lib/signalling/messages'
import type { RelayServerMessage } from '@/lib/signalling/messages'

import { DEFAULT_LIMITS } from './limits'
import type { Limits } from './limits'
import { createShoalServer } from './shoal-server'
import type { Pages } from './shoal-server'
import { SocketClient } from './testing/socket-client'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const PAGES: Pages = { handle: async () => undefined, close: async () => undefined }

/** A member of a room with a socket to the relay. */
class Member {
  readonly frames: Uint8Array[] = []
  readonly said: RelayServerMessage[] = []
  readonly closed: Promise<number>
  private wake: (() => void) | null = null

  constructor(
    readonly id: string,
    readonly signalling: SocketClient,
    readonly socket: WebSocket,
  ) {
    this.closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? null : parseRelayServerMessage(data.toString())
      if (message) this.said.push(message)
      else this.frames.push(Uint8Array.from(data))
      this.wake?.()
    })
  }

  send(to: Member, packet: Uint8Array): void {
    this.socket.send(encodeRelayFrame(to.id, packet))
  }

  async until(isSo: (member: Member) => boolean): Promise<void> {
    while (!isSo(this)) await new Promise<void>((resolve) => (this.wake = resolve))
  }

  heard(type: RelayServerMessage['type']): boolean {
    return this.said.some((message) => message.type === type)
  }
}

async function start({ limits = {}, relay = true }: { limits?: Partial<Limits>; relay?: boolean } = {}) {
  const server = createShoalServer({
    ...{
      port: 0,
      host: '127.0.0.1',
      dev: false,
      publicUrl: undefined,
      allowedOrigins: [],
      trustProxy: false,
    },
    signingKey: { key: Buffer.from('a key'), existed: false },
    startPages: async () => PAGES,
    version: '1.2.3',
    limits: { ...DEFAULT_LIMITS, ...limits },
    paths: { iceServers: [], turnSecret: undefined, turnTtlSeconds: 600, relay },
  })
  const port = await server.listen()
  cleanUp.push(() => server.close())
  const connect = (headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/relay`, { headers })
    cleanUp.push(() => socket.terminate())
    return socket
  }
  const join = async (room?: string) => {
    const signalling = await SocketClient.open(port)
    cleanUp.push(() => signalling.socket.terminate())
    signalling.say(
      room === undefined
        ? { type: 'create', name: 'ANNA', role: 'receiver' }
        : { type: 'join', room, name: 'BEN', role: 'sender' },
    )
    const joined = await signalling.next('joined')
    const socket = connect()
    const member = new Member(joined.selfId, signalling, socket)
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'enter', ticket: joined.paths?.relay?.ticket }))
    await member.until(() => member.heard('entered'))
    return { member, room: joined.room }
  }
  return { port, connect, join }
}

async function pair(limits: Partial<Limits> = {}) {
  const bench = await start({ limits })
  const { member: anna, room } = await bench.join()
  const { member: ben } = await bench.join(room)
  await anna.until((member) => member.heard('here'))
  return { ...bench, anna, ben, room }
}

async function refusal(socket: WebSocket): Promise<string> {
  socket.on('error', () => undefined)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return `${response.statusCode} ${Buffer.concat(parts).toString()}`
}

describe('/relay', () => {
  it('carries packets both ways between two members, byte for byte', async () => {
    const { anna, ben } = await pair()
    const packet = Uint8Array.from({ length: 1100 }, (_, index) => index)
    ben.send(anna, packet)
    await anna.until(({ frames }) => frames.length === 1)
    expect(parseRelayFrame(anna.frames[0] ?? new Uint8Array())).toEqual({ id: ben.id, packet })
    anna.send(ben, Uint8Array.of(1))
    await ben.until(({ frames }) => frames.length === 1)
  })

  it('lets nobody in with a token of the signalling socket', async () => {
    const { connect, port } = await start()
    const signalling = await SocketClient.open(port)
    cleanUp.push(() => signalling.socket.terminate())
    signalling.say({ type: 'create', name: 'ANNA', role: 'receiver' })
    const { token } = await signalling.next('joined')
    const socket = connect()
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'enter', ticket: token }))
    expect(await once(socket, 'close')).toEqual([1008, Buffer.from('SHOAL_BAD_TOKEN')])
  })

  it('cuts a member off that has left its room', async () => {
    const { anna, ben } = await pair()
    ben.signalling.say({ type: 'leave' })
    expect(await ben.closed).toBe(1008)
    await anna.until((member) => member.heard('gone'))
  })

  it('closes a socket that sends a frame far over the limit', async () => {
    const { anna } = await pair()
    anna.socket.send(new Uint8Array(DEFAULT_LIMITS.relayFrameBytes + 1))
    expect(await anna.closed).toBe(1009)
  })

  it('makes a sender wait whose receiver reads nothing, and lets it go on when that catches up', async () => {
    const { anna, ben } = await pair()
    anna.socket.pause()
    const packet = new Uint8Array(1100)
    while (!ben.heard('busy')) {
      for (let i = 0; i < 200; i++) ben.send(anna, packet)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(ben.heard('ready')).toBe(false)
    anna.socket.resume()
    await ben.until((member) => member.heard('ready'))
  })

  it('refuses strange origins, more sockets than an address may have, and everyone with RELAY=off', async () => {
    const { connect } = await start({ limits: { relaySocketsPerAddress: 1 } })
    expect(await refusal(connect({ origin: 'http://elsewhere.test' }))).toContain(
      '403 {"error":"SHOAL_ORIGIN',
    )
    await once(connect(), 'open')
    expect(await refusal(connect())).toBe('429 {"error":"SHOAL_TOO_MANY_JOINS"}')
    const full = await start({ limits: { relaySockets: 0 } })
    expect(await refusal(full.connect())).toBe('503 {"error":"SHOAL_SERVER_FULL"}')
    const off = await start({ relay: false })
    expect(await refusal(off.connect())).toBe('403 {"error":"SHOAL_RELAY_OFF"}')
  })

  it('tells its pages when it goes away', async () => {
    const { anna } = await pair()
    for (const task of cleanUp.splice(0, 1)) await task()
    expect(await anna.closed).toBe(1001)
  })
})
