import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ROOM_REMOVED_MAX, clientMessageSchema, parseServerMessage } from '@/lib/signalling/messages'

import { DEFAULT_LIMITS } from './limits'
import { CLOSE } from './outgoing'
import { Rooms } from './rooms'
import { HubBench } from './testing/hub-bench'

const WINDOW_MS = DEFAULT_LIMITS.resumeWindowMs

function roomOfTwo(options?: ConstructorParameters<typeof HubBench>[0]) {
  const bench = new HubBench(options)
  const anna = bench.create('ANNA')
  const { room, selfId: annaId, token: annaToken } = anna.last('joined')
  const ben = bench.join(room, 'BEN')
  const { selfId: benId, token: benToken } = ben.last('joined')
  anna.news()
  ben.news()
  return { bench, anna, ben, room, annaId, annaToken, benId, benToken }
}

describe('[Rooms]', () => {
  it('a page that creates a room is told its code, its id, its name and a token', () => {
    const anna = new HubBench().create('ANNA')
    const joined = anna.last('joined')
    expect(joined.room).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(joined).toMatchObject({ name: 'ANNA', members: [], rebuilt: false })
    expect(joined.token).not.toBe('')
  })

  it('a newcomer sees who is there, and those see the newcomer', () => {
    const bench = new HubBench()
    const anna = bench.create('ANNA')
    const ben = bench.join(anna.last('joined').room, 'BEN', { instance: 'p1' })
    expect(ben.last('joined').members).toEqual([
      {
        ...{ id: anna.last('joined').selfId, name: 'ANNA', role: 'receiver', away: false, instance: '' },
        owner: true,
      },
    ])
    expect(anna.last('member-joined').member).toEqual({
      id: ben.last('joined').selfId,
      ...{ name: 'BEN', role: 'sender', away: false, instance: 'p1' },
    })
  })

  it('a code is accepted in any spelling', () => {
    const bench = new HubBench()
    const { room } = bench.create().last('joined')
    expect(bench.join(` ${room.toLowerCase().replace('-', ' ')} `).last('joined').room).toBe(room)
  })

  it('an unknown code is answered at once', () => {
    const bench = new HubBench()
    expect(bench.join('K7QM3-XTR9B').all('error')).toEqual([{ type: 'error', code: 'SHOAL_ROOM_NOT_FOUND' }])
  })

  it('a second member with the same name gets a number', () => {
    const { bench, room } = roomOfTwo()
    expect(bench.join(room, 'ben').last('joined').name).toBe('ben (2)')
    expect(bench.join(room, 'BEN').last('joined').name).toBe('BEN (3)')
  })

  it('a room takes as many members as it was made for, and no more', () => {
    const bench = new HubBench()
    const { room } = bench.create('ANNA', { maxMembers: 2 }).last('joined')
    expect(bench.join(room).errors).toEqual([])
    expect(bench.join(room).errors).toEqual(['SHOAL_ROOM_FULL'])
  })

  it('no room takes more members than the server allows', () => {
    const bench = new HubBench({ limits: { membersPerRoom: 3 } })
    const { room } = bench.create('ANNA', { maxMembers: 200 }).last('joined')
    const errors = [1, 2, 3].map(() => bench.join(room).errors)
    expect(errors).toEqual([[], [], ['SHOAL_ROOM_FULL']])
  })

  it('the server has a last room', () => {
    const bench = new HubBench({ limits: { rooms: 2 } })
    expect([1, 2, 3].map(() => bench.create().errors)).toEqual([[], [], ['SHOAL_SERVER_FULL']])
  })

  it('a room is gone 60 s after its last member', () => {
    const { bench, anna, ben, room } = roomOfTwo()
    anna.say({ type: 'leave' })
    ben.say({ type: 'leave' })
    bench.pass(DEFAULT_LIMITS.emptyRoomMs - 1000)
    expect(bench.hub.metrics().rooms).toBe(1)
    bench.pass(1000)
    expect(bench.hub.metrics().rooms).toBe(0)
    expect(bench.join(room).errors).toEqual(['SHOAL_ROOM_NOT_FOUND'])
  })

  it('a room that someone joins again in time stays', () => {
    const { bench, anna, ben, room } = roomOfTwo()
    anna.say({ type: 'leave' })
    ben.say({ type: 'leave' })
    bench.pass(DEFAULT_LIMITS.emptyRoomMs - 1000)
    bench.join(room, 'CLEO')
    bench.pass(10 * DEFAULT_LIMITS.emptyRoomMs)
    expect(bench.hub.metrics().rooms).toBe(1)
  })

  it('a room ends after 24 hours, and its members are told', () => {
    const { bench, anna, ben, annaToken } = roomOfTwo()
    bench.pass(DEFAULT_LIMITS.roomMaxAgeMs)
    for (const page of [anna, ben]) {
      expect(page.errors).toEqual(['SHOAL_ROOM_EXPIRED'])
      expect(page.closedWith).toBe(CLOSE.expired)
    }
    expect(bench.hub.metrics()).toMatchObject({ rooms: 0, members: 0, sockets: 0 })
    expect(bench.resume(annaToken).errors).toEqual(['SHOAL_ROOM_EXPIRED'])
  })

  it('a socket is in one room at most', () => {
    const { anna, room } = roomOfTwo()
    anna.say({ type: 'create', name: 'ANNA', role: 'receiver' })
    anna.say({ type: 'join', room, name: 'ANNA', role: 'receiver' })
    expect(anna.errors).toEqual(['SHOAL_BAD_MESSAGE', 'SHOAL_BAD_MESSAGE'])
  })

  it('who left may enter again on the same socket', () => {
    const { anna, ben, room } = roomOfTwo()
    ben.say({ type: 'leave' })
    ben.say({ type: 'join', room, name: 'BEN', role: 'sender' })
    expect(ben.last('joined').room).toBe(room)
    expect(anna.news().map(({ type }) => type)).toEqual(['member-left', 'member-joined'])
  })

  it('a socket that enters no room is closed after a minute', () => {
    const bench = new HubBench()
    const page = bench.open()
    bench.pass(DEFAULT_LIMITS.entryDeadlineMs - 1000)
    expect(page.closedWith).toBeNull()
    bench.pass(1000)
    expect(page.closedWith).toBe(CLOSE.policy)
  })
})

