import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  RELAY_EVERYONE,
  encodeRelayFrame,
  parseRelayFrame,
  parseRelayServerMessage,
} from '@/lib/signalling/messages'
import type { RelayServerMessage } from '@/lib/signalling/messages'

import { DEFAULT_LIMITS } from './limits'
import type { Limits } from './limits'
import { CLOSE } from './outgoing'
import { RelayHub } from './relay-hub'
import type { RelayOutgoing } from './relay-hub'
import { createTicketSeal } from './tokens'
import type { Place } from './tokens'

const ANNA = '00000000000000aa'
const BEN = '00000000000000bb'
const CLEO = '00000000000000cc'
const ROOM = 'K7QM3-XTR9B'
const seal = createTicketSeal(Buffer.from('a key'))

const place = (id: string, room = ROOM): Place => ({
  ...{ room, id, name: id.slice(-2), role: 'sender', maxMembers: 32 },
  ...{ roomCreatedAtMs: 7, issuedAtMs: 7, run: 'run 1' },
})

/** Sockets as the hub sees them, on a clock that the test moves. */
class Bench {
  readonly hub: RelayHub
  nowMs = 1_000_000
  readonly heard = new Map<number, RelayServerMessage[]>()
  readonly packets = new Map<number, [string, number[]][]>()
  readonly closed = new Map<number, number>()
  readonly unread = new Map<number, number>()
  readonly away = new Set<string>()
  isOpen = true
  private sockets = 0

  constructor(limits: Partial<Limits> = {}) {
    this.hub = new RelayHub({
      limits: { ...DEFAULT_LIMITS, ...limits },
      seats: { isSeated: ({ id }) => this.isOpen && !this.away.has(id), isOpen: () => this.isOpen },
      openTicket: (ticket) => seal.open(ticket),
      unread: (id) => this.unread.get(id) ?? 0,
    })
  }

  open(address = '192.0.2.1'): number {
    const id = ++this.sockets
    this.heard.set(id, [])
    this.packets.set(id, [])
    this.hub.handleOpen(id, address, this.nowMs)
    return id
  }

  enter(id: string, room = ROOM, address?: string): number {
    const socket = this.open(address)
    this.text(socket, JSON.stringify({ type: 'enter', ticket: seal.seal(place(id, room)) }))
    return socket
  }

  text(socket: number, text: string): void {
    this.deliver(this.hub.handleText(socket, text, this.nowMs))
  }

  send(socket: number, to: string, ...bytes: number[]): void {
    this.frame(socket, encodeRelayFrame(to, Uint8Array.from(bytes)))
  }

  frame(socket: number, frame: Uint8Array): void {
    this.deliver(this.hub.handleFrame(socket, frame, this.nowMs))
  }

  tick(): void {
    this.deliver(this.hub.handleTick(this.nowMs))
  }

  /** What this socket was told since the last call. */
  news(socket: number): RelayServerMessage[] {
    return this.heard.get(socket)?.splice(0) ?? []
  }

  got(socket: number): [string, number[]][] {
    return this.packets.get(socket)?.splice(0) ?? []
  }

  deliver(outgoing: readonly RelayOutgoing[]): void {
    for (const item of outgoing) {
      if (item.kind === 'close') this.closed.set(item.socketId, item.code)
      else if (item.kind === 'say') this.heard.get(item.socketId)?.push(item.message)
      else {
        const parsed = parseRelayFrame(item.frame)
        if (parsed) this.packets.get(item.socketId)?.push([parsed.id, [...parsed.packet]])
      }
    }
  }
}

function roomOfTwo(limits: Partial<Limits> = {}) {
  const bench = new Bench(limits)
  const [anna, ben] = [bench.enter(ANNA), bench.enter(BEN)]
  bench.news(anna)
  bench.news(ben)
  return { bench, anna, ben }
}

