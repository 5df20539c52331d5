import { once } from 'node:events'
import { networkInterfaces } from 'node:os'

import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { parseLabServerMessage } from '@/lib/lab/messages'
import type { LabServerMessage } from '@/lib/lab/messages'

import type { Interfaces } from '../addresses'
import { DEFAULT_LIMITS } from '../limits'
import { createShoalServer } from '../shoal-server'
import { FakeClock } from '../testing/fake-clock'
import { LabHub } from './lab-hub'
import { DEFAULT_LAB_LIMITS } from './lab-limits'
import type { LabLimits } from './lab-limits'
import { UdpEnd, bindingRequest, network } from './testing'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

async function start({ lab = true } = {}) {
  const clock = new FakeClock()
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
    startPages: async () => ({ handle: async () => undefined, close: async () => undefined }),
    version: '1.2.3',
    limits: DEFAULT_LIMITS,
    clock,
    lab,
  })
  const port = await server.listen()
  cleanUp.push(() => server.close())
  const ask = (init?: RequestInit) => fetch(`http://127.0.0.1:${port}/lab/socket`, init)
  return { port, ask, open: (headers?: Record<string, string>) => Page.open(port, headers) }
}

class Page {
  readonly heard: LabServerMessage[] = []
  #wake: (() => void) | null = null

