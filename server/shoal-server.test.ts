import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'
import type { ClientOptions } from 'ws'

import { DEFAULT_LIMITS } from './limits'
import type { Limits } from './limits'
import { createShoalServer } from './shoal-server'
import type { Pages, ShoalServer, ShoalServerOptions } from './shoal-server'
import { FakeClock } from './testing/fake-clock'
import { SocketClient } from './testing/socket-client'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const PAGES: Pages = {
  handle: async (request, response) => {
    response.end(`page ${request.url}`)
  },
  close: async () => undefined,
}

type SocketOptions = [options?: ClientOptions, protocols?: readonly string[]]

interface Overrides extends Partial<Omit<ShoalServerOptions, 'limits'>> {
  readonly limits?: Partial<Limits>
  readonly key?: string
  readonly waitsForPages?: boolean
}

async function start({ limits = {}, key = 'a key', waitsForPages = true, ...options }: Overrides = {}) {
  const clock = new FakeClock()
  const server: ShoalServer = createShoalServer({
    ...{
      port: 0,
      host: '127.0.0.1',
      dev: false,
      publicUrl: undefined,
      allowedOrigins: [],
      trustProxy: false,
    },
    signingKey: { key: Buffer.from(key), existed: false },
    startPages: async () => PAGES,
    version: '1.2.3',
    clock,
    limits: { ...DEFAULT_LIMITS, ...limits },
    ...options,
  })
  const port = await server.listen()
  if (waitsForPages) await server.ready()
  cleanUp.push(() => server.close())
  const open = async (...options: SocketOptions) => {
    const client = await SocketClient.open(port, ...options)
    cleanUp.push(() => client.socket.terminate())
    return client
  }
  const create = async (name = 'ANNA') => {
    const client = await open()
    client.say({ type: 'create', name, role: 'receiver' })
    return { client, joined: await client.next('joined') }
  }
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init)
  return { server, port, clock, open, create, get }
}

