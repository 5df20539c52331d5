import { describe, expect, it } from 'vitest'

import type { LaneOptions, LaneSignal, OpeningLane } from './lane'
import { Link } from './link'
import { encodeLinkMessage, parseLinkMessage } from './link-message'
import { ManualClock } from './manual-clock'

class FakeLane implements OpeningLane {
  readonly path = 'direct'
  isOpen = false
  closed = false
  bufferedAmount = 0
  readonly sent: Uint8Array[] = []
  readonly signals: LaneSignal[] = []
  readonly notes: string[] = []

  constructor(
    readonly handlers: LaneOptions,
    readonly clock: ManualClock,
  ) {}

  send(message: Uint8Array): boolean {
    if (this.isOpen) this.sent.push(message)
    return this.isOpen
  }

  notifyAt(): void {
    // The tests call onDrained themselves.
  }

  sendNote(note: string): boolean {
    if (this.isOpen) this.notes.push(note)
    return this.isOpen
  }

  handleSignal(signal: LaneSignal): void {
    this.signals.push(signal)
  }

  open(): void {
    this.isOpen = true
    this.handlers.onOpen()
    // As long as the next lane waits for the page to show that this one is there.
    this.clock.advance(20)
  }

  measureRtt(): Promise<number> {
    return Promise.resolve(25)
  }

  close(): void {
    this.closed = true
    this.isOpen = false
    this.handlers.onClose()
  }
}

function setUp(initiator: boolean) {
  const clock = new ManualClock()
  const lanes: FakeLane[] = []
  const signals: string[] = []
  const messages: [number, number][] = []
  const rtts: number[] = []
  const goodbyes: string[] = []
  const link = new Link({
    initiator,
    clock,
    openLane: (options) => {
      const lane = new FakeLane(options, clock)
      lanes.push(lane)
      return lane
    },
    signal: (payload) => signals.push(payload),
    onMessage: (lane, message) => messages.push([lane, message[0] ?? -1]),
    onDrained: () => undefined,
    onLanesChanged: () => undefined,
    onRtt: (rttMs) => rtts.push(rttMs),
    onGoodbye: () => goodbyes.push('goodbye'),
  })
  return { clock, lanes, signals, messages, goodbyes, rtts, link }
}

/** With so many lanes open. */
function setUpOpen(count: number) {
  const all = setUp(true)
  all.link.start()
  all.link.setTarget(count)
  for (let index = 0; index < count; index++) {
    all.lanes[index]?.open()
    all.clock.advance(20)
  }
  return all
}

const offer: LaneSignal = { type: 'offer', sdp: 'v=0' }

