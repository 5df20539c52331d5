/* eslint-disable import-x/no-restricted-paths -- here, and only here, the two ends are tested together */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createSignallingClient } from '@/lib/signalling/client'
import type { SignallingClient } from '@/lib/signalling/client'
import type { SocketHandlers } from '@/lib/signalling/connection'
import { CLOSE_GOODBYE } from '@/lib/signalling/messages'
import type { ClientMessage } from '@/lib/signalling/messages'
import type { StoredPlace } from '@/lib/signalling/place'
import { FakeClock } from '@/lib/signalling/testing/fake-clock'

import { Hub } from './hub'
import { DEFAULT_LIMITS } from './limits'
import type { Outgoing } from './outgoing'
import { createTokenSeal } from './tokens'

/** One way over the network. */
const DELAY_MS = 20

interface Wire {
  readonly handlers: SocketHandlers
  readonly owner: string
  /** Packets in both directions are swallowed without anyone being told. */
  isMute: boolean
}

/** Pages and a server on one clock, joined by sockets that can be cut, muted or refused. */
class World {
  readonly clock = new FakeClock()
  readonly pages = new Map<string, SignallingClient>()
  readonly heard: string[] = []
  private readonly places = new Map<string, StoredPlace>()
  private readonly wires = new Map<number, Wire>()
  private readonly offline = new Set<string>()
  private hub: Hub | null = null
  private runs = 0
  private sockets = 0
  private drawn = 0

  constructor() {
    this.startServer()
    this.tick()
  }

  startServer(): void {
    if (this.hub) return
    this.runs += 1
    this.hub = new Hub({
      limits: DEFAULT_LIMITS,
      seal: createTokenSeal(Buffer.from('a key')),
      randomBytes: (count) => Uint8Array.from({ length: count }, () => this.drawn++ & 255),
      run: `run ${this.runs}`,
      restarted: this.runs > 1,
      startedAtMs: this.clock.now(),
    })
  }

  stopServer(): void {
    this.hub = null
    for (const id of [...this.wires.keys()]) this.cut(id)
  }

  load(name: string): SignallingClient {
    this.pages.get(name)?.close()
    const page = createSignallingClient({
      openSocket: (handlers, request) => this.openWire(name, handlers, request),
      clock: this.clock,
      tokens: {
        load: () => this.places.get(name) ?? null,
        save: (place) => this.places.set(name, place),
        clear: () => this.places.delete(name),
      },
      random: () => (this.drawn++ % 16) / 16,
      instance: `p${this.drawn++}`,
    })
    page.onSignal((_from, payload) => this.heard.push(`${name} heard ${payload}`))
    this.pages.set(name, page)
    return page
  }

  setOffline(name: string, isOffline: boolean): void {
    if (isOffline) this.offline.add(name)
    else this.offline.delete(name)
    for (const [id, wire] of [...this.wires]) if (wire.owner === name && isOffline) this.cut(id)
  }

  mute(name: string): void {
    for (const wire of this.wires.values()) if (wire.owner === name) wire.isMute = true
  }

  private openWire(owner: string, handlers: SocketHandlers, request: ClientMessage) {
    const id = ++this.sockets
    const wire: Wire = { handlers, owner, isMute: false }
    this.clock.schedule(DELAY_MS, () => {
      if (!this.hub || this.offline.has(owner)) handlers.onClose(1006)
      else {
        this.wires.set(id, wire)
        handlers.onOpen()
        this.deliver(this.hub.handleOpen(id, '192.0.2.1', [], this.clock.now()))
        const text = JSON.stringify(request)
        this.deliver(this.hub.handleMessage(id, text, Buffer.byteLength(text), this.clock.now()))
      }
    })
    return {
      send: (text: string) => {
        this.clock.schedule(DELAY_MS, () => {
          if (!this.hub || !this.wires.has(id) || wire.isMute) return
          this.deliver(this.hub.handleMessage(id, text, Buffer.byteLength(text), this.clock.now()))
        })
      },
      close: (code?: number) => {
        this.clock.schedule(DELAY_MS, () => this.cut(id, code))
      },
    }
  }

  private deliver(outgoing: readonly Outgoing[]): void {
    for (const item of outgoing) {
      const wire = this.wires.get(item.socketId)
      this.clock.schedule(DELAY_MS, () => {
        if (!wire || wire.isMute || this.wires.get(item.socketId) !== wire) return
        if (item.kind === 'send') wire.handlers.onMessage(JSON.stringify(item.message))
        else this.cut(item.socketId, item.code)
      })
    }
  }

  private cut(id: number, code = 1006): void {
    const wire = this.wires.get(id)
    if (!wire) return
    this.wires.delete(id)
    wire.handlers.onClose(code)
    if (this.hub) this.deliver(this.hub.handleClose(id, code === CLOSE_GOODBYE, this.clock.now()))
  }

  private tick(): void {
    this.clock.schedule(1000, () => {
      if (this.hub) this.deliver(this.hub.handleTick(this.clock.now()))
      this.tick()
    })
  }
}

function annaAndBen() {
  const world = new World()
  const anna = world.load('ANNA')
  anna.create({ name: 'ANNA', role: 'receiver' })
  world.clock.pass(200)
  const room = anna.getState().room!
  const ben = world.load('BEN')
  ben.join({ room, name: 'BEN', role: 'sender' })
  world.clock.pass(200)
  return { world, anna, ben, room, annaId: anna.getState().selfId!, benId: ben.getState().selfId! }
}

const others = (page: SignallingClient) => page.getState().members.map(({ id, away }) => [id, away])

