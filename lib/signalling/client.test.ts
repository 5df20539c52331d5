import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ErrorCode } from '@/lib/protocol/errors'

import { createSignallingClient } from './client'
import type { SignallingPhase } from './client'
import { CLOSE_GOODBYE } from './messages'
import type { Member, ServerMessage } from './messages'
import type { StoredPlace } from './place'
import { FakeClock } from './testing/fake-clock'
import { FakeServer, WELCOME } from './testing/fake-server'

const ROOM = 'K7QM3-XTR9B'
const SELF = '00000000000000aa'
const BEN = '00000000000000bb'
const CLEO = '00000000000000cc'
const STORED: StoredPlace = { token: 'kept', room: ROOM, name: 'ANNA', role: 'receiver' }

const member = (id: string, more: Partial<Member> = {}): Member => ({
  ...{ id, name: id.slice(-2), role: 'sender', away: false, instance: '' },
  ...more,
})

const joined = (more: Partial<Extract<ServerMessage, { type: 'joined' }>> = {}): ServerMessage => ({
  ...{ type: 'joined', room: ROOM, selfId: SELF, name: 'ANNA', token: 'token 1' },
  ...{ members: [member(BEN)], rebuilt: false },
  ...more,
})

function setUp({
  stored = null as StoredPlace | null,
  explain = undefined as (() => Promise<ErrorCode | null>) | undefined,
} = {}) {
  const clock = new FakeClock()
  const server = new FakeServer()
  const storage = { place: stored }
  const client = createSignallingClient({
    openSocket: server.openSocket,
    clock,
    tokens: {
      load: () => storage.place,
      save: (place) => (storage.place = place),
      clear: () => (storage.place = null),
    },
    random: () => 0.5,
    instance: 'p1',
    ...(explain ? { explain } : {}),
  })
  const signals: string[] = []
  const refusals: string[] = []
  client.onSignal((from, payload) => signals.push(`${from.slice(-2)}: ${payload}`))
  client.onRefused((to, code) => refusals.push(`${to.slice(-2)}: ${code}`))
  const phase = (): SignallingPhase => client.getState().phase
  return { clock, server, storage, client, signals, refusals, phase }
}

function inRoom(options?: Parameters<typeof setUp>[0]) {
  const bench = setUp(options)
  bench.client.create({ name: 'ANNA', role: 'receiver' })
  bench.server.socket.open()
  bench.server.socket.say(joined())
  return bench
}

/** Loses the socket and lets the client come back to an answer of the test's choice. */
function reconnect({ server, clock }: ReturnType<typeof setUp>, answer: ServerMessage = joined()): void {
  server.socket.lose()
  clock.pass(500)
  server.socket.open()
  server.socket.say(answer)
}

const REMOVED = { type: 'member-left', id: BEN, removed: true } as const