describe('[Places]', () => {
  it('a lost socket keeps its place for 60 s: away, then gone', () => {
    const { bench, anna, ben, benId } = roomOfTwo()
    ben.drop()
    expect(anna.news()).toEqual([{ type: 'member-away', id: benId }])
    bench.pass(WINDOW_MS - 1000)
    expect(anna.news()).toEqual([])
    bench.pass(1000)
    expect(anna.news()).toEqual([{ type: 'member-left', id: benId }])
  })

  it('a page that was closed keeps its place as well, and the others and newcomers are told which of the two it is', () => {
    const { bench, anna, ben, benId, benToken, room } = roomOfTwo()
    ben.drop(true)
    expect(anna.news()).toEqual([{ type: 'member-away', id: benId, closed: true }])
    const benSeen = () =>
      bench
        .join(room, 'CLEO')
        .last('joined')
        .members.find(({ id }) => id === benId)
    expect(benSeen()).toMatchObject({ away: true, closed: true })
    bench.resume(benToken)
    expect(benSeen()).toMatchObject({ away: false })
    expect(benSeen()).not.toHaveProperty('closed')
  })

  it('coming back within 60 s keeps id and name', () => {
    const { bench, anna, ben, benId, benToken, annaId } = roomOfTwo()
    ben.drop()
    bench.pass(WINDOW_MS - 1000)
    anna.news()
    const back = bench.resume(benToken)
    expect(back.last('joined')).toMatchObject({ selfId: benId, name: 'BEN', members: [{ id: annaId }] })
    expect(anna.news()).toEqual([{ type: 'member-back', id: benId, instance: '' }])
    bench.pass(2 * WINDOW_MS)
    expect(anna.news()).toEqual([])
  })

  it('coming back after 60 s is refused', () => {
    const { bench, ben, benToken } = roomOfTwo()
    ben.drop()
    bench.pass(WINDOW_MS)
    expect(bench.resume(benToken).errors).toEqual(['SHOAL_BAD_TOKEN'])
  })

  it('a member that left does not come back by its token', () => {
    const { bench, ben, benToken } = roomOfTwo()
    ben.say({ type: 'leave' })
    expect(bench.resume(benToken).errors).toEqual(['SHOAL_BAD_TOKEN'])
  })

  it('of two sockets with one token the newest wins', () => {
    const { bench, anna, ben, benToken, benId } = roomOfTwo()
    const newer = bench.resume(benToken)
    expect(ben.errors).toEqual(['SHOAL_REPLACED'])
    expect(ben.closedWith).toBe(CLOSE.replaced)
    ben.drop()
    ben.say({ type: 'leave' })
    expect(newer.last('joined').selfId).toBe(benId)
    expect(anna.news()).toEqual([])
  })

  it('the others learn when a member comes back as a new load of its page', () => {
    const { bench, anna, benId, benToken } = roomOfTwo()
    bench.resume(benToken, { instance: 'p2' })
    expect(anna.news()).toEqual([{ type: 'member-back', id: benId, instance: 'p2' }])
  })

  it('a token of nobody, of another key, cut short or changed is refused', () => {
    const { bench, benToken } = roomOfTwo()
    const other = roomOfTwo({ key: 'another key' })
    const changed = benToken.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))
    for (const token of ['x', other.benToken, benToken.slice(0, -4), changed, `${benToken}.x`]) {
      expect(bench.resume(token).errors).toEqual(['SHOAL_BAD_TOKEN'])
    }
  })
})