describe('who is at the relay', () => {
  it('a ticket lets its holder in, and each learns of the others', () => {
    const bench = new Bench()
    const anna = bench.enter(ANNA)
    expect(bench.news(anna)).toEqual([{ type: 'entered', here: [] }])
    const ben = bench.enter(BEN)
    expect(bench.news(ben)).toEqual([{ type: 'entered', here: [ANNA] }])
    expect(bench.news(anna)).toEqual([{ type: 'here', id: BEN }])
    bench.deliver(bench.hub.handleClose(ben))
    expect(bench.news(anna)).toEqual([{ type: 'gone', id: BEN }])
  })

  it.each([
    ['no ticket of ours', '{"type":"enter","ticket":"x.y"}'],
    ['no message', 'hello'],
  ])('%s ends with the socket closed', (_what, text) => {
    const bench = new Bench()
    const socket = bench.open()
    bench.text(socket, text)
    expect(bench.closed.get(socket)).toBe(CLOSE.policy)
  })

  it('a ticket of a member that is gone is refused by name', () => {
    const bench = new Bench()
    bench.away.add(ANNA)
    const anna = bench.enter(ANNA)
    expect(bench.news(anna)).toEqual([{ type: 'error', code: 'SHOAL_BAD_TOKEN' }])
    expect(bench.closed.get(anna)).toBe(CLOSE.policy)
  })

  it('a packet before the ticket closes the socket', () => {
    const bench = new Bench()
    const socket = bench.open()
    bench.send(socket, ANNA, 1)
    expect(bench.closed.get(socket)).toBe(CLOSE.policy)
  })

  it('a member that lost its place goes, and so does a socket that never shows a ticket', () => {
    const { bench, anna, ben } = roomOfTwo()
    const silent = bench.open()
    bench.away.add(BEN)
    bench.nowMs += DEFAULT_LIMITS.relayEntryDeadlineMs
    bench.tick()
    expect([bench.closed.get(ben), bench.closed.get(silent)]).toEqual([CLOSE.policy, CLOSE.policy])
    expect(bench.closed.has(anna)).toBe(false)
    expect(bench.news(anna)).toEqual([{ type: 'gone', id: BEN }])
  })

  it('the newest socket of a member wins', () => {
    const { bench, anna, ben } = roomOfTwo()
    const again = bench.enter(BEN)
    expect(bench.closed.get(ben)).toBe(CLOSE.replaced)
    expect(bench.news(anna)).toEqual([
      { type: 'gone', id: BEN },
      { type: 'here', id: BEN },
    ])
    bench.deliver(bench.hub.handleClose(ben))
    bench.send(anna, BEN, 5)
    expect(bench.got(again)).toEqual([[ANNA, [5]]])
  })
})

describe('packets', () => {
  it('go to the member they name, under the name of who sent them, as they are', () => {
    const { bench, anna, ben } = roomOfTwo()
    const cleo = bench.enter(CLEO)
    bench.send(anna, BEN, 1, 2, 3)
    expect(bench.got(ben)).toEqual([[ANNA, [1, 2, 3]]])
    expect([bench.got(anna), bench.got(cleo)]).toEqual([[], []])
  })

  it('stay in their room', () => {
    const { bench, anna } = roomOfTwo()
    const stranger = bench.enter(CLEO, 'AAAAA-AAAAA')
    bench.send(anna, CLEO, 1)
    bench.send(stranger, ANNA, 1)
    expect([bench.got(stranger), bench.got(anna)]).toEqual([[], []])
    expect(bench.news(stranger)).toEqual([{ type: 'entered', here: [] }])
  })

  it('to nobody, to oneself, without anything in them or too large are dropped', () => {
    const { bench, anna, ben } = roomOfTwo()
    bench.send(anna, CLEO, 1)
    bench.send(anna, ANNA, 1)
    bench.send(anna, BEN)
    bench.frame(anna, new Uint8Array(3))
    bench.frame(anna, encodeRelayFrame(BEN, new Uint8Array(DEFAULT_LIMITS.relayPacketBytes)))
    expect([bench.got(anna), bench.got(ben)]).toEqual([[], []])
    bench.send(anna, BEN, 1)
    expect(bench.got(ben)).toEqual([[ANNA, [1]]])
  })

  it('a flood of nonsense ends with the socket closed', () => {
    const { bench, anna } = roomOfTwo({ floodMessages: 3 })
    for (let i = 0; i < 3; i++) bench.frame(anna, new Uint8Array(2))
    expect(bench.closed.has(anna)).toBe(false)
    bench.text(anna, '{"type":"shutdown"}')
    expect(bench.closed.get(anna)).toBe(CLOSE.policy)
  })
})