describe('one port', () => {
  it('serves the pages, with the security headers', async () => {
    const { get } = await start()
    const response = await get('/send?room=X')
    expect(await response.text()).toBe('page /send?room=X')
    expect(response.headers.get('content-security-policy')).toContain('nonce-')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('tells its health without a secret', async () => {
    const { get, create, clock } = await start()
    await create()
    clock.pass(5000)
    const response = await get('/healthz')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      ...{ ok: true, version: '1.2.3', uptimeSeconds: 5, rooms: 1, members: 1, sockets: 1 },
    })
  })

  it('is not healthy while the pages start, or when they cannot', async () => {
    let begin: (pages: Pages) => void = () => undefined
    const { get } = await start({
      startPages: () => new Promise((resolve) => (begin = resolve)),
      waitsForPages: false,
    })
    expect((await get('/healthz')).status).toBe(503)
    const early = get('/')
    begin(PAGES)
    expect(await (await early).text()).toBe('page /')
    expect((await get('/healthz')).status).toBe(200)
  })

  it('answers 500 when a page fails, and goes on', async () => {
    const failing: Pages = { ...PAGES, handle: () => Promise.reject(new Error('boom')) }
    const { get } = await start({ startPages: async () => failing })
    const response = await get('/')
    expect([response.status, await response.text()]).toEqual([500, '{"error":"SHOAL_INTERNAL"}\n'])
    expect((await get('/healthz')).status).toBe(200)
  })

  it('says that it is taken', async () => {
    const { port } = await start()
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('passes other upgrades to the pages in development, and refuses them otherwise', async () => {
    const passed: Pages = {
      ...PAGES,
      upgrade: (_request, stream) => stream.end('HTTP/1.1 418 Passed on\r\nContent-Length: 0\r\n\r\n'),
    }
    const dev = await start({ dev: true, startPages: async () => passed })
    const production = await start()
    expect(await upgradeStatus(dev.port, '/_next/hmr')).toBe(418)
    expect(await upgradeStatus(production.port, '/_next/hmr')).toBe(404)
  })
})

describe('a request that comes with the handshake', () => {
  const offering = (text: string) => ['shoal.1', `request.${encodeURIComponent(text)}`]

  it('is answered before the page has said anything', async () => {
    const { open } = await start()
    const create = JSON.stringify({ type: 'create', name: 'ANNA', role: 'receiver' })
    const anna = await open({}, offering(create))
    await anna.next('welcome')
    const { room, token } = await anna.next('joined')
    const ben = await open({}, offering(JSON.stringify({ type: 'join', room, name: 'BEN', role: 'sender' })))
    expect((await ben.next('joined')).members.map(({ name }) => name)).toEqual(['ANNA'])
    expect((await anna.next('member-joined')).member.name).toBe('BEN')
    anna.socket.terminate()
    const back = await open({}, offering(JSON.stringify({ type: 'resume', token })))
    expect((await back.next('joined')).name).toBe('ANNA')
    expect(back.socket.protocol).toBe('shoal.1')
  })

  it.each([
    ['nonsense', 'SHOAL_BAD_MESSAGE'],
    ['', 'SHOAL_BAD_MESSAGE'],
    [JSON.stringify({ type: 'join', room: '?', name: 'BEN', role: 'sender' }), 'SHOAL_BAD_CODE'],
    [
      JSON.stringify({ type: 'join', room: 'K7QM3-XTR9B', name: 'BEN', role: 'sender' }),
      'SHOAL_ROOM_NOT_FOUND',
    ],
  ])('is refused as in a frame, and the socket stays: %s', async (text, code) => {
    const { open } = await start()
    const page = await open({}, offering(text))
    expect((await page.next('error')).code).toBe(code)
    page.say({ type: 'create', name: 'BEN', role: 'receiver' })
    await page.next('joined')
  })
})

describe('who may open a socket', () => {
  it('a page of this host, and a program that is no browser', async () => {
    const { open } = await start()
    await (await open()).next('welcome')
    const program = await open({ headers: {}, origin: '' })
    await program.next('welcome')
  })

  it('no page of another host, unless it is on the list', async () => {
    const { open } = await start({ allowedOrigins: ['http://friend.example'] })
    await expect(open({ origin: 'http://evil.example' })).rejects.toThrow(
      '403 {"error":"SHOAL_ORIGIN_REFUSED"}',
    )
    await expect(open({ origin: 'null' })).rejects.toThrow('403')
    await (await open({ origin: 'http://friend.example' })).next('welcome')
  })

  it('a page that was refused can ask why', async () => {
    const { get } = await start({ limits: { sockets: 0 } })
    const ask = async (headers: Record<string, string> = {}) => {
      const response = await get('/ws', { method: 'POST', headers })
      return [response.status, (await response.json()) as unknown]
    }
    expect(await ask({ origin: 'http://evil.example' })).toEqual([403, { error: 'SHOAL_ORIGIN_REFUSED' }])
    expect(await ask()).toEqual([503, { error: 'SHOAL_SERVER_FULL' }])
    const { get: getFree } = await start()
    expect((await getFree('/ws', { method: 'POST' })).status).toBe(200)
    expect((await getFree('/ws')).status).toBe(426)
  })

  it('only so many from one address, and again when one has gone', async () => {
    const { open, get } = await start({ limits: { socketsPerAddress: 2 } })
    const first = await open()
    await open()
    await expect(open()).rejects.toThrow('429 {"error":"SHOAL_TOO_MANY_JOINS"}')
    first.socket.close()
    await first.closed
    await untilHealth(get, ({ sockets }) => sockets === 1)
    await (await open()).next('welcome')
  })

  it('counts addresses by X-Forwarded-For only behind a proxy of ours', async () => {
    const options = { limits: { socketsPerAddress: 1 } }
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    const behind = await start({ ...options, trustProxy: true })
    await behind.open(from('203.0.113.1'))
    await behind.open(from('203.0.113.2'))
    await expect(behind.open(from('203.0.113.2'))).rejects.toThrow('429')
    const open = await start(options)
    await open.open(from('203.0.113.1'))
    await expect(open.open(from('203.0.113.2'))).rejects.toThrow('429')
  })
})

describe('hostile messages', () => {
  it('malformed, binary and unknown ones are answered, and the socket goes on', async () => {
    const { open } = await start()
    const client = await open()
    for (const data of [
      '',
      '{',
      'null',
      '[1]',
      '{"type":"x"}',
      '{"type":["ping"]}',
      '\u0000',
      Buffer.from([1, 2]),
    ]) {
      client.socket.send(data)
      expect(await client.next('error')).toMatchObject({ code: 'SHOAL_BAD_MESSAGE' })
    }
    client.socket.send('['.repeat(60_000))
    expect(await client.next('error')).toMatchObject({ code: 'SHOAL_BAD_MESSAGE' })
    client.say({ type: 'ping' })
    await client.next('pong')
  })

  it('one over 64 KiB is refused; one over 256 KiB is not read and ends the socket with 1009', async () => {
    const { create } = await start()
    const { client } = await create()
    client.socket.send('x'.repeat(64 * 1024 + 1))
    expect(await client.next('error')).toMatchObject({ code: 'SHOAL_MESSAGE_TOO_LARGE' })
    client.say({ type: 'signal', to: '0'.repeat(16), payload: 'x'.repeat(32 * 1024 + 1) })
    expect(await client.next('error')).toMatchObject({ code: 'SHOAL_MESSAGE_TOO_LARGE' })
    client.socket.send('x'.repeat(256 * 1024 + 1))
    expect(await client.closed).toBe(1009)
  })

  it('a frame that breaks the WebSocket protocol ends its socket and nothing else', async () => {
    const { port, create, get } = await start()
    await create()
    const raw = connect(port, '127.0.0.1')
    raw.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    )
    await new Promise((resolve) => raw.once('data', resolve))
    raw.resume()
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
    await new Promise((resolve) => raw.once('close', resolve))
    await untilHealth(get, ({ sockets, members }) => sockets === 1 && members === 1)
  })

  it('a page that says goodbye is told apart from one whose network is gone', async () => {
    const { create, open } = await start()
    const { client: anna, joined } = await create()
    for (const leave of [4004, 1001, null]) {
      const ben = await open()
      ben.say({ type: 'join', room: joined.room, name: 'BEN', role: 'sender' })
      await ben.next('joined')
      if (leave === null) ben.socket.terminate()
      else ben.socket.close(leave)
      expect((await anna.next('member-away')).closed).toBe(leave === null ? undefined : true)
    }
  })

  it('a flood ends its socket with 1008, and the others go on', async () => {
    const { create, open } = await start()
    const { client: anna, joined } = await create()
    const flooder = await open()
    flooder.say({ type: 'join', room: joined.room, name: 'MALLORY', role: 'sender' })
    await flooder.next('joined')
    for (let i = 0; i < 1200; i++) flooder.socket.send('{"type":"ping"}')
    expect(await flooder.closed).toBe(1008)
    expect((await anna.next('member-away')).closed).toBeUndefined()
    anna.say({ type: 'ping' })
    await anna.next('pong')
  })
})

describe('coming and going', () => {
  it('two pages find each other and exchange signals', async () => {
    const { create, open } = await start()
    const { client: anna, joined } = await create()
    const ben = await open()
    ben.say({ type: 'join', room: joined.room, name: 'BEN', role: 'sender' })
    const { selfId } = await ben.next('joined')
    ben.say({ type: 'signal', to: joined.selfId, payload: 'grüße 🐟' })
    expect(await anna.next('signal')).toEqual({ type: 'signal', from: selfId, payload: 'grüße 🐟' })
  })

  it('a lost socket comes back within 60 s and not later', async () => {
    const { create, open, clock, get } = await start()
    const { client, joined } = await create()
    client.socket.terminate()
    await untilHealth(get, ({ sockets }) => sockets === 0)
    clock.pass(59_000)
    const back = await open()
    back.say({ type: 'resume', token: joined.token })
    expect(await back.next('joined')).toMatchObject({ room: joined.room, selfId: joined.selfId })
    back.socket.terminate()
    await untilHealth(get, ({ sockets }) => sockets === 0)
    clock.pass(60_000)
    const late = await open()
    late.say({ type: 'resume', token: joined.token })
    expect(await late.next('error')).toMatchObject({ code: 'SHOAL_BAD_TOKEN' })
  })

  it('after a restart with the same key the room is rebuilt by its members alone', async () => {
    const before = await start()
    const { client, joined } = await before.create()
    await before.server.close()
    expect(await client.closed).toBe(1001)

    const after = await start({ signingKey: { key: Buffer.from('a key'), existed: true }, port: before.port })
    const newcomer = await after.open()
    newcomer.say({ type: 'join', room: joined.room, name: 'BEN', role: 'sender' })
    expect(await newcomer.next('error')).toMatchObject({ code: 'SHOAL_ROOM_NOT_FOUND', retryAfterMs: 1000 })
    const back = await after.open()
    back.say({ type: 'resume', token: joined.token })
    expect(await back.next('joined')).toMatchObject({
      room: joined.room,
      selfId: joined.selfId,
      rebuilt: true,
    })
    newcomer.say({ type: 'join', room: joined.room, name: 'BEN', role: 'sender' })
    expect(await newcomer.next('joined')).toMatchObject({ members: [{ id: joined.selfId }] })
  })

  it('after a restart with another key it is not', async () => {
    const before = await start()
    const { joined } = await before.create()
    const after = await start({ key: 'another key' })
    const back = await after.open()
    back.say({ type: 'resume', token: joined.token })
    expect(await back.next('error')).toMatchObject({ code: 'SHOAL_BAD_TOKEN' })
  })

  it('a socket that answers no ping is cut off at the fourth, one that answers stays', async () => {
    const { open, clock, get } = await start({ limits: { entryDeadlineMs: 1e9 } })
    const deaf = await open({ autoPong: false })
    const alive = await open()
    for (let beat = 1; beat <= 3; beat++) {
      const pinged = new Promise((resolve) => alive.socket.once('ping', resolve))
      clock.pass(25_000)
      await pinged
      // The pong is on its way before this message, so it has been read when the answer comes.
      alive.say({ type: 'ping' })
      await alive.next('pong')
    }
    expect(deaf.socket.readyState).toBe(deaf.socket.OPEN)
    clock.pass(25_000)
    expect(await deaf.closed).toBe(1006)
    await untilHealth(get, ({ sockets }) => sockets === 1)
    alive.say({ type: 'ping' })
    await alive.next('pong')
  })

  it('a page that reads nothing is cut off before it fills the memory', async () => {
    const { create, open, get } = await start({
      limits: { messagesPerSecond: 1e6, messageBurst: 1e6, unreadBytes: 64 * 1024 },
    })
    const { client: deaf, joined } = await create()
    deaf.socket.pause()
    const ben = await open()
    ben.say({ type: 'join', room: joined.room, name: 'BEN', role: 'sender' })
    await ben.next('joined')
    const payload = 'x'.repeat(32 * 1024)
    const away = ben.next('member-away')
    const seen = { away: false }
    void away.then(() => (seen.away = true))
    for (let sent = 0; !seen.away && sent < 4000; sent++) {
      ben.say({ type: 'signal', to: joined.selfId, payload })
      if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await away).toEqual({ type: 'member-away', id: joined.selfId })
    await untilHealth(get, ({ sockets }) => sockets === 1)
  })

  it('closing tells every page with 1001, stops every timer and frees the port', async () => {
    const { server, clock, create, port } = await start()
    const { client } = await create()
    await server.close()
    expect(await client.closed).toBe(1001)
    expect(clock.running).toBe(0)
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  })
})

interface Health {
  readonly rooms: number
  readonly members: number
  readonly sockets: number
}

/** Asks until the server has seen what the client did; each question is a round trip, not a pause. */
async function untilHealth(
  get: (path: string) => Promise<Response>,
  isSo: (health: Health) => boolean,
): Promise<void> {
  for (let asked = 0; asked < 500; asked++) {
    if (isSo((await (await get('/healthz')).json()) as Health)) return
  }
  throw new Error('the server never came to say so')
}

function upgradeStatus(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
    const request = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    request.end()
  })
}