describe('[Restart]', () => {
  const restart = (options: ConstructorParameters<typeof HubBench>[0] = {}) =>
    new HubBench({ run: 'run 2', restarted: true, startMs: 5000, ...options })

  it('a returning member rebuilds its room: same code, same id, same name', () => {
    const { annaToken, annaId, room } = roomOfTwo()
    expect(restart().resume(annaToken).last('joined')).toMatchObject({
      ...{ room, selfId: annaId, name: 'ANNA', members: [], rebuilt: true },
    })
  })

  it('all members find each other again, and a newcomer joins by the code', () => {
    const { annaToken, benToken, annaId, benId, room } = roomOfTwo()
    const bench = restart()
    const anna = bench.resume(annaToken)
    const ben = bench.resume(benToken)
    expect(anna.last('member-joined').member.id).toBe(benId)
    expect(ben.last('joined').members.map(({ id }) => id)).toEqual([annaId])
    expect(bench.join(room, 'CLEO').last('joined').members).toHaveLength(2)
  })

  it('nobody but a token holder brings a room back', () => {
    const { room, annaToken } = roomOfTwo()
    const bench = restart()
    expect(bench.join(room).errors).toEqual(['SHOAL_ROOM_NOT_FOUND'])
    expect(bench.hub.metrics().rooms).toBe(0)
    bench.resume(annaToken)
    expect(bench.join(room).errors).toEqual([])
  })

  it('another key refuses every token of before', () => {
    const { annaToken } = roomOfTwo()
    const bench = restart({ key: 'another key' })
    expect(bench.resume(annaToken).errors).toEqual(['SHOAL_BAD_TOKEN'])
    expect(bench.hub.metrics().rooms).toBe(0)
  })

  it('places are kept for 60 s after the start, then no longer', () => {
    const { annaToken, benToken } = roomOfTwo()
    const bench = restart()
    bench.pass(WINDOW_MS - 1000)
    expect(bench.resume(annaToken).errors).toEqual([])
    bench.pass(1000)
    expect(bench.resume(benToken).errors).toEqual(['SHOAL_BAD_TOKEN'])
  })

  it('who leaves after the restart does not come back by the token of before', () => {
    const { annaToken, benToken } = roomOfTwo()
    const bench = restart()
    bench.resume(annaToken)
    const ben = bench.resume(benToken)
    ben.say({ type: 'leave' })
    expect(bench.resume(benToken).errors).toEqual(['SHOAL_BAD_TOKEN'])
  })

  it('a clock that is set back does not bring back who left', () => {
    const { bench, ben, benToken } = roomOfTwo({ startMs: 3_600_000 })
    ben.say({ type: 'leave' })
    bench.pass(2 * WINDOW_MS)
    bench.nowMs -= 3_600_000
    expect(bench.resume(benToken).errors).toEqual(['SHOAL_BAD_TOKEN'])
  })

  it('a token opens only the room it was made in, not another one that drew the same code', () => {
    const { annaToken, annaId, room } = roomOfTwo()
    const bench = restart({ startMs: 20 * 251 })
    const { room: sameRoom, selfId: sameId } = bench.create('ANNA').last('joined')
    expect([sameRoom, sameId]).toEqual([room, annaId])
    expect(bench.resume(annaToken).errors).toEqual(['SHOAL_ROOM_EXPIRED'])
  })

  it('the 24 hours of a room go on over a restart', () => {
    const { annaToken } = roomOfTwo()
    const startMs = DEFAULT_LIMITS.roomMaxAgeMs - 2000
    const bench = restart({ startMs })
    const anna = bench.resume(annaToken)
    bench.pass(2000)
    expect(anna.closedWith).toBe(CLOSE.expired)
  })

  it('a newcomer is told for ten seconds to ask again, and only after a restart', () => {
    const bench = restart()
    expect(bench.join('K7QM3-XTR9B').last('error').retryAfterMs).toBeGreaterThan(0)
    bench.pass(DEFAULT_LIMITS.restartHintMs)
    expect(bench.join('K7QM3-XTR9B').last('error').retryAfterMs).toBeUndefined()
    expect(new HubBench().join('K7QM3-XTR9B').last('error').retryAfterMs).toBeUndefined()
  })

  it('the limit of members and the limit of rooms hold for rebuilt rooms too', () => {
    const small = roomOfTwo()
    const bench = restart({ limits: { rooms: 1, membersPerRoom: 1 } })
    bench.resume(small.annaToken)
    expect(bench.resume(small.benToken).errors).toEqual(['SHOAL_ROOM_FULL'])
    const other = roomOfTwo({ startMs: 77 })
    expect(bench.resume(other.annaToken).errors).toEqual(['SHOAL_SERVER_FULL'])
  })
})