  private constructor(readonly socket: WebSocket) {
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      const message = parseLabServerMessage(data.toString())
      if (!message) throw new Error(`not a message of the lab: ${data.toString()}`)
      this.heard.push(message)
      this.#wake?.()
    })
  }

  static async open(port: number, headers: Record<string, string> = {}): Promise<Page> {
    const page = new Page(new WebSocket(`ws://127.0.0.1:${port}/lab/socket`, { headers }))
    cleanUp.push(() => page.socket.terminate())
    await once(page.socket, 'open')
    return page
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  async next<T extends LabServerMessage['type']>(type: T): Promise<Extract<LabServerMessage, { type: T }>> {
    for (;;) {
      const message = this.heard.shift()
      if (message) {
        expect(message.type).toBe(type)
        return message as Extract<LabServerMessage, { type: T }>
      }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

const create = (id: string, settings = {}) => ({
  ...{ type: 'create', id, seed: 7, reach: 'computer' },
  network: network(settings),
})

describe('the lab', () => {
  it('is off unless it was started, and says so', async () => {
    const { ask, port } = await start({ lab: false })
    const response = await ask({ method: 'POST' })
    expect([response.status, await response.json()]).toEqual([404, { error: 'SHOAL_LAB_OFF' }])
    const socket = new WebSocket(`ws://127.0.0.1:${port}/lab/socket`)
    cleanUp.push(() => socket.terminate())
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(answer.statusCode).toBe(404)
    socket.on('error', () => undefined)
  })

  it('tells a page that it is on, and refuses those of other sites', async () => {
    const { ask, open } = await start()
    expect((await ask({ method: 'POST' })).status).toBe(200)
    expect((await ask({ headers: { origin: 'https://elsewhere.example' } })).status).toBe(403)
    await expect(open({ origin: 'https://elsewhere.example' })).rejects.toThrow('403')
  })

  it('gives a path that carries packets, tells what it did, and closes it', async () => {
    const { open } = await start()
    const page = await open()
    page.say(create('one', { delayMs: 1 }))
    const { id, a, b } = await page.next('created')
    expect([id, a.address, b.address]).toEqual(['one', '127.0.0.1', '127.0.0.1'])
    const [endA, endB] = [await UdpEnd.open(a), await UdpEnd.open(b)]
    cleanUp.push(
      () => endA.close(),
      () => endB.close(),
    )
    await endB.send(bindingRequest('aaaa', 'bbbb'))
    while (endB.received.length === 0) {
      // Until B is known what A sends goes nowhere.
      await endA.send(bindingRequest('bbbb', 'aaaa'))
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    page.say({ type: 'change', id: 'one', network: network({ loss: 1 }) })
    await page.next('changed')
    page.say({ type: 'counters', id: 'one' })
    const { counters } = await page.next('counters')
    expect(counters.connections).toBe(1)
    expect(counters.aToB.packetsOut).toBeGreaterThan(0)
    page.say({ type: 'delete', id: 'one' })
    expect((await page.next('deleted')).counters.connections).toBe(1)
    page.say({ type: 'counters', id: 'one' })
    expect(await page.next('error')).toEqual({ type: 'error', id: 'one', code: 'SHOAL_LAB_NO_PATH' })
  })

  it('a path of one page is nothing to another, and ends with its own', async () => {
    const { open } = await start()
    const [page, other] = [await open(), await open()]
    page.say(create('one'))
    const { a } = await page.next('created')
    other.say({ type: 'delete', id: 'one' })
    expect((await other.next('error')).code).toBe('SHOAL_LAB_NO_PATH')
    page.socket.close()
    await untilFree(a.port)
  })

  it.each([
    ['no JSON', '{'],
    ['no message', { type: 'destroy', id: 'one' }],
    ['an id that is none', { ...create('one'), id: '../../etc' }],
    ['more than certain loss', create('one', { loss: 1.5 })],
    ['a negative delay', create('one', { delayMs: -1 })],
    ['a rate of nothing', create('one', { bytesPerSecond: 0 })],
    ['a delay without end', create('one', { delayMs: 1e9 })],
    ['spells without a packet between', create('one', { bursts: { share: 0.9, meanPackets: 2, loss: 1 } })],
    ['a word more', { ...create('one'), host: '8.8.8.8' }],
    ['a seed that is no integer', { ...create('one'), seed: 1.5 }],
  ])('does not take %s', async (_, message) => {
    const { open } = await start()
    const page = await open()
    page.say(message)
    expect(await page.next('error')).toEqual({ type: 'error', id: null, code: 'SHOAL_BAD_MESSAGE' })
    page.say(create('one'))
    await page.next('created')
  })

  it('closes on a frame that is too large', async () => {
    const { open } = await start()
    const page = await open()
    page.say('x'.repeat(20_000))
    const [code] = (await once(page.socket, 'close')) as [number]
    expect(code).toBe(1009)
  })
})

interface HubSetup {
  readonly loopbackOnly?: boolean
  readonly interfaces?: Interfaces
}

describe('LabHub', () => {
  function hub(limits: Partial<LabLimits> = {}, { loopbackOnly = false, interfaces = {} }: HubSetup = {}) {
    const said: (readonly [number, LabServerMessage])[] = []
    let wake: () => void = () => undefined
    const lab = new LabHub({
      limits: { ...DEFAULT_LAB_LIMITS, ...limits },
      interfaces: () => interfaces,
      loopbackOnly,
      send: (socketId, message) => {
        said.push([socketId, message])
        wake()
      },
    })
    cleanUp.push(() => lab.close())
    const until = async (count: number): Promise<void> => {
      while (said.length < count) await new Promise<void>((resolve) => (wake = resolve))
    }
    return { lab, said, until }
  }

  it('opens so many paths for one page, and so many in all', async () => {
    const { lab, said, until } = hub({ pathsPerSocket: 2, paths: 3 })
    for (const socketId of [1, 2]) lab.handleOpen(socketId, 0)
    for (const id of ['a', 'b', 'c']) lab.handleMessage(1, JSON.stringify(create(id)), 0)
    for (const id of ['d', 'e']) lab.handleMessage(2, JSON.stringify(create(id)), 0)
    await until(5)
    const full = said.flatMap(([, message]) => (message.type === 'error' ? [[message.id, message.code]] : []))
    expect(full).toEqual([
      ['c', 'SHOAL_LAB_FULL'],
      ['e', 'SHOAL_LAB_FULL'],
    ])
    expect(lab.pathCount).toBe(3)
    lab.handleClose(1)
    expect(lab.pathCount).toBe(1)
  })

  it('does not leave a path behind whose page went while it was opened', async () => {
    const { lab, said } = hub()
    lab.handleOpen(1, 0)
    lab.handleMessage(1, JSON.stringify(create('a')), 0)
    lab.handleClose(1)
    expect(lab.pathCount).toBe(0)
    expect(said).toEqual([])
  })

  it('ends a path after an hour, and tells its page', async () => {
    const { lab, said, until } = hub()
    lab.handleOpen(1, 1000)
    lab.handleMessage(1, JSON.stringify(create('a')), 1000)
    await until(1)
    lab.handleTick(3_600_999)
    expect(lab.pathCount).toBe(1)
    lab.handleTick(3_601_000)
    expect(lab.pathCount).toBe(0)
    expect(said[1]?.[1]).toMatchObject({ type: 'deleted', id: 'a' })
  })

  it.each([
    ['there is no network', {}],
    ['the server is for this computer alone', { interfaces: networkInterfaces(), loopbackOnly: true }],
  ])('has no path for two devices where %s, but one for this computer', async (_, setup) => {
    const { lab, said, until } = hub({}, setup)
    lab.handleOpen(1, 0)
    lab.handleMessage(1, JSON.stringify({ ...create('a'), reach: 'network' }), 0)
    await until(1)
    expect(said[0]?.[1]).toEqual({ type: 'error', id: 'a', code: 'SHOAL_LAB_NO_NETWORK' })
    lab.handleMessage(1, JSON.stringify(create('b')), 0)
    await until(2)
    expect(said[1]?.[1]).toMatchObject({ type: 'created', id: 'b', a: { address: '127.0.0.1' } })
  })

  it('answers so many messages a second', () => {
    const { lab, said } = hub({ messageBurst: 2, messagesPerSecond: 1 })
    lab.handleOpen(1, 0)
    for (let index = 0; index < 3; index++) lab.handleMessage(1, '{}', 0)
    const codes = said.map(([, message]) => message.type === 'error' && message.code)
    expect(codes).toEqual(['SHOAL_BAD_MESSAGE', 'SHOAL_BAD_MESSAGE', 'SHOAL_RATE_LIMITED'])
  })
})

/** A port that is free can be bound again. */
async function untilFree(port: number): Promise<void> {
  const { createSocket } = await import('node:dgram')
  for (;;) {
    const probe = createSocket('udp4')
    const bound = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true))
    })
    if (bound) {
      probe.close()
      return
    }
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
