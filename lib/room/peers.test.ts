import { beforeEach, describe, expect, it } from 'vitest'

import type { PairKeys } from '@/lib/keys/pair-keys'
import type { LaneOptions, OpeningLane } from '@/lib/peer/lane'
import { encodeLinkMessage, parseLinkMessage } from '@/lib/peer/link-message'
import { ManualClock } from '@/lib/peer/manual-clock'
import type { Member, Role } from '@/lib/signalling/messages'
import type { Transfers } from '@/lib/transfer/transfers'

import { Peers } from './peers'

const ANNA = 'aaaaaaaaaaaaaaaa'
const SELF = 'bbbbbbbbbbbbbbbb'

function anna(changes: Partial<Member> = {}): Member {
  return { id: ANNA, name: 'ANNA', role: 'receiver', away: false, instance: 'p1', ...changes }
}

/** Signals are not sealed here: malicious-server.test.ts is about that. */
const OPEN_KEYS: Pick<
  PairKeys,
  | 'verified'
  | 'ready'
  | 'spoiled'
  | 'droppedTotal'
  | 'dropped'
  | 'unproven'
  | 'hello'
  | 'seal'
  | 'open'
  | 'require'
> = {
  verified: true,
  ready: true,
  spoiled: false,
  droppedTotal: 0,
  dropped: { altered: 0, replayed: 0, late: 0, unreadable: 0, stale: 0, unproven: 0 },
  unproven: false,
  hello: () => 'hello',
  seal: (text) => text,
  open: (payload) => ({ type: 'message', text: payload }),
  require: () => undefined,
}

class FakeLane implements OpeningLane {
  readonly path = 'direct'
  readonly bufferedAmount = 0
  isOpen = false
  readonly notes: string[] = []
  readonly handlers: LaneOptions

  constructor(handlers: LaneOptions) {
    this.handlers = handlers
  }

  open(): void {
    this.isOpen = true
    this.handlers.onOpen()
  }

  close(): void {
    this.isOpen = false
    this.handlers.onClose()
  }

  send(): boolean {
    return this.isOpen
  }

  sendNote(note: string): boolean {
    this.notes.push(note)
    return true
  }

  notifyAt(): void {
    // Nothing is buffered.
  }

  handleSignal(): void {
    // The tests open lanes themselves.
  }
}

class Bench {
  readonly clock = new ManualClock()
  readonly lanes: FakeLane[] = []
  readonly gone: string[] = []
  readonly attached: string[] = []
  readonly signals: string[] = []
  lanesLost = 0
  readonly peers: Peers

  constructor(role: Role = 'sender') {
    const transfers: Pick<
      Transfers,
      'attach' | 'handlePeerGone' | 'isOpen' | 'pump' | 'handleMessage' | 'pathTo' | 'isBusy' | 'handleRtt'
    > = {
      pathTo: () => null,
      isBusy: () => false,
      handleRtt: () => undefined,
      attach: (id) => void this.attached.push(id),
      handlePeerGone: (id) => void this.gone.push(id),
      isOpen: () => this.lanes.some(({ isOpen }) => isOpen),
      pump: () => undefined,
      handleMessage: () => undefined,
    }
    this.peers = new Peers({
      role,
      selfId: () => SELF,
      clock: this.clock,
      openLane: (options) => {
        const lane = new FakeLane(options)
        this.lanes.push(lane)
        return lane
      },
      transfers: transfers as Transfers,
      signal: (_to, payload) => void this.signals.push(payload),
      relay: null,
      direct: true,
      pair: () => OPEN_KEYS as PairKeys,
      onChange: () => undefined,
      onLanesLost: () => {
        this.lanesLost++
      },
    })
  }

  openAll(): void {
    for (const lane of this.lanes) if (!lane.isOpen) lane.open()
  }

  /** Lanes fail, as when a network is changed. */
  loseLanes(): void {
    for (const lane of this.lanes.splice(0)) lane.close()
  }

  get link(): string | undefined {
    return this.peers.views[0]?.link
  }
}

let bench: Bench

beforeEach(() => {
  bench = new Bench()
  bench.peers.sync([anna()])
  bench.openAll()
})