describe('[Signals]', () => {
  it('a signal goes to the member it names, unread, and says from whom', () => {
    const { anna, ben, annaId, benId } = roomOfTwo()
    ben.say({ type: 'signal', to: annaId, payload: '{"not": read' })
    expect(anna.news()).toEqual([{ type: 'signal', from: benId, payload: '{"not": read' }])
    expect(ben.news()).toEqual([])
  })

  it('a signal never leaves its room', () => {
    const { bench, ben } = roomOfTwo()
    const stranger = bench.create('STRANGER')
    const strangerId = stranger.last('joined').selfId
    stranger.news()
    ben.say({ type: 'signal', to: strangerId, payload: 'x' })
    expect(stranger.news()).toEqual([])
    expect(ben.last('error')).toEqual({ type: 'error', code: 'SHOAL_PEER_GONE', to: strangerId })
  })

  it('nobody signals before entering a room, or to itself', () => {
    const { bench, ben, benId } = roomOfTwo()
    const outside = bench.open()
    outside.say({ type: 'signal', to: benId, payload: 'x' })
    ben.say({ type: 'signal', to: benId, payload: 'x' })
    expect([outside.errors, ben.errors]).toEqual([['SHOAL_NOT_IN_ROOM'], ['SHOAL_PEER_GONE']])
  })

  it('signals for a member that is away wait for it, in order', () => {
    const { bench, anna, ben, annaId, benToken, benId } = roomOfTwo()
    ben.drop()
    for (const payload of ['offer', 'candidate 1', 'candidate 2'])
      anna.say({ type: 'signal', to: benId, payload })
    const back = bench.resume(benToken)
    expect(
      back.news().map((message) => (message.type === 'signal' ? message.payload : message.type)),
    ).toEqual(['welcome', 'joined', 'offer', 'candidate 1', 'candidate 2'])
    expect(anna.errors).toEqual([])
    expect(annaId).not.toBe(benId)
  })

  it('what waits is bounded in number and size, and the sender is told', () => {
    const { bench, anna, ben, benId, benToken } = roomOfTwo({
      limits: { queuedSignals: 3, queuedChars: 10 },
    })
    ben.drop()
    for (const payload of ['12345678', '123', '9', '0', '']) anna.say({ type: 'signal', to: benId, payload })
    expect(anna.all('error')).toEqual([
      { type: 'error', code: 'SHOAL_PEER_SILENT', to: benId },
      { type: 'error', code: 'SHOAL_PEER_SILENT', to: benId },
    ])
    const taken = bench.resume(benToken).all('signal')
    expect(taken.map(({ payload }) => payload)).toEqual(['12345678', '9', '0'])
  })

  it('what waits is bounded over all rooms, and room is made by delivery', () => {
    const { bench, anna, ben, benId, benToken } = roomOfTwo({ limits: { queuedCharsTotal: 10 } })
    ben.drop()
    anna.say({ type: 'signal', to: benId, payload: '1234567890' })
    anna.say({ type: 'signal', to: benId, payload: '1' })
    expect(anna.errors).toEqual(['SHOAL_PEER_SILENT'])
    bench.resume(benToken).drop()
    anna.say({ type: 'signal', to: benId, payload: '1234567890' })
    expect(anna.errors).toEqual(['SHOAL_PEER_SILENT'])
  })

  it('signals for a page that was loaded anew are dropped: they were meant for the former one', () => {
    const { bench, anna, ben, benId, benToken } = roomOfTwo()
    ben.drop()
    anna.say({ type: 'signal', to: benId, payload: 'offer' })
    expect(bench.resume(benToken, { instance: 'p2' }).all('signal')).toEqual([])
  })

  it('waiting signals from a page that was loaded anew are dropped: nobody answers for them', () => {
    const { bench, anna, ben, annaToken, benId, benToken } = roomOfTwo()
    ben.drop()
    anna.say({ type: 'signal', to: benId, payload: 'old offer' })
    bench.resume(annaToken, { instance: 'p2' }).say({ type: 'signal', to: benId, payload: 'new offer' })
    expect(
      bench
        .resume(benToken)
        .all('signal')
        .map(({ payload }) => payload),
    ).toEqual(['new offer'])
  })
})