describe('a receiver that is behind', () => {
  it('makes its sender wait, once, and tells when it has caught up', () => {
    const { bench, anna, ben } = roomOfTwo({ relayBusyBytes: 100, relayQueueBytes: 200 })
    bench.unread.set(ben, 101)
    bench.send(anna, BEN, 1)
    bench.send(anna, BEN, 2)
    expect(bench.news(anna)).toEqual([{ type: 'busy', id: BEN }])
    expect(bench.got(ben)).toHaveLength(2)
    bench.unread.set(ben, 0)
    bench.deliver(bench.hub.handleDrained(ben))
    bench.deliver(bench.hub.handleDrained(ben))
    expect(bench.news(anna)).toEqual([{ type: 'ready', id: BEN }])
  })

  it('loses what does not fit any more, and nobody else does', () => {
    const { bench, anna, ben } = roomOfTwo({ relayBusyBytes: 100, relayQueueBytes: 200 })
    const cleo = bench.enter(CLEO)
    bench.unread.set(ben, 195)
    bench.send(anna, BEN, 1)
    bench.send(anna, CLEO, 2)
    expect(bench.got(ben)).toEqual([])
    expect(bench.got(cleo)).toEqual([[ANNA, [2]]])
  })
})

describe('what may be sent', () => {
  it('is bounded for a room: all its members are told, and nobody comes in any more', () => {
    const { bench, anna, ben } = roomOfTwo({ relayRoomBytes: 1000 })
    const frame = encodeRelayFrame(BEN, new Uint8Array(492))
    bench.frame(anna, frame)
    bench.frame(anna, frame)
    expect(bench.got(ben)).toHaveLength(2)
    bench.frame(anna, frame)
    expect(bench.got(ben)).toEqual([])
    const later = bench.enter(CLEO)
    for (const socket of [anna, ben, later]) {
      expect(bench.news(socket)).toContainEqual({ type: 'error', code: 'SHOAL_RELAY_USED_UP' })
      expect(bench.closed.get(socket)).toBe(CLOSE.usedUp)
    }
    bench.tick()
    expect(bench.closed.get(bench.enter(ANNA))).toBe(CLOSE.usedUp)
    const elsewhere = bench.enter(ANNA, 'AAAAA-AAAAA')
    expect(bench.closed.has(elsewhere)).toBe(false)
  })

  it('is bounded for an address, over all its rooms, and comes back with time', () => {
    const bench = new Bench({ relayAddressBytesPerHour: 3600 })
    const anna = bench.enter(ANNA)
    const ben = bench.enter(BEN, ROOM, '192.0.2.2')
    const other = bench.enter(CLEO, 'AAAAA-AAAAA')
    const frame = encodeRelayFrame(BEN, new Uint8Array(1792))
    bench.frame(anna, frame)
    bench.frame(other, frame)
    bench.news(anna)
    bench.frame(anna, frame)
    expect(bench.news(anna)).toEqual([
      { type: 'error', code: 'SHOAL_RELAY_USED_UP', retryAfterMs: 1_800_000 },
    ])
    expect(bench.closed.get(anna)).toBe(CLOSE.usedUp)
    expect(bench.closed.has(ben)).toBe(false)
    bench.nowMs += 1_800_000
    const again = bench.enter(ANNA)
    bench.got(ben)
    bench.frame(again, frame)
    expect(bench.got(ben)).toHaveLength(1)
  })

  it('small packets cost as much as their handling', () => {
    const { bench, anna, ben } = roomOfTwo({ relayRoomBytes: 1000 })
    for (let i = 0; i < 8; i++) bench.send(anna, BEN, i)
    expect(bench.got(ben)).toHaveLength(7)
  })

  it('what a closed room has spent is forgotten', () => {
    const { bench, anna } = roomOfTwo({ relayRoomBytes: 100 })
    bench.send(anna, BEN, 1)
    bench.isOpen = false
    bench.tick()
    bench.isOpen = true
    expect(bench.closed.has(bench.enter(ANNA))).toBe(false)
  })
})