describe('a peer whose socket and lanes are lost', () => {
  it('keeps its transfers for as long as it has its place, and then loses them', () => {
    bench.peers.sync([anna({ away: true })])
    bench.loseLanes()
    bench.clock.advance(59_000)
    expect(bench.gone).toEqual([])
    expect(bench.link).toBe('lost')
    bench.peers.sync([])
    expect(bench.gone).toEqual([ANNA])
  })

  it('is offered new lanes as soon as it is back, and not before', () => {
    bench.peers.sync([anna({ away: true })])
    bench.loseLanes()
    bench.clock.advance(30_000)
    expect(bench.lanes).toHaveLength(0)
    bench.peers.sync([anna()])
    expect(bench.lanes).toHaveLength(1)
    bench.openAll()
    expect(bench.link).toBe('open')
    expect(bench.gone).toEqual([])
    expect(bench.attached).toEqual([ANNA])
  })

  it('is not waited for when its page was closed, but may come back as a new one', () => {
    bench.peers.sync([anna({ away: true, closed: true })])
    expect(bench.gone).toEqual([ANNA])
    expect(bench.lanes.every(({ isOpen }) => !isOpen)).toBe(true)
    bench.peers.sync([anna({ instance: 'p2' })])
    expect(bench.attached).toEqual([ANNA, ANNA])
  })

  it('is not waited for when its lanes have said goodbye', () => {
    bench.lanes[0]?.handlers.onNote(encodeLinkMessage({ type: 'goodbye' }))
    expect(bench.gone).toEqual([ANNA])
    expect(bench.link).toBe('lost')
  })

  it('is not waited for when it was loaded anew', () => {
    bench.peers.sync([anna({ instance: 'p2' })])
    expect(bench.gone).toEqual([ANNA])
    expect(bench.attached).toEqual([ANNA, ANNA])
  })

  it('goes on by its lanes when its place is taken away, until they are lost', () => {
    bench.peers.sync([])
    expect(bench.gone).toEqual([])
    bench.loseLanes()
    expect(bench.gone).toEqual([ANNA])
  })
})

describe('our own socket', () => {
  it('lost with the lanes: nothing ends, nothing is tried until it is back, and then at once', () => {
    bench.peers.pause()
    bench.loseLanes()
    expect(bench.lanesLost).toBe(1)
    bench.clock.advance(60_000)
    expect(bench.lanes).toHaveLength(0)
    bench.peers.sync([anna()])
    expect(bench.lanes).toHaveLength(1)
    expect(bench.gone).toEqual([])
  })

  it('back under another place: what has no lane begins anew, what has one goes on until it is lost', () => {
    bench.peers.handleNewPlace()
    bench.peers.sync([anna()])
    expect(bench.gone).toEqual([])
    bench.loseLanes()
    expect(bench.gone).toEqual([ANNA])
    expect(bench.attached).toEqual([ANNA, ANNA])
    bench.peers.handleNewPlace()
    expect(bench.gone).toEqual([ANNA, ANNA])
  })

  it('back under another place: a peer that begins anew with us is met with a new link', () => {
    const receiver = new Bench('receiver')
    const ben = anna({ role: 'sender' })
    receiver.peers.sync([ben])
    const offer = { type: 'offer', sdp: 'v=0' } as const
    receiver.peers.handleSignal(ANNA, encodeLinkMessage({ type: 'lane', lane: 0, attempt: 1, signal: offer }))
    receiver.openAll()
    receiver.peers.handleNewPlace()
    receiver.peers.sync([ben])
    receiver.peers.handleSignal(ANNA, encodeLinkMessage({ type: 'lane', lane: 0, attempt: 2, signal: offer }))
    expect(receiver.gone).toEqual([ANNA])
    expect(receiver.attached).toEqual([ANNA, ANNA])
    expect(receiver.lanes).toHaveLength(2)
  })
})

it('a page that is closed says so by its lanes', () => {
  bench.peers.close()
  expect(bench.lanes[0]?.notes.map((note) => parseLinkMessage(note))).toContainEqual({ type: 'goodbye' })
  expect(bench.gone).toEqual([ANNA])
})