describe('[Limits]', () => {
  it('says its limits in the welcome', () => {
    expect(new HubBench().open().last('welcome').limits).toEqual({
      ...{ messageBytes: 65_536, payloadChars: 32_768, messagesPerSecond: 100, messageBurst: 400 },
      resumeWindowMs: 60_000,
    })
  })

  it('more messages than the burst are refused until the rate allows them again', () => {
    const bench = new HubBench({ limits: { messagesPerSecond: 10, messageBurst: 20 } })
    const page = bench.open()
    for (let i = 0; i < 25; i++) page.say({ type: 'ping' })
    expect(page.all('pong')).toHaveLength(20)
    expect(page.all('error')).toEqual([{ type: 'error', code: 'SHOAL_RATE_LIMITED', retryAfterMs: 100 }])
    bench.nowMs += 1000
    for (let i = 0; i < 25; i++) page.say({ type: 'ping' })
    expect(page.all('pong')).toHaveLength(30)
  })

  it('a flood ends with the socket closed, its member away, and few answers', () => {
    const { bench, anna, ben, benId } = roomOfTwo()
    for (let i = 0; i < 10_000 && ben.closedWith === null; i++) {
      ben.say({ type: 'ping' })
      if (i % 100 === 0) bench.nowMs += 10
    }
    expect(ben.closedWith).toBe(CLOSE.policy)
    expect(ben.errors.length).toBeLessThan(50)
    expect(anna.news()).toEqual([{ type: 'member-away', id: benId }])
  })

  it('a page a little over the rate is slowed down, never closed', () => {
    const { bench, ben } = roomOfTwo({ limits: { messagesPerSecond: 100, messageBurst: 100 } })
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < 110; i++) {
        ben.say({ type: 'ping' })
        bench.nowMs += 1000 / 110
      }
    }
    expect(ben.closedWith).toBeNull()
    expect(ben.errors).toContain('SHOAL_RATE_LIMITED')
  })

  it('joins are counted by address, over all its sockets', () => {
    const bench = new HubBench({ limits: { joinsPerMinute: 3 } })
    for (let i = 0; i < 3; i++) bench.join('K7QM3-XTR9B')
    const refused = bench.join('K7QM3-XTR9B')
    expect(refused.last('error')).toEqual({
      type: 'error',
      code: 'SHOAL_TOO_MANY_JOINS',
      retryAfterMs: 20_000,
    })
    const elsewhere = bench.open('192.0.2.99')
    elsewhere.say({ type: 'create', name: 'X', role: 'sender' })
    expect(elsewhere.errors).toEqual([])
    bench.pass(20_000)
    expect(bench.create().errors).toEqual([])
  })

  it('coming back costs nothing, trying tokens does', () => {
    const { bench, benToken } = roomOfTwo({ limits: { joinsPerMinute: 4 } })
    for (let i = 0; i < 50; i++) expect(bench.resume(benToken).errors).toEqual([])
    const errors = [1, 2, 3].map(() => bench.resume('wrong').errors[0])
    expect(errors).toEqual(['SHOAL_BAD_TOKEN', 'SHOAL_BAD_TOKEN', 'SHOAL_TOO_MANY_JOINS'])
  })

  it('a message over the size limit is refused and the socket stays', () => {
    const page = new HubBench().open()
    page.sayText(null, DEFAULT_LIMITS.messageBytes + 1)
    page.say({ type: 'ping' })
    expect(page.errors).toEqual(['SHOAL_MESSAGE_TOO_LARGE'])
    expect(page.all('pong')).toHaveLength(1)
  })

  it('the counts for /healthz add up', () => {
    const { bench, ben } = roomOfTwo()
    bench.open()
    ben.drop()
    expect(bench.hub.metrics()).toEqual({ rooms: 1, members: 2, sockets: 2 })
  })
})