describe('the client and the hub together', () => {
  it('after a restart both are back in their places, and none was ever without the other', () => {
    const { world, anna, ben, annaId, benId, room } = annaAndBen()
    let fewest = 1
    for (const page of [anna, ben])
      page.subscribe(() => (fewest = Math.min(fewest, page.getState().members.length)))
    world.stopServer()
    world.clock.pass(3000)
    expect([anna.getState().phase, ben.getState().phase]).toEqual(['reconnecting', 'reconnecting'])
    world.startServer()
    world.clock.pass(6000)
    expect(anna.getState()).toMatchObject({ phase: 'joined', room, selfId: annaId })
    expect([others(anna), others(ben)]).toEqual([[[benId, false]], [[annaId, false]]])
    expect(fewest).toBe(1)
  })

  it('a newcomer who is faster than the returning members joins as well', () => {
    const { world, room } = annaAndBen()
    world.stopServer()
    world.clock.pass(30_000)
    world.startServer()
    const cleo = world.load('CLEO')
    cleo.join({ room, name: 'CLEO', role: 'sender' })
    world.clock.pass(10_000)
    expect(cleo.getState()).toMatchObject({ phase: 'joined', room })
    expect(cleo.getState().members).toHaveLength(2)
  })

  it('a signal sent while the other is away arrives when it is back', () => {
    const { world, anna, benId } = annaAndBen()
    world.setOffline('BEN', true)
    world.clock.pass(30_000)
    expect(others(anna)).toEqual([[benId, true]])
    anna.sendSignal(benId, 'are you there')
    world.setOffline('BEN', false)
    world.clock.pass(10_000)
    expect(world.heard).toEqual(['BEN heard are you there'])
  })

  it('a half-open socket is replaced, and its place kept', () => {
    const { world, anna, ben, benId } = annaAndBen()
    world.mute('BEN')
    world.clock.pass(40_000)
    expect(ben.getState()).toMatchObject({ phase: 'joined', selfId: benId })
    expect(others(anna)).toEqual([[benId, false]])
  })

  it('a reload comes back to its place, and the other sees a new page', () => {
    const { world, anna, benId, room } = annaAndBen()
    const before = anna.getState().members[0]!.instance
    world.load('BEN').join({ room, name: 'BEN', role: 'sender' })
    world.clock.pass(500)
    expect(anna.getState().members).toMatchObject([{ id: benId, away: false }])
    expect(anna.getState().members[0]!.instance).not.toBe(before)
  })

  it('who was away for longer than its place was kept joins anew under the same code', () => {
    const { world, anna, ben, benId } = annaAndBen()
    world.setOffline('BEN', true)
    world.clock.pass(90_000)
    expect(others(anna)).toEqual([])
    world.setOffline('BEN', false)
    world.clock.pass(10_000)
    expect(ben.getState().phase).toBe('joined')
    expect(ben.getState().selfId).not.toBe(benId)
    expect(anna.getState().members).toHaveLength(1)
  })

  it('a second tab of the same place takes it over, and the first one rests', () => {
    const { world, anna, ben, benId, room } = annaAndBen()
    world.pages.delete('BEN')
    const second = world.load('BEN')
    second.join({ room, name: 'BEN', role: 'sender' })
    world.clock.pass(60_000)
    expect(ben.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_REPLACED' })
    expect([second.getState().selfId, others(anna)]).toEqual([benId, [[benId, false]]])
  })

  it(
    'whatever happens to the network and the server, once it is over both are together again',
    { timeout: 60_000 },
    () => {
      const name = fc.constantFrom('ANNA', 'BEN')
      const event = fc.oneof(
        fc.record({ kind: fc.constant('offline' as const), name, isOffline: fc.boolean() }),
        fc.record({ kind: fc.constant('mute' as const), name }),
        fc.record({ kind: fc.constant('reload' as const), name }),
        fc.record({ kind: fc.constant('nudge' as const), name }),
        fc.record({ kind: fc.constant('stop' as const) }),
        fc.record({ kind: fc.constant('start' as const) }),
      )
      const steps = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 4000 })), { maxLength: 14 })
      fc.assert(
        fc.property(steps, (events) => {
          const { world, room, annaId, benId } = annaAndBen()
          for (const [step, ms] of events) {
            if (step.kind === 'offline') world.setOffline(step.name, step.isOffline)
            else if (step.kind === 'mute') world.mute(step.name)
            else if (step.kind === 'nudge') world.pages.get(step.name)?.nudge()
            else if (step.kind === 'stop') world.stopServer()
            else if (step.kind === 'start') world.startServer()
            else {
              const isAnna = step.name === 'ANNA'
              world.load(step.name).join({ room, name: step.name, role: isAnna ? 'receiver' : 'sender' })
            }
            world.clock.pass(ms)
          }
          world.startServer()
          for (const who of ['ANNA', 'BEN']) world.setOffline(who, false)
          // A mute socket is noticed within 25 s; the last attempt comes at most 5 s later.
          world.clock.pass(35_000)
          const anna = world.pages.get('ANNA')!
          const ben = world.pages.get('BEN')!
          expect(anna.getState()).toMatchObject({ phase: 'joined', room, selfId: annaId })
          expect(ben.getState()).toMatchObject({ phase: 'joined', room, selfId: benId })
          expect([others(anna), others(ben)]).toEqual([[[benId, false]], [[annaId, false]]])
          world.heard.length = 0
          anna.sendSignal(benId, 'hello')
          ben.sendSignal(annaId, 'hi')
          world.clock.pass(100)
          expect([...world.heard].sort()).toEqual(['ANNA heard hi', 'BEN heard hello'])
        }),
        { numRuns: 300 },
      )
    },
  )
})