it('whatever three sockets send, the hub neither throws nor says what a client would not understand', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text: fc.oneof(fc.string(), fc.json()) }),
    fc.record({ kind: fc.constant('frame' as const), frame: fc.uint8Array({ maxLength: 3000 }) }),
    fc.record({ kind: fc.constant('send' as const), to: fc.constantFrom(ANNA, BEN, CLEO) }),
    fc.record({ kind: fc.constant('enter' as const), id: fc.constantFrom(ANNA, BEN, CLEO) }),
    fc.record({ kind: fc.constant('unread' as const), bytes: fc.nat(1_000_000) }),
    fc.constantFrom({ kind: 'drained' as const }, { kind: 'drop' as const }, { kind: 'pass' as const }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), step), { maxLength: 60 }), (steps) => {
      const bench = new Bench({ floodMessages: 5, relayRoomBytes: 5000 })
      const sockets = [bench.open(), bench.open(), bench.open()]
      for (const [who, action] of steps) {
        const socket = sockets[who] ?? 0
        if (action.kind === 'text') bench.text(socket, action.text)
        else if (action.kind === 'frame') bench.frame(socket, action.frame)
        else if (action.kind === 'send') bench.send(socket, action.to, 1, 2, 3)
        else if (action.kind === 'unread') bench.unread.set(socket, action.bytes)
        else if (action.kind === 'drained') bench.deliver(bench.hub.handleDrained(socket))
        else if (action.kind === 'pass') bench.nowMs += 3000
        else if (action.kind === 'drop') {
          bench.deliver(bench.hub.handleClose(socket))
          sockets[who] = bench.open()
        } else bench.text(socket, JSON.stringify({ type: 'enter', ticket: seal.seal(place(action.id)) }))
        bench.tick()
      }
      for (const message of [...bench.heard.values()].flat()) {
        expect(parseRelayServerMessage(JSON.stringify(message))).toEqual(message)
      }
    }),
    { numRuns: 300 },
  )
})

describe('what is for everyone', () => {
  it('goes up once and reaches every other member at the relay, and nobody of another room', () => {
    const { bench, anna, ben } = roomOfTwo()
    const cleo = bench.enter(CLEO)
    const stranger = bench.enter('00000000000000dd', 'XXXXX-XXXXX')
    bench.send(anna, RELAY_EVERYONE, 1, 2, 3)
    expect(bench.got(ben)).toEqual([[ANNA, [1, 2, 3]]])
    expect(bench.got(cleo)).toEqual([[ANNA, [1, 2, 3]]])
    expect(bench.got(anna)).toEqual([])
    expect(bench.got(stranger)).toEqual([])
  })

  it('is paid for once a receiver', () => {
    // Two frames of 128 bytes to two receivers are 512 bytes.
    const { bench, anna, ben } = roomOfTwo({ relayRoomBytes: 511 })
    bench.enter(CLEO)
    bench.send(anna, RELAY_EVERYONE, 1)
    expect(bench.closed.size).toBe(0)
    bench.send(anna, RELAY_EVERYONE, 2)
    expect(bench.closed.get(anna)).toBe(CLOSE.usedUp)
    expect(bench.got(ben)).toHaveLength(1)
  })

  it('is dropped only for who is behind, and its sender hears who that is', () => {
    const { bench, anna, ben } = roomOfTwo()
    const cleo = bench.enter(CLEO)
    bench.news(anna)
    bench.unread.set(cleo, DEFAULT_LIMITS.relayQueueBytes)
    bench.send(anna, RELAY_EVERYONE, 1)
    expect(bench.got(ben)).toHaveLength(1)
    expect(bench.got(cleo)).toEqual([])
    expect(bench.news(anna)).toEqual([{ type: 'busy', id: CLEO }])
  })
})