describe('[Bad input]', () => {
  it.each([
    ['binary', null, 'SHOAL_BAD_MESSAGE'],
    ['nothing', '', 'SHOAL_BAD_MESSAGE'],
    ['no JSON', '{"type":', 'SHOAL_BAD_MESSAGE'],
    ['a list', '[]', 'SHOAL_BAD_MESSAGE'],
    ['an unknown type', '{"type":"shutdown"}', 'SHOAL_BAD_MESSAGE'],
    ['a bad name', '{"type":"create","name":"\\u202e","role":"sender"}', 'SHOAL_BAD_NAME'],
    ['a bad role', '{"type":"create","name":"A","role":"admin"}', 'SHOAL_BAD_MESSAGE'],
    ['a bad code', '{"type":"join","room":"NOPE","name":"A","role":"sender"}', 'SHOAL_BAD_CODE'],
    ['a bad token', '{"type":"resume","token":7}', 'SHOAL_BAD_TOKEN'],
    ['a server message', '{"type":"member-left","id":"0000000000000000"}', 'SHOAL_BAD_MESSAGE'],
  ])('%s is answered with an error, and the socket goes on', (_what, text, code) => {
    const page = new HubBench().open()
    page.sayText(text)
    page.say({ type: 'create', name: 'ANNA', role: 'receiver' })
    expect(page.errors).toEqual([code])
    expect(page.all('joined')).toHaveLength(1)
  })

  it('a message from a socket that is not open is ignored', () => {
    const bench = new HubBench()
    expect(bench.hub.handleMessage(99, '{"type":"ping"}', 15, 0)).toEqual([])
    expect(bench.hub.handleClose(99, false, 0)).toEqual([])
  })

  it(
    'whatever three pages do, the hub neither throws nor says what the client would not understand',
    { timeout: 60_000 },
    () => {
      const action = fc.oneof(
        fc.record({ kind: fc.constant('text' as const), text: fc.oneof(fc.string(), fc.json()) }),
        fc.record({ kind: fc.constant('drop' as const) }),
        fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 70_000 }) }),
        fc.record({
          kind: fc.constant('say' as const),
          type: fc.constantFrom(...clientMessageSchema.options.map((option) => option.shape.type.value)),
          name: fc.oneof(fc.constant('ANNA'), fc.string()),
          to: fc.nat(2),
          instance: fc.constantFrom('', 'p1', 'p2'),
          payload: fc.string(),
        }),
      )
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(2), action), { maxLength: 60 }), (steps) => {
          const bench = new HubBench({ limits: { membersPerRoom: 2, queuedSignals: 2, rooms: 2 } })
          const pages = [bench.open(), bench.open(), bench.open()]
          const heard = () => pages.flatMap((page) => page.all('joined'))
          for (const [who, step] of steps) {
            const page = pages[who]!
            if (step.kind === 'text') page.sayText(step.text)
            else if (step.kind === 'pass') bench.pass(step.ms)
            else if (step.kind === 'drop') {
              page.drop()
              pages[who] = bench.open()
            } else {
              const room = heard().at(-1)?.room ?? 'K7QM3-XTR9B'
              const token = heard().at(-1)?.token ?? 'x'
              const to = heard()[step.to]?.selfId ?? '0000000000000000'
              page.say({ ...step, room, token, to, role: 'sender' })
            }
          }
          for (const message of pages.flatMap((page) => page.inbox)) {
            expect(parseServerMessage(JSON.stringify(message)).error).toBeUndefined()
          }
          const { rooms, members } = bench.hub.metrics()
          expect(rooms).toBeLessThanOrEqual(2)
          expect(members).toBeLessThanOrEqual(4)
        }),
        { numRuns: 200 },
      )
    },
  )
})