describe('Link', () => {
  it('opens one lane after the other as the initiator and none before an offer as the other end', () => {
    const ours = setUp(true)
    ours.link.start()
    expect(ours.lanes.map((lane) => lane.handlers.initiator)).toEqual([true])
    ours.lanes[0]?.open()
    expect(ours.lanes.map((lane) => lane.handlers.initiator)).toEqual([true, true])

    const theirs = setUp(false)
    theirs.link.start()
    expect(theirs.lanes).toHaveLength(0)
    theirs.link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 1, attempt: 5, signal: offer }))
    expect(theirs.lanes.map((lane) => lane.handlers.initiator)).toEqual([false])
    expect(theirs.lanes[0]?.signals).toEqual([offer])
  })

  it('sends a control message on every open lane', () => {
    const { link, lanes } = setUp(true)
    link.start()
    expect(link.broadcast(Uint8Array.of(1))).toBe(false)
    lanes[0]?.open()
    lanes[1]?.open()
    expect(link.broadcast(Uint8Array.of(1))).toBe(true)
    expect(lanes.map((lane) => lane.sent.length)).toEqual([1, 1])
  })

  it('counts a lane that connects again just after it opened once it is open again', () => {
    const { link, lanes } = setUp(true)
    link.start()
    lanes[0]?.open()
    if (lanes[0]) lanes[0].isOpen = false
    lanes[1]?.open()
    expect(link.openCount).toBe(1)
    lanes[0]?.open()
    expect(link.openCount).toBe(2)
  })

  it('opens a lost lane again, with growing pauses', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    lanes[0]?.open()
    lanes[0]?.close()
    expect(link.lane(0)).toBeNull()
    clock.advance(299)
    expect(lanes).toHaveLength(2)
    clock.advance(1)
    expect(lanes).toHaveLength(3)
    lanes[2]?.close()
    clock.advance(599)
    expect(lanes).toHaveLength(3)
    clock.advance(1)
    expect(lanes).toHaveLength(4)
    lanes[3]?.open()
    expect(link.lane(0)).toBe(lanes[3])
  })

  it('gives up a lane that does not open in time and tries again', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    clock.advance(15_000)
    expect(lanes.length).toBe(2)
    // That nothing opened in all this time is said at once.
    expect(link.failing).toBe(true)
    clock.advance(600)
    expect(lanes.length).toBe(3)
    lanes[2]?.open()
    expect(link.failing).toBe(false)
  })

  it('does not let the data lane wait for a lane behind it', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    lanes[0]?.open()
    lanes[0]?.close()
    clock.advance(300)
    expect(lanes).toHaveLength(3)
    lanes[2]?.open()
    expect(link.lane(0)).toBe(lanes[2])
    expect(link.lane(1)).toBeNull()
  })

  it('tries the next lane when the one before it is lost on its way', () => {
    const { link, lanes } = setUp(true)
    link.start()
    lanes[0]?.close()
    lanes[1]?.open()
    expect(link.lane(0)).toBeNull()
    expect(link.lane(1)).toBe(lanes[1])
  })

  it('asks the initiator to reopen a lost lane when it may not do so itself', () => {
    const { link, lanes, signals, clock } = setUp(false)
    link.start()
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 1, signal: offer }))
    lanes[0]?.open()
    lanes[0]?.close()
    clock.advance(300)
    expect(signals.map((payload) => parseLinkMessage(payload))).toEqual([
      { type: 'reopen', lane: 0, attempt: 1 },
    ])
  })

  it('reopens a lane that seems open when the other end has lost that very attempt, and no newer one', () => {
    const { link, lanes, signals } = setUp(true)
    link.start()
    lanes[0]?.handlers.onSignal(offer)
    const told = parseLinkMessage(signals.at(-1) ?? '')
    const attempt = told?.type === 'lane' ? told.attempt : 0
    lanes[0]?.open()
    lanes[1]?.open()
    link.handleSignal(encodeLinkMessage({ type: 'reopen', lane: 0, attempt }))
    expect(lanes).toHaveLength(3)
    expect(lanes[0]?.isOpen).toBe(false)
    lanes[2]?.open()
    link.handleSignal(encodeLinkMessage({ type: 'reopen', lane: 0, attempt }))
    expect(lanes).toHaveLength(3)
    expect(link.lane(0)).toBe(lanes[2])
  })

  it('leaves a young attempt alone when the other end has not heard of it, and gives an old one up', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    link.handleSignal(encodeLinkMessage({ type: 'reopen', lane: 0, attempt: 0 }))
    expect(lanes).toHaveLength(1)
    clock.advance(3000)
    link.handleSignal(encodeLinkMessage({ type: 'reopen', lane: 0, attempt: 0 }))
    expect(lanes).toHaveLength(2)
  })

  it('begins anew what it began while the peer could not be reached', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    link.pause()
    clock.advance(1000)
    link.resume()
    expect(lanes).toHaveLength(2)
    expect(lanes[1]?.handlers.notes).toBe(true)
  })

  it('as the answering end asks for lanes that hang when the peer is back, and closes them', () => {
    const { link, lanes, signals, clock } = setUp(false)
    link.start()
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 4, signal: offer }))
    link.pause()
    link.resume()
    expect(signals.map((payload) => parseLinkMessage(payload))).toEqual([
      { type: 'reopen', lane: 0, attempt: 4 },
      { type: 'reopen', lane: 1, attempt: 0 },
    ])
    clock.advance(4900)
    expect(signals).toHaveLength(2)
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 5, signal: offer }))
    lanes[1]?.open()
    expect(link.openCount).toBe(1)
  })

  it('says goodbye by the lanes, and hears it', () => {
    const { link, lanes, goodbyes } = setUp(true)
    link.start()
    lanes[0]?.open()
    link.sayGoodbye()
    expect(lanes[0]?.notes.map((note) => parseLinkMessage(note))).toEqual([{ type: 'goodbye' }])
    lanes[0]?.handlers.onNote(encodeLinkMessage({ type: 'goodbye' }))
    expect(goodbyes).toHaveLength(1)
  })

  it('does not reopen lanes while the peer is away, and tries at once when it is back', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    lanes[0]?.open()
    lanes[1]?.open()
    link.pause()
    lanes[0]?.close()
    clock.advance(20_000)
    expect(lanes).toHaveLength(2)
    link.resume()
    expect(lanes).toHaveLength(3)
  })

  it('drops signals of an older attempt and starts anew at a newer one', () => {
    const { link, lanes } = setUp(false)
    link.start()
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 7, signal: offer }))
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 6, signal: offer }))
    expect(lanes).toHaveLength(1)
    expect(lanes[0]?.signals).toHaveLength(1)
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 8, signal: offer }))
    expect(lanes).toHaveLength(2)
    expect(lanes[1]?.signals).toHaveLength(1)
  })

  it('ignores messages of a lane that has been replaced', () => {
    const { link, lanes, messages } = setUp(false)
    link.start()
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 1, signal: offer }))
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 2, signal: offer }))
    lanes[0]?.handlers.onMessage(Uint8Array.of(1))
    lanes[1]?.handlers.onMessage(Uint8Array.of(2))
    expect(messages).toEqual([[0, 2]])
  })

  it('opens more lanes one by one once the first is open, and carries their signals on it', () => {
    const { link, lanes, signals, clock } = setUp(true)
    link.start()
    link.setTarget(4)
    clock.advance(100)
    expect(lanes).toHaveLength(1)
    lanes[0]?.open()
    lanes[1]?.open()
    expect(lanes).toHaveLength(3)
    clock.advance(20)
    expect(lanes).toHaveLength(4)
    clock.advance(100)
    expect(lanes).toHaveLength(4)
    lanes[3]?.handlers.onSignal(offer)
    expect(signals).toEqual([])
    expect(lanes[0]?.notes.map((note) => parseLinkMessage(note))).toMatchObject([{ type: 'lane', lane: 3 }])
  })

  it('[LN3] makes worn lanes anew, four at a time, but never the two by which the others are made', () => {
    const { link, lanes, clock } = setUpOpen(8)
    expect(link.openCount).toBe(8)
    link.renew(link.openLanes())
    clock.advance(1000)
    expect(lanes.map((lane) => lane.closed)).toEqual([
      ...[false, false, true, true, true, true, false, false],
      ...[false, false, false, false],
    ])
    for (const lane of lanes.slice(8)) lane.open()
    clock.advance(1000)
    expect(lanes).toHaveLength(14)
    for (const lane of lanes.slice(12)) lane.open()
    clock.advance(10_000)
    expect([lanes.length, link.openCount]).toEqual([14, 8])
  })

  it('[LN3] makes no more of them anew when a picture comes', () => {
    const { link, lanes, clock } = setUpOpen(8)
    link.renew(link.openLanes())
    clock.advance(20)
    link.renew([])
    clock.advance(1000)
    expect([lanes.length, link.openCount]).toEqual([9, 7])
  })

  it('[LN3] as the answering end asks for them', () => {
    const { link, lanes, clock } = setUp(false)
    link.start()
    for (let lane = 0; lane < 4; lane++) {
      link.handleSignal(encodeLinkMessage({ type: 'lane', lane, attempt: 7, signal: offer }))
      lanes[lane]?.open()
    }
    link.renew(link.openLanes())
    clock.advance(1000)
    expect(lanes[0]?.notes.map((note) => parseLinkMessage(note))).toEqual([
      { type: 'reopen', lane: 2, attempt: 7 },
      { type: 'reopen', lane: 3, attempt: 7 },
    ])
  })

  it('closes a lane whose notes come faster than any page of ours writes, and takes what comes by it anew', () => {
    const { lanes, link, goodbyes, clock } = setUp(true)
    link.start()
    lanes[0]?.open()
    lanes[1]?.open()
    const flood = (lane: FakeLane | undefined) => {
      let count = 0
      while (lane && !lane.closed && count < 10_000) {
        lane.handlers.onNote('{}')
        count++
      }
      return count
    }
    expect(flood(lanes[0])).toBe(3001)
    expect([lanes[0]?.closed, lanes[1]?.closed]).toEqual([true, false])
    clock.advance(4999)
    expect(lanes).toHaveLength(2)
    clock.advance(1)
    lanes[2]?.open()
    lanes[2]?.handlers.onNote(encodeLinkMessage({ type: 'goodbye' }))
    expect(goodbyes).toHaveLength(1)
    // A thousand, and the few that have become free while it opened.
    expect(flood(lanes[2])).toBeLessThan(1010)
  })

  it('lives with a peer that names a lane far ahead of the others', async () => {
    const theirs = setUp(false)
    theirs.link.start()
    theirs.link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 40, attempt: 5, signal: offer }))
    theirs.lanes[0]?.open()
    theirs.link.measureRtt()
    await new Promise((resolve) => setImmediate(resolve))
    expect(theirs.rtts).toEqual([25])
    theirs.link.close()
    expect(theirs.lanes.map((lane) => lane.closed)).toEqual([true])
    expect(theirs.clock.pending).toBe(0)

    const ours = setUpOpen(2)
    ours.link.handleSignal(encodeLinkMessage({ type: 'reopen', lane: 3, attempt: 0 }))
    ours.link.setTarget(5)
    ours.clock.advance(100)
    expect(ours.link.openLanes()).toHaveLength(2)
    ours.lanes.slice(2).forEach((lane) => lane.open())
    ours.clock.advance(100)
    ours.lanes.slice(2).forEach((lane) => lane.isOpen || lane.open())
    expect(ours.link.openLanes()).toHaveLength(5)
    ours.link.close()
    expect(ours.lanes.every((lane) => lane.closed)).toBe(true)
  })

  it('takes a lane that the initiator adds by a note', () => {
    const { link, lanes } = setUp(false)
    link.start()
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 1, signal: offer }))
    lanes[0]?.open()
    lanes[0]?.handlers.onNote(encodeLinkMessage({ type: 'lane', lane: 7, attempt: 1, signal: offer }))
    expect(lanes[1]?.signals).toEqual([offer])
  })

  it('sends a control packet on three lanes at most, and opens four of the further lanes at a time', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    lanes[0]?.open()
    lanes[1]?.open()
    link.setTarget(8)
    clock.advance(200)
    expect(lanes.slice(2).every((lane) => !lane.isOpen)).toBe(true)
    expect(lanes).toHaveLength(6)
    for (const lane of lanes.slice(2)) lane.open()
    for (const lane of lanes) lane.sent.length = 0
    link.broadcast(Uint8Array.of(1))
    expect(lanes.filter((lane) => lane.sent.length > 0)).toHaveLength(3)

    for (const lane of lanes) lane.bufferedAmount = 2000
    const free = [lanes[1], lanes[4], lanes[5]]
    for (const lane of free) if (lane) lane.bufferedAmount = 0
    for (let i = 0; i < 3; i++) {
      for (const lane of lanes) lane.sent.length = 0
      link.broadcast(Uint8Array.of(2))
      expect(lanes.filter((lane) => lane.sent.length > 0)).toEqual(free)
    }
  })

  it('leaves no timer behind when it is closed', () => {
    const { link, lanes, clock } = setUp(true)
    link.start()
    lanes[0]?.open()
    lanes[0]?.close()
    link.close()
    expect(clock.pending).toBe(0)
    clock.advance(60_000)
    expect(lanes).toHaveLength(2)
  })
})