describe('[Entering]', () => {
  it('nothing is connected before create or join', () => {
    const { server, phase, clock } = setUp()
    expect([server.sockets.length, clock.waiting, phase()]).toEqual([0, 0, 'idle'])
  })

  it('create asks for a room, and joined tells everything about it', () => {
    const { client, server, storage, phase } = setUp()
    client.create({ name: '  ANNA ', role: 'receiver', maxMembers: 5 })
    expect(phase()).toBe('connecting')
    server.socket.open()
    expect(server.socket.heard).toEqual([
      { type: 'create', name: 'ANNA', role: 'receiver', maxMembers: 5, instance: 'p1' },
    ])
    server.socket.say(joined({ name: 'ANNA (2)' }))
    expect(client.getState()).toEqual({
      ...{ title: null, owner: false },
      ...{ phase: 'joined', errorCode: null, room: ROOM, selfId: SELF, selfName: 'ANNA (2)' },
      ...{ members: [member(BEN)], addresses: WELCOME.addresses, limits: WELCOME.limits, ignored: 0 },
      paths: { iceServers: [], relay: null },
    })
    expect(storage.place).toEqual({ ...STORED, token: 'token 1' })
  })

  it('joined is one change: whoever sees the phase sees the members too', () => {
    const { client, server } = setUp()
    client.create({ name: 'ANNA', role: 'receiver' })
    server.socket.open()
    const seen: [string, number][] = []
    client.subscribe(() => seen.push([client.getState().phase, client.getState().members.length]))
    server.socket.say(joined())
    expect(seen).toEqual([['joined', 1]])
  })

  it('join takes a code in any spelling', () => {
    const { client, server } = setUp()
    client.join({ room: ' k7qm3 xtr9b', name: 'ANNA', role: 'sender' })
    server.socket.open()
    expect(server.socket.heard).toEqual([
      { type: 'join', room: ROOM, name: 'ANNA', role: 'sender', instance: 'p1' },
    ])
  })

  it.each([
    [{ room: 'nonsense', name: 'ANNA' }, 'SHOAL_BAD_CODE'],
    [{ room: ROOM, name: ' \u202e ' }, 'SHOAL_BAD_NAME'],
  ])('what cannot be right is refused without the server: %o', (options, errorCode) => {
    const { client, server } = setUp()
    client.join({ ...options, role: 'sender' })
    expect(client.getState()).toMatchObject({ phase: 'failed', errorCode })
    expect(server.sockets).toHaveLength(0)
  })

  it.each<ErrorCode>([
    'SHOAL_ROOM_NOT_FOUND',
    'SHOAL_ROOM_FULL',
    'SHOAL_TOO_MANY_JOINS',
    'SHOAL_SERVER_FULL',
  ])('a refused join ends with %s at once, and one may try again', (code) => {
    const { client, server, clock, phase } = setUp()
    client.join({ room: ROOM, name: 'ANNA', role: 'sender' })
    server.socket.open()
    server.socket.say({ type: 'error', code })
    expect(client.getState()).toMatchObject({ phase: 'failed', errorCode: code, room: null })
    expect([server.socket.closedByClient, clock.waiting]).toEqual([true, 0])
    client.join({ room: ROOM, name: 'ANNA', role: 'sender' })
    server.socket.open()
    server.socket.say(joined())
    expect(phase()).toBe('joined')
  })

  it('a room that a restart made unknown is asked for again, for about six seconds', () => {
    const { client, server, clock, phase } = setUp()
    client.join({ room: ROOM, name: 'ANNA', role: 'sender' })
    server.socket.open()
    const startMs = clock.now()
    for (let asked = 1; phase() === 'connecting'; asked++) {
      expect(server.socket.all('join')).toHaveLength(asked)
      server.socket.say({ type: 'error', code: 'SHOAL_ROOM_NOT_FOUND', retryAfterMs: 1000 })
      clock.pass(1000)
    }
    expect(client.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_ROOM_NOT_FOUND' })
    expect(clock.now() - startMs).toBeLessThanOrEqual(7000)
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(5000)
  })

  it('a room whose members come back meanwhile is joined', () => {
    const { client, server, clock, phase } = setUp()
    client.join({ room: ROOM, name: 'ANNA', role: 'sender' })
    server.socket.open()
    server.socket.say({ type: 'error', code: 'SHOAL_ROOM_NOT_FOUND', retryAfterMs: 1000 })
    clock.pass(1000)
    server.socket.say(joined())
    expect(phase()).toBe('joined')
    expect(server.sockets).toHaveLength(1)
  })

  it('creating again from inside a room leaves it', () => {
    const { client, server } = inRoom()
    const former = server.socket
    client.create({ name: 'ANNA', role: 'receiver' })
    expect(former.all('leave')).toHaveLength(1)
    expect(former.closedByClient).toBe(true)
    server.socket.open()
    expect(server.socket.heard).toMatchObject([{ type: 'create' }])
  })
})

describe('[Reload]', () => {
  it('create comes back to the place of this tab', () => {
    const { client, server, phase } = setUp({ stored: STORED })
    client.create({ name: 'ANNA', role: 'receiver' })
    server.socket.open()
    expect(server.socket.heard).toEqual([{ type: 'resume', token: 'kept', instance: 'p1' }])
    server.socket.say(joined())
    expect(phase()).toBe('joined')
  })

  it('join comes back to it only in the same room, under the same name and role', () => {
    const asked = (options: Partial<StoredPlace>) => {
      const { client, server } = setUp({ stored: STORED })
      client.join({ room: ROOM, name: 'ANNA', role: 'receiver', ...options })
      server.socket.open()
      return server.socket.heard[0]?.type
    }
    expect(asked({})).toBe('resume')
    expect(asked({ room: 'AAAAA-AAAAA' })).toBe('join')
    expect(asked({ name: 'BEN' })).toBe('join')
    expect(asked({ role: 'sender' })).toBe('join')
  })

  it('a place that is gone is forgotten, and the room is joined anew', () => {
    const { client, server, storage, phase } = setUp({ stored: STORED })
    client.join({ room: ROOM, name: 'ANNA', role: 'receiver' })
    server.socket.open()
    server.socket.say({ type: 'error', code: 'SHOAL_BAD_TOKEN' })
    expect(storage.place).toBeNull()
    expect(server.socket.heard.map(({ type }) => type)).toEqual(['resume', 'join'])
    server.socket.say(joined())
    expect(phase()).toBe('joined')
  })

  it('a room that is gone is replaced by a new one when a room was asked for', () => {
    const { client, server, phase } = setUp({ stored: STORED })
    client.create({ name: 'ANNA', role: 'receiver' })
    server.socket.open()
    server.socket.say({ type: 'error', code: 'SHOAL_ROOM_EXPIRED' })
    server.socket.say({ type: 'error', code: 'SHOAL_ROOM_NOT_FOUND' })
    expect(server.socket.heard.map(({ type }) => type)).toEqual(['resume', 'join', 'create'])
    server.socket.say(joined())
    expect(phase()).toBe('joined')
  })

  it('a server that is busy for the moment does not cost the place', () => {
    const { client, server, storage, clock } = setUp({ stored: STORED })
    client.create({ name: 'ANNA', role: 'receiver' })
    server.socket.open()
    server.socket.say({ type: 'error', code: 'SHOAL_TOO_MANY_JOINS', retryAfterMs: 3000 })
    clock.pass(3000)
    expect(server.socket.all('resume')).toHaveLength(2)
    expect(storage.place).toEqual(STORED)
  })
})

describe('[Reconnecting]', () => {
  it('a lost socket is opened again, and the place resumed', () => {
    const bench = inRoom()
    const { server, client, phase, clock } = bench
    server.socket.lose()
    expect(phase()).toBe('reconnecting')
    expect(client.getState().members).toEqual([member(BEN)])
    clock.pass(500)
    server.socket.open()
    expect(server.socket.heard).toEqual([{ type: 'resume', token: 'token 1', instance: 'p1' }])
    server.socket.say(joined({ token: 'token 2' }))
    expect(phase()).toBe('joined')
    reconnect(bench)
    expect(server.socket.heard[0]).toMatchObject({ token: 'token 2' })
  })

  it('attempts come after 250 ms to 5 s, and never stop', () => {
    const { server, clock, phase } = inRoom()
    const waits: number[] = []
    for (let attempt = 0; attempt < 12; attempt++) {
      const fromMs = clock.now()
      const sockets = server.sockets.length
      server.socket.lose()
      while (server.sockets.length === sockets) clock.pass(25)
      waits.push(clock.now() - fromMs)
    }
    expect(waits.slice(0, 6)).toEqual([375, 750, 1500, 3000, 3750, 3750])
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000)
    expect(phase()).toBe('reconnecting')
  })

  it('after three failed attempts the person learns why, until it works again', () => {
    const { client, server, clock, phase } = setUp()
    client.create({ name: 'ANNA', role: 'receiver' })
    const errors = [1, 2, 3, 4].map(() => {
      server.socket.lose()
      const { errorCode } = client.getState()
      clock.pass(5000)
      return errorCode
    })
    expect(errors).toEqual([null, null, 'SHOAL_SERVER_UNREACHABLE', 'SHOAL_SERVER_UNREACHABLE'])
    expect(phase()).toBe('connecting')
    server.socket.open()
    server.socket.say(joined())
    expect(client.getState()).toMatchObject({ phase: 'joined', errorCode: null })
  })

  it('a handshake that never ends is given up after ten seconds', () => {
    const { client, server, clock } = setUp()
    client.create({ name: 'ANNA', role: 'receiver' })
    clock.pass(10_000)
    expect(server.socket.closedByClient).toBe(true)
    clock.pass(500)
    expect(server.sockets).toHaveLength(2)
  })

  it('a half-open socket is noticed by the ping that nothing answers', () => {
    const { server, clock, phase } = inRoom()
    clock.pass(15_000)
    expect(server.socket.all('ping')).toHaveLength(1)
    clock.pass(9999)
    expect(phase()).toBe('joined')
    clock.pass(1)
    expect(phase()).toBe('reconnecting')
    expect(server.sockets[0]!.closedByClient).toBe(true)
  })

  it('any message is a sign of life, and a quiet socket that answers stays', () => {
    const { server, clock, phase } = inRoom()
    for (let i = 0; i < 20; i++) {
      clock.pass(15_000)
      server.socket.say(i % 2 ? { type: 'pong' } : { type: 'member-away', id: BEN })
    }
    expect(server.socket.all('ping')).toHaveLength(20)
    expect([phase(), server.sockets.length]).toEqual(['joined', 1])
  })

  it('a nudge tries at once what was waiting', () => {
    const { server, clock, client } = inRoom()
    for (let i = 0; i < 5; i++) {
      server.socket.lose()
      clock.pass(5000)
    }
    server.socket.lose()
    const sockets = server.sockets.length
    client.nudge()
    expect(server.sockets).toHaveLength(sockets + 1)
    client.nudge()
    clock.pass(5000)
    expect(server.sockets).toHaveLength(sockets + 1)
  })

  it('a nudge makes sure of an open socket within three seconds', () => {
    const { server, clock, client, phase } = inRoom()
    client.nudge()
    expect(server.socket.all('ping')).toHaveLength(1)
    server.socket.say({ type: 'pong' })
    clock.pass(3000)
    expect(phase()).toBe('joined')
    client.nudge()
    clock.pass(3000)
    expect(phase()).toBe('reconnecting')
  })

  it('who lost its place joins its room anew, as a new member', () => {
    const bench = inRoom()
    const { server, clock, client } = bench
    server.socket.lose()
    clock.pass(500)
    server.socket.open()
    server.socket.say({ type: 'error', code: 'SHOAL_BAD_TOKEN' })
    expect(server.socket.heard[1]).toMatchObject({ type: 'join', room: ROOM })
    server.socket.say(joined({ selfId: '00000000000000dd' }))
    expect(client.getState()).toMatchObject({ phase: 'joined', selfId: '00000000000000dd' })
  })

  it('a room that is gone meanwhile has expired, and is not silently replaced by another', () => {
    const { server, clock, client } = inRoom()
    server.socket.lose()
    clock.pass(500)
    server.socket.open()
    server.socket.say({ type: 'error', code: 'SHOAL_ROOM_EXPIRED' })
    server.socket.say({ type: 'error', code: 'SHOAL_ROOM_NOT_FOUND' })
    expect(client.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_ROOM_EXPIRED', members: [] })
    expect(clock.waiting).toBe(0)
  })

  it('the reason of a refused socket is asked for: a wrong origin ends it, a full server does not', async () => {
    const refuse = async (code: ErrorCode | null) => {
      const { client, server } = setUp({ explain: () => Promise.resolve(code) })
      client.create({ name: 'ANNA', role: 'receiver' })
      server.socket.lose()
      await new Promise((resolve) => setImmediate(resolve))
      return client.getState()
    }
    expect(await refuse('SHOAL_ORIGIN_REFUSED')).toMatchObject({
      phase: 'failed',
      errorCode: 'SHOAL_ORIGIN_REFUSED',
    })
    expect(await refuse('SHOAL_SERVER_FULL')).toMatchObject({
      phase: 'connecting',
      errorCode: 'SHOAL_SERVER_FULL',
    })
    expect(await refuse(null)).toMatchObject({ phase: 'connecting', errorCode: null })
  })

  it('who was in the room does not ask: its page came from here', () => {
    let asked = 0
    const { server, clock } = inRoom({
      explain: () => {
        asked += 1
        return Promise.resolve(null)
      },
    })
    server.socket.lose()
    clock.pass(500)
    server.socket.lose()
    expect(server.sockets).toHaveLength(2)
    expect(asked).toBe(0)
  })

  it('a question that fails changes nothing', async () => {
    const { client, server } = setUp({ explain: () => Promise.reject(new Error('offline')) })
    client.create({ name: 'ANNA', role: 'receiver' })
    server.socket.lose()
    await new Promise((resolve) => setImmediate(resolve))
    expect(client.getState()).toMatchObject({ phase: 'connecting', errorCode: null })
  })
})

describe('[Ending]', () => {
  it.each([
    ['a message', (server: FakeServer) => server.socket.say({ type: 'error', code: 'SHOAL_REPLACED' })],
    ['the close code alone', (server: FakeServer) => server.socket.lose(4001)],
  ])('another tab takes over: no reconnect, and no token to take it back (%s)', (_how, replace) => {
    const { server, clock, client, storage } = inRoom()
    replace(server)
    clock.pass(60_000)
    expect(client.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_REPLACED' })
    expect([server.sockets.length, storage.place]).toEqual([1, null])
  })

  it('the room expires', () => {
    const { server, client, clock } = inRoom()
    server.socket.lose(4002)
    expect(client.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_ROOM_EXPIRED' })
    expect(clock.waiting).toBe(0)
  })

  it('leave says so, forgets the token and stays away', () => {
    const { server, client, clock, storage } = inRoom()
    client.leave()
    expect(server.socket.heard.at(-1)).toEqual({ type: 'leave' })
    expect(client.getState()).toMatchObject({ phase: 'left', room: null, members: [] })
    expect([server.socket.closedByClient, storage.place, clock.waiting]).toEqual([true, null, 0])
  })

  it('leave while reconnecting stops it', () => {
    const { server, client, clock, phase } = inRoom()
    server.socket.lose()
    client.leave()
    clock.pass(60_000)
    expect([phase(), server.sockets.length]).toEqual(['left', 1])
  })

  it('close frees everything and keeps the place for a reload', () => {
    const { server, client, clock, storage, signals } = inRoom()
    client.close()
    server.socket.say({ type: 'signal', from: BEN, payload: 'late' })
    expect([clock.waiting, server.socket.closedByClient, storage.place?.token, signals]).toEqual([
      ...[0, true, 'token 1', []],
    ])
    expect(server.socket.all('leave')).toHaveLength(0)
    expect(server.socket.closeCode).toBe(CLOSE_GOODBYE)
  })

  it('a server that says we are in no room is asked to let us back', () => {
    const { server, clock, phase } = inRoom()
    server.socket.say({ type: 'error', code: 'SHOAL_NOT_IN_ROOM' })
    expect(phase()).toBe('reconnecting')
    clock.pass(500)
    server.socket.open()
    expect(server.socket.heard[0]).toMatchObject({ type: 'resume' })
  })
})

describe('[Members]', () => {
  it('come, go away, come back and leave', () => {
    const { server, client } = inRoom()
    const seen = () =>
      client.getState().members.map(({ id, away, instance }) => [id.slice(-2), away, instance])
    server.socket.say({ type: 'member-joined', member: member(CLEO, { instance: 'c1' }) })
    server.socket.say({ type: 'member-away', id: BEN })
    expect(seen()).toEqual([
      ['bb', true, ''],
      ['cc', false, 'c1'],
    ])
    server.socket.say({ type: 'member-back', id: BEN, instance: 'b2' })
    server.socket.say({ type: 'member-left', id: CLEO })
    expect(seen()).toEqual([['bb', false, 'b2']])
  })

  it('whose pages are closed are told apart from those who were only lost, until they are back', () => {
    const { server, client } = inRoom()
    const closed = () => client.getState().members.map((each) => each.closed)
    server.socket.say({ type: 'member-away', id: BEN, closed: true })
    expect(closed()).toEqual([true])
    server.socket.say({ type: 'member-back', id: BEN, instance: 'b2' })
    server.socket.say({ type: 'member-away', id: BEN })
    expect(closed()).toEqual([undefined])
  })

  it('that left while we were away are gone when we are back', () => {
    const bench = inRoom()
    bench.server.socket.say({ type: 'member-joined', member: member(CLEO) })
    reconnect(bench)
    expect(bench.client.getState().members.map(({ id }) => id)).toEqual([BEN])
  })

  it('that a restarted server does not know yet stay as away, until they are back or 60 s have passed', () => {
    const bench = inRoom()
    const { server, client, clock } = bench
    server.socket.say({ type: 'member-joined', member: member(CLEO) })
    reconnect(bench, joined({ members: [], rebuilt: true }))
    const seen = () => client.getState().members.map(({ id, away }) => [id.slice(-2), away])
    expect(seen()).toEqual([
      ['bb', true],
      ['cc', true],
    ])
    server.socket.say({ type: 'member-joined', member: member(CLEO) })
    expect(seen()).toEqual([
      ['bb', true],
      ['cc', false],
    ])
    clock.pass(14_000)
    for (let i = 0; i < 4; i++) {
      server.socket.say({ type: 'pong' })
      clock.pass(15_000)
    }
    expect(seen()).toEqual([['cc', false]])
  })

  it('tell listeners only when something changed', () => {
    const { server, client } = inRoom()
    let calls = 0
    const stop = client.subscribe(() => calls++)
    server.socket.say({ type: 'pong' })
    server.socket.say({ type: 'signal', from: BEN, payload: 'x' })
    expect(calls).toBe(0)
    server.socket.say({ type: 'member-away', id: BEN })
    expect(calls).toBe(1)
    stop()
    server.socket.say({ type: 'member-left', id: BEN })
    expect(calls).toBe(1)
  })
})

describe('[Signals]', () => {
  it('go to the member and come from it', () => {
    const { server, client, signals } = inRoom()
    expect(client.sendSignal(BEN, 'offer')).toBe(true)
    expect(server.socket.all('signal')).toEqual([{ type: 'signal', to: BEN, payload: 'offer' }])
    server.socket.say({ type: 'signal', from: BEN, payload: 'answer' })
    expect(signals).toEqual(['bb: answer'])
  })

  it('are kept while reconnecting and sent in order after it', () => {
    const bench = inRoom()
    bench.server.socket.lose()
    for (const payload of ['1', '2', '3']) expect(bench.client.sendSignal(BEN, payload)).toBe(true)
    bench.clock.pass(500)
    bench.server.socket.open()
    expect(bench.server.socket.all('signal')).toEqual([])
    bench.server.socket.say(joined())
    expect(bench.server.socket.all('signal').map(({ payload }) => payload)).toEqual(['1', '2', '3'])
  })

  it('are kept up to a bound', () => {
    const { server, client } = inRoom()
    server.socket.lose()
    const taken = Array.from({ length: 2000 }, () => client.sendSignal(BEN, 'x'.repeat(1000))).filter(Boolean)
    expect(taken).toHaveLength(512)
    client.leave()
    expect(client.sendSignal(BEN, 'x')).toBe(false)
  })

  it('for a member that a restarted server does not know yet wait for it', () => {
    const bench = inRoom()
    const { server, client } = bench
    reconnect(bench, joined({ members: [], rebuilt: true }))
    client.sendSignal(BEN, 'restart')
    expect(server.socket.all('signal')).toEqual([])
    server.socket.say({ type: 'member-joined', member: member(BEN) })
    expect(server.socket.all('signal').map(({ payload }) => payload)).toEqual(['restart'])
  })

  it('for a page that was loaded anew meanwhile are dropped', () => {
    const bench = inRoom()
    bench.server.socket.lose()
    bench.client.sendSignal(BEN, 'for the former page')
    bench.clock.pass(500)
    bench.server.socket.open()
    bench.server.socket.say(joined({ members: [member(BEN, { instance: 'b2' })] }))
    expect(bench.server.socket.all('signal')).toEqual([])
  })

  it('that wait for their turn are dropped when the page they are for is loaded anew', () => {
    const { server, client, clock } = inRoom()
    server.socket.say({ type: 'error', code: 'SHOAL_RATE_LIMITED', retryAfterMs: 700 })
    client.sendSignal(BEN, 'for the former page')
    server.socket.say({ type: 'member-back', id: BEN, instance: 'b2' })
    client.sendSignal(BEN, 'for the new page')
    clock.pass(700)
    expect(server.socket.all('signal').map(({ payload }) => payload)).toEqual(['for the new page'])
  })

  it('made under a former id are dropped', () => {
    const bench = inRoom()
    bench.server.socket.lose()
    bench.client.sendSignal(BEN, 'from the former id')
    bench.clock.pass(500)
    bench.server.socket.open()
    bench.server.socket.say({ type: 'error', code: 'SHOAL_BAD_TOKEN' })
    bench.server.socket.say(joined({ selfId: '00000000000000dd' }))
    expect(bench.server.socket.all('signal')).toEqual([])
  })

  it('are never faster than the server takes them', () => {
    const { server, client, clock } = inRoom()
    for (let i = 0; i < 500; i++) client.sendSignal(BEN, String(i))
    expect(server.socket.all('signal')).toHaveLength(320)
    clock.pass(1000)
    expect(server.socket.all('signal')).toHaveLength(400)
    clock.pass(2000)
    expect(server.socket.all('signal').map(({ payload }) => Number(payload))).toEqual([...Array(500).keys()])
  })

  it('pause when the server says that they were too fast', () => {
    const { server, client, clock } = inRoom()
    server.socket.say({ type: 'error', code: 'SHOAL_RATE_LIMITED', retryAfterMs: 700 })
    client.sendSignal(BEN, 'later')
    clock.pass(699)
    expect(server.socket.all('signal')).toEqual([])
    clock.pass(1)
    expect(server.socket.all('signal')).toHaveLength(1)
  })

  it('that are too large or for a stranger are not taken', () => {
    const { server, client } = inRoom()
    expect(client.sendSignal(BEN, 'x'.repeat(32_769))).toBe(false)
    expect(client.sendSignal(BEN, '\u0000'.repeat(32_000))).toBe(false)
    expect(client.sendSignal(CLEO, 'x')).toBe(false)
    expect(client.sendSignal(BEN, 'x'.repeat(32_768))).toBe(true)
    expect(server.socket.all('signal')).toHaveLength(1)
  })

  it('that the server refuses are reported to whom sent them', () => {
    const { server, refusals, phase } = inRoom()
    server.socket.say({ type: 'error', code: 'SHOAL_PEER_SILENT', to: BEN })
    expect([refusals, phase()]).toEqual([['bb: SHOAL_PEER_SILENT'], 'joined'])
  })
})

describe('[Hostile server]', () => {
  it('a room that is not the one asked for is not entered: nothing of the link holds in another', () => {
    const { client, server, clock, storage, phase } = setUp()
    client.join({ room: ROOM, name: 'ANNA', role: 'sender' })
    server.socket.open()
    server.socket.say(joined({ room: 'AAAAA-BBBBB' }))
    expect([phase(), client.getState().room, storage.place]).toEqual(['connecting', null, null])
    expect(client.getState().members).toEqual([])
    clock.pass(1000)
    expect(server.sockets).toHaveLength(2)
    server.socket.open()
    server.socket.say(joined())
    expect([phase(), client.getState().room]).toEqual(['joined', ROOM])

    // Nor later, when it comes back after the socket was lost.
    server.socket.lose()
    clock.pass(1000)
    server.socket.open()
    server.socket.say(joined({ room: 'AAAAA-BBBBB' }))
    expect([phase(), client.getState().room]).toEqual(['reconnecting', ROOM])
  })

  it.each([
    ['no text', new ArrayBuffer(3)],
    ['no JSON', 'hello'],
    ['an unknown type', '{"type":"reboot"}'],
    ['an unknown error code', '{"type":"error","code":"SHOAL_PWNED"}'],
    ['a code of the prototype', '{"type":"error","code":"toString"}'],
    ['a signal from a stranger', `{"type":"signal","from":"${CLEO}","payload":"x"}`],
    ['news about a stranger', `{"type":"member-away","id":"${CLEO}"}`],
    ['news about ourselves', `{"type":"member-left","id":"${SELF}"}`],
    ['ourselves as another member', JSON.stringify({ type: 'member-joined', member: member(SELF) })],
    ['joined unasked', JSON.stringify(joined({ room: 'AAAAA-AAAAA' }))],
    ['an address that runs script', '{"type":"welcome","addresses":[{"origin":"javascript:x","label":""}]}'],
    ['an error that says nothing to us', '{"type":"error","code":"SHOAL_BAD_MESSAGE"}'],
  ])('%s is counted and ignored', (_what, data) => {
    const { server, client, signals } = inRoom()
    const before = client.getState()
    server.socket.sayRaw(data)
    expect(client.getState()).toEqual({ ...before, ignored: 1 })
    expect(signals).toEqual([])
  })

  it('news before we are let in is counted and ignored', () => {
    const { server, client, clock } = inRoom()
    server.socket.lose()
    clock.pass(500)
    server.socket.open()
    server.socket.say({ type: 'member-left', id: BEN })
    expect(client.getState()).toMatchObject({ ignored: 1, members: [member(BEN)] })
  })

  it(
    'whatever it says, nothing throws and the members stay a list without ourselves',
    { timeout: 60_000 },
    () => {
      const said = fc.oneof(
        fc.string(),
        fc.json(),
        fc.constantFrom(
          joined(),
          joined({ members: [member(SELF), member(BEN), member(CLEO)], rebuilt: true }),
          { type: 'member-joined', member: member(BEN) },
          { type: 'member-left', id: BEN },
          { type: 'error', code: 'SHOAL_BAD_TOKEN' },
          { type: 'error', code: 'SHOAL_ROOM_NOT_FOUND', retryAfterMs: 1000 },
          { type: 'error', code: 'SHOAL_RATE_LIMITED', retryAfterMs: 9 },
          { type: 'error', code: 'SHOAL_NOT_IN_ROOM' },
          'lose',
          'open',
        ),
      )
      fc.assert(
        fc.property(fc.array(fc.tuple(said, fc.nat(20_000)), { maxLength: 40 }), (steps) => {
          const { server, client, clock } = inRoom()
          for (const [step, ms] of steps) {
            if (step === 'lose') server.socket.lose()
            else if (step === 'open') server.socket.open()
            else server.socket.sayRaw(typeof step === 'string' ? step : JSON.stringify(step))
            client.sendSignal(BEN, 'x')
            clock.pass(ms)
          }
          const { members, phase, selfId } = client.getState()
          const ids = members.map(({ id }) => id)
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids).not.toContain(SELF)
          expect(selfId === null).toBe(phase === 'failed')
          client.close()
          expect(clock.waiting).toBe(0)
        }),
        { numRuns: 200 },
      )
    },
  )
})

describe('[Owner]', () => {
  it('a room is made with its title, and who made it is its owner', () => {
    const { client, server } = setUp()
    client.create({ name: 'ANNA', role: 'member', title: 'Sea' })
    server.socket.open()
    expect(server.socket.all('create')).toEqual([
      { type: 'create', name: 'ANNA', role: 'member', instance: 'p1', title: 'Sea' },
    ])
    server.socket.say(joined({ owner: true, title: 'Sea' }))
    expect(client.getState()).toMatchObject({ owner: true, title: 'Sea' })
    expect(client.remove(BEN)).toBe(true)
    expect(client.remove('f'.repeat(16))).toBe(false)
    expect(server.socket.all('remove')).toEqual([{ type: 'remove', member: BEN }])
  })

  it.each([
    ['as it happens', (bench: ReturnType<typeof inRoom>) => bench.server.socket.say(REMOVED)],
    [
      'while the socket was lost',
      (bench: ReturnType<typeof inRoom>) =>
        reconnect(bench, joined({ members: [], rebuilt: true, removed: [BEN] })),
    ],
  ])('that a member was taken out is told %s, and it is in no list', (_title, remove) => {
    const bench = inRoom()
    const removed: string[] = []
    bench.client.onRemoved((id) => removed.push(id))
    remove(bench)
    expect(removed).toEqual([BEN])
    expect(bench.client.getState().members).toEqual([])
  })

  it('a page that was taken out stays away, with its reason, and forgets its place', () => {
    for (const say of [
      (bench: ReturnType<typeof inRoom>) => bench.server.socket.say({ type: 'error', code: 'SHOAL_REMOVED' }),
      (bench: ReturnType<typeof inRoom>) => bench.server.socket.lose(4005),
      (bench: ReturnType<typeof inRoom>) => reconnect(bench, { type: 'error', code: 'SHOAL_REMOVED' }),
    ]) {
      const bench = inRoom()
      say(bench)
      expect(bench.client.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_REMOVED' })
      expect(bench.storage.place).toBeNull()
      expect(bench.clock.waiting).toBe(0)
    }
  })
})