describe('[Owner]', () => {
  const restart = () => new HubBench({ run: 'run 2', restarted: true, startMs: 5000 })

  function roomWithOwner() {
    const bench = new HubBench()
    const anna = bench.create('ANNA', { role: 'member', title: ' Sea  <trip>\u202e ', instance: 'a1' })
    const { room, token: annaToken, selfId: annaId } = anna.last('joined')
    const ben = bench.join(room, 'BEN', { role: 'member', instance: 'b1' })
    const cleo = bench.join(room, 'CLEO', { role: 'member', instance: 'c1' })
    const { token: benToken, selfId: benId } = ben.last('joined')
    return { bench, anna, ben, cleo, room, annaId, annaToken, benId, benToken }
  }

  it('who made the room is its owner, and everyone is told, with the title as it may be shown', () => {
    const { anna, ben, cleo, annaId } = roomWithOwner()
    expect(anna.last('joined')).toMatchObject({ owner: true, title: 'Sea ‹trip›' })
    for (const page of [ben, cleo]) {
      const { owner, title, members } = page.last('joined')
      expect([owner, title]).toEqual([undefined, 'Sea ‹trip›'])
      expect(members.filter((member) => member.owner).map(({ id }) => id)).toEqual([annaId])
    }
  })

  it('owner and title come back with the room after a restart, whoever is first', () => {
    const { annaToken, benToken, annaId } = roomWithOwner()
    const bench = restart()
    const ben = bench.resume(benToken)
    expect(ben.last('joined')).toMatchObject({ title: 'Sea ‹trip›' })
    expect(ben.last('joined').owner).toBeUndefined()
    expect(bench.resume(annaToken).last('joined')).toMatchObject({ owner: true, title: 'Sea ‹trip›' })
    expect(ben.last('member-joined').member).toMatchObject({ id: annaId, owner: true })
  })

  it.each(['', 'x'.repeat(61), '\u200b'])('no room is made with the title %j', (title) => {
    expect(new HubBench().create('ANNA', { title }).errors).toEqual(['SHOAL_BAD_NAME'])
  })

  it('the owner removes a member: it is told and cut off, and the others know why it is gone', () => {
    const { anna, ben, cleo, benId } = roomWithOwner()
    for (const page of [anna, cleo]) page.news()
    anna.say({ type: 'remove', member: benId })
    expect(ben.errors).toEqual(['SHOAL_REMOVED'])
    expect(ben.closedWith).toBe(CLOSE.removed)
    for (const page of [anna, cleo]) {
      expect(page.news()).toEqual([{ type: 'member-left', id: benId, removed: true }])
    }
  })

  it('a removed member comes back neither by its token nor as this load of its page', () => {
    const { bench, anna, benId, benToken, room } = roomWithOwner()
    anna.say({ type: 'remove', member: benId })
    expect(bench.resume(benToken, { instance: 'b2' }).errors).toEqual(['SHOAL_REMOVED'])
    expect(bench.join(room, 'BEN', { instance: 'b1' }).errors).toEqual(['SHOAL_REMOVED'])
    expect(bench.hub.metrics().members).toBe(2)
  })

  it('a member that is away can be removed, and who was away then is told on coming back', () => {
    const { bench, anna, ben, cleo, benId, benToken } = roomWithOwner()
    const { token } = cleo.last('joined')
    ben.drop()
    cleo.drop()
    anna.say({ type: 'remove', member: benId })
    expect(bench.resume(benToken).errors).toEqual(['SHOAL_REMOVED'])
    expect(bench.resume(token, { instance: 'c1' }).last('joined').removed).toEqual([benId])
  })

  it('nobody else removes anyone, and the owner removes neither itself nor a stranger', () => {
    const { bench, anna, ben, annaId, benId } = roomWithOwner()
    ben.say({ type: 'remove', member: annaId })
    expect(ben.errors).toEqual(['SHOAL_NOT_OWNER'])
    for (const member of [annaId, 'f'.repeat(16)]) anna.say({ type: 'remove', member })
    expect(anna.errors).toEqual(['SHOAL_PEER_GONE', 'SHOAL_PEER_GONE'])
    const outsider = bench.open()
    outsider.say({ type: 'remove', member: benId })
    expect(outsider.errors).toEqual(['SHOAL_NOT_IN_ROOM'])
    expect(bench.hub.metrics().members).toBe(3)
  })

  it('a room remembers as many removals as it may, the newest', () => {
    let drawn = 0
    const rooms = new Rooms(DEFAULT_LIMITS, (count) => {
      drawn++
      return Uint8Array.from({ length: count }, (_, i) => (i === 0 ? drawn >> 8 : drawn) & 255)
    })
    const room = rooms.open({}, 0)
    if (!room) throw new Error('no room')
    for (let i = 0; i < ROOM_REMOVED_MAX + 1; i++) {
      const entry = { name: 'BEN', role: 'member', owner: false, instance: `b${i}`, socketId: null } as const
      rooms.expel(room, rooms.add(room, entry), 0)
    }
    expect(room.removed.size).toBe(ROOM_REMOVED_MAX)
    expect([0, 1].map((i) => rooms.isExpelled(room, { instance: `b${i}` }))).toEqual([false, true])
  })
})
