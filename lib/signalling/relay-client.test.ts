import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { RelayClient } from './relay-client'
import type { RelaySocketHandlers } from './relay-client'
import { encodeRelayFrame, parseRelayFrame } from './relay-messages'
import type { RelayServerMessage } from './relay-messages'
import { FakeClock } from './testing/fake-clock'

const BEN = '00000000000000bb'
const CLEO = '00000000000000cc'

/** The server's end of one socket. */
class FakeSocket {
  readonly texts: unknown[] = []
  readonly frames: Uint8Array[] = []
  bufferedAmount = 0
  closedWith: number | undefined

  constructor(readonly handlers: RelaySocketHandlers) {}

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data === 'string') this.texts.push(JSON.parse(data))
    else this.frames.push(data)
  }

  close(code = 1000): void {
    this.closedWith = code
  }

  say(message: RelayServerMessage): void {
    this.handlers.onText(JSON.stringify(message))
  }
}

function setUp() {
  const clock = new FakeClock()
  const sockets: FakeSocket[] = []
  const packets: [string, number[]][] = []
  const changes = { count: 0 }
  const client = new RelayClient({
    openSocket: (handlers) => {
      const socket = new FakeSocket(handlers)
      sockets.push(socket)
      return socket
    },
    clock,
    random: () => 0.5,
    onChange: () => changes.count++,
    onPacket: (from, packet) => packets.push([from, [...packet]]),
  })
  const socket = (): FakeSocket => {
    const newest = sockets.at(-1)
    if (!newest) throw new Error('no socket was opened')
    return newest
  }
  return { clock, sockets, packets, changes, client, socket }
}

function entered(here: string[] = [BEN]) {
  const bench = setUp()
  bench.client.setTicket('ticket 1')
  bench.client.setWanted(true)
  bench.socket().handlers.onOpen()
  bench.socket().say({ type: 'entered', here })
  return bench
}

describe('the socket to the relay', () => {
  it('is not opened before it is wanted and there is a ticket', () => {
    const { client, sockets, socket } = setUp()
    client.setTicket('ticket 1')
    expect(sockets).toHaveLength(0)
    client.setWanted(true)
    expect(sockets).toHaveLength(1)
    socket().handlers.onOpen()
    expect(socket().texts).toEqual([{ type: 'enter', ticket: 'ticket 1' }])
    const other = setUp()
    other.client.setWanted(true)
    expect(other.sockets).toHaveLength(0)
    other.client.setTicket('late')
    expect(other.sockets).toHaveLength(1)
  })

  it('is closed when it is not wanted any more, and everyone is out of reach', () => {
    const { client, socket } = entered()
    client.setWanted(false)
    expect(socket().closedWith).toBe(1000)
    expect(client.isHere(BEN)).toBe(false)
  })

  it('is opened again when it is lost, with pauses', () => {
    const { client, clock, sockets, socket } = entered()
    socket().handlers.onClose(1006)
    expect(client.isHere(BEN)).toBe(false)
    clock.pass(374)
    expect(sockets).toHaveLength(1)
    clock.pass(1)
    expect(sockets).toHaveLength(2)
    socket().handlers.onClose(1006)
    clock.pass(749)
    expect(sockets).toHaveLength(2)
    clock.pass(1)
    expect(sockets).toHaveLength(3)
    client.close()
    expect(clock.waiting).toBe(0)
  })

  it('is given up as half open when a ping is not answered', () => {
    const { client, clock, sockets, socket } = entered()
    clock.pass(15_000)
    expect(socket().texts.at(-1)).toEqual({ type: 'ping' })
    socket().say({ type: 'pong' })
    clock.pass(24_000)
    expect(sockets).toHaveLength(1)
    clock.pass(2000)
    expect(sockets).toHaveLength(2)
    expect(client.isHere(BEN)).toBe(false)
  })

  it('is looked at quickly when the network may have changed, and tried at once when it was lost', () => {
    const { client, clock, sockets, socket } = entered()
    client.nudge()
    clock.pass(2999)
    expect(sockets).toHaveLength(1)
    clock.pass(1)
    client.nudge()
    expect(sockets).toHaveLength(2)
    socket().handlers.onOpen()
    socket().say({ type: 'entered', here: [] })
    client.nudge()
    socket().say({ type: 'pong' })
    clock.pass(10_000)
    expect(sockets).toHaveLength(2)
  })

  it('waits for a new ticket when the server refuses the old one', () => {
    const { client, clock, sockets, socket } = entered()
    socket().say({ type: 'error', code: 'SHOAL_BAD_TOKEN' })
    socket().handlers.onClose(1008)
    clock.pass(60_000)
    expect([client.errorCode, sockets.length]).toEqual(['SHOAL_BAD_TOKEN', 1])
    client.setTicket('ticket 2')
    expect([client.errorCode, sockets.length]).toEqual([null, 2])
  })

  it('stays closed once the room has used up its bytes, and where another tab took over', () => {
    const used = entered()
    used.socket().say({ type: 'error', code: 'SHOAL_RELAY_USED_UP' })
    used.socket().handlers.onClose(4003)
    used.client.setTicket('ticket 2')
    used.clock.pass(60_000)
    expect([used.client.errorCode, used.sockets.length]).toEqual(['SHOAL_RELAY_USED_UP', 1])
    const replaced = entered()
    replaced.socket().handlers.onClose(4001)
    replaced.clock.pass(60_000)
    expect(replaced.sockets).toHaveLength(1)
  })

  it('comes back when the server says when', () => {
    const { clock, sockets, socket, client } = entered()
    socket().say({ type: 'error', code: 'SHOAL_RELAY_USED_UP', retryAfterMs: 30_000 })
    socket().handlers.onClose(4003)
    clock.pass(29_000)
    client.nudge()
    expect(sockets).toHaveLength(1)
    clock.pass(1000)
    expect(sockets).toHaveLength(2)
  })
})