describe('parseLinkMessage', () => {
  it.each([
    ['no JSON', 'hello'],
    ['another type', '{"type":"other"}'],
    ['a lane out of range', '{"type":"reopen","lane":48}'],
    ['a fractional lane', '{"type":"reopen","lane":0.5}'],
    [
      'an SDP that is too long',
      JSON.stringify({
        type: 'lane',
        lane: 0,
        attempt: 1,
        signal: { type: 'offer', sdp: 'x'.repeat(16_001) },
      }),
    ],
    [
      'a candidate without text',
      '{"type":"lane","lane":0,"attempt":1,"signal":{"type":"candidate","candidate":{}}}',
    ],
    ['null', 'null'],
  ])('reads %s as nothing', (_, payload) => {
    expect(parseLinkMessage(payload)).toBeNull()
  })
})

describe('Link and the relay', () => {
  function withRelay({ direct = true, initiator = true } = {}) {
    const clock = new ManualClock()
    const lanes: FakeLane[] = []
    const signals: (string | undefined)[] = []
    const state = { wanted: false, changes: 0 }
    const relayed: Uint8Array[] = []
    const relayLane = {
      path: 'relay' as const,
      isOpen: false,
      bufferedAmount: 0,
      send: (message: Uint8Array) => relayed.push(message) > 0,
      notifyAt: () => undefined,
      close: () => undefined,
    }
    const link = new Link({
      ...{ initiator, clock, direct },
      openLane: (options) => {
        const lane = new FakeLane(options, clock)
        lanes.push(lane)
        return lane
      },
      signal: (payload) => signals.push(parseLinkMessage(payload)?.type),
      onMessage: () => undefined,
      onDrained: () => undefined,
      onLanesChanged: () => state.changes++,
      relay: { lane: relayLane, want: (wanted) => (state.wanted = wanted) },
    })
    return { clock, lanes, signals, state, relayed, relayLane, link }
  }

  it('a message that finds no lane open calls for the relay, and the peer is asked to come', () => {
    const { link, state, signals, relayed, relayLane } = withRelay()
    link.start()
    expect(link.broadcast(Uint8Array.of(1))).toBe(false)
    expect([state.wanted, signals]).toEqual([true, ['relay']])
    relayLane.isOpen = true
    link.handleRelay()
    expect(state.changes).toBe(1)
    expect(link.broadcast(Uint8Array.of(2))).toBe(true)
    expect(relayed).toEqual([Uint8Array.of(2)])
  })

  it('stands in while no direct lane is open, and no longer', () => {
    const { link, lanes, relayLane } = withRelay()
    link.start()
    relayLane.isOpen = true
    expect([link.openLanes(), link.dataLane(), link.path]).toEqual([[relayLane], relayLane, 'relay'])
    expect([link.isOpen, link.openCount]).toEqual([true, 0])
    lanes[0]?.open()
    expect([link.openLanes(), link.dataLane(), link.path]).toEqual([[lanes[0]], lanes[0], 'direct'])
    lanes[0]?.close()
    expect(link.path).toBe('relay')
  })

  it('stays the data lane until lane 0 is open', () => {
    const { link, lanes, relayLane } = withRelay({ initiator: false })
    link.start()
    relayLane.isOpen = true
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 1, attempt: 5, signal: offer }))
    lanes[0]?.open()
    expect([link.openLanes(), link.dataLane()]).toEqual([[lanes[0]], relayLane])
  })

  it('alone makes no connection, whatever the peer offers', () => {
    const { link, lanes, state } = withRelay({ direct: false, initiator: false })
    link.start()
    link.setTarget(16)
    link.handleSignal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 5, signal: offer }))
    link.resume()
    expect([lanes.length, link.target, state.wanted]).toEqual([0, 0, true])
  })

  it('is gone to when the peer is there and asks', () => {
    const { link, state } = withRelay()
    link.start()
    expect(link.handleSignal(encodeLinkMessage({ type: 'relay' }))).toBe(true)
    expect(state.wanted).toBe(true)
    link.close()
    expect(state.wanted).toBe(false)
  })

  it('names the least direct of the lanes that carry', () => {
    const { link, lanes } = withRelay()
    expect(link.path).toBeNull()
    link.start()
    lanes[0]?.open()
    lanes[1]?.open()
    expect(link.path).toBe('direct')
    Object.assign(lanes[1] ?? {}, { path: 'turn' })
    expect(link.path).toBe('turn')
  })
})

describe('how many lanes a link has', () => {
  function openAll({ lanes, clock }: ReturnType<typeof setUp>) {
    for (let round = 0; round < 100; round++) {
      for (const lane of lanes) if (!lane.isOpen && lane.signals.length === 0 && !lane.closed) lane.open()
      clock.advance(20)
    }
  }

  it('closes the last ones when half of them would do, not before, and opens none in their place', () => {
    const side = setUp(true)
    side.link.setTarget(12)
    side.link.start()
    openAll(side)
    expect(side.link.openCount).toBe(12)
    side.link.setTarget(8)
    expect(side.link.openCount).toBe(12)
    side.link.setTarget(6)
    expect(side.link.openCount).toBe(6)
    side.link.handleSignal(encodeLinkMessage({ type: 'reopen', lane: 9, attempt: Number.MAX_SAFE_INTEGER }))
    openAll(side)
    expect(side.link.openCount).toBe(6)
    expect(side.lanes).toHaveLength(12)
  })

  it('tells the round trip that its first lanes measure', async () => {
    const side = setUp(true)
    side.link.start()
    side.lanes[0]?.open()
    await Promise.resolve()
    await Promise.resolve()
    expect(side.rtts).toEqual([25])
  })
})