describe('the others at the relay', () => {
  it('come, fall behind, catch up and go', () => {
    const { client, socket, changes } = entered()
    expect([client.isHere(BEN), client.isHere(CLEO)]).toEqual([true, false])
    socket().say({ type: 'here', id: CLEO })
    socket().say({ type: 'busy', id: CLEO })
    expect([client.isHere(CLEO), client.isBusy(CLEO)]).toEqual([true, true])
    socket().say({ type: 'ready', id: CLEO })
    expect(client.isBusy(CLEO)).toBe(false)
    socket().say({ type: 'busy', id: CLEO })
    socket().say({ type: 'gone', id: CLEO })
    socket().say({ type: 'here', id: CLEO })
    expect([client.isHere(CLEO), client.isBusy(CLEO)]).toEqual([true, false])
    expect(changes.count).toBe(7)
  })

  it('are sent packets as they are, under their id, and nobody else is', () => {
    const { client, socket } = entered()
    expect(client.send(BEN, Uint8Array.of(1, 2))).toBe(true)
    expect(client.send(CLEO, Uint8Array.of(3))).toBe(false)
    expect(socket().frames.map(parseRelayFrame)).toEqual([{ id: BEN, packet: Uint8Array.of(1, 2) }])
  })

  it('are heard, and strangers and nonsense are not', () => {
    const { socket, packets } = entered()
    socket().handlers.onFrame(encodeRelayFrame(BEN, Uint8Array.of(7)))
    socket().handlers.onFrame(encodeRelayFrame(CLEO, Uint8Array.of(8)))
    socket().handlers.onFrame(new Uint8Array(4))
    expect(packets).toEqual([[BEN, [7]]])
  })

  it('whatever the server sends, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json(), fc.uint8Array())), (said) => {
        const { socket } = entered()
        for (const item of said) {
          if (typeof item === 'string') socket().handlers.onText(item)
          else socket().handlers.onFrame(item)
        }
      }),
    )
  })

  it('a socket that was replaced says nothing any more', () => {
    const { client, clock, sockets } = entered()
    const [first] = sockets
    first?.handlers.onClose(1006)
    clock.pass(1000)
    first?.say({ type: 'here', id: CLEO })
    expect(client.isHere(CLEO)).toBe(false)
  })
})
