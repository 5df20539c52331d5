import { describe, expect, it } from 'vitest'

import type { Lane } from '@/lib/peer/lane'
import type { Link } from '@/lib/peer/link'
import { ManualClock } from '@/lib/peer/manual-clock'
import { ID, manifestOf, pictureOf, statusOf } from '@/lib/protocol/fixtures'
import { DataPacketWriter } from '@/lib/protocol/packet/data'
import { PACKET_TYPE } from '@/lib/protocol/packet/header'
import { encodeManifest } from '@/lib/protocol/packet/manifest'
import { encodeStatus } from '@/lib/protocol/packet/status'
import type { CarryingPath } from '@/lib/protocol/report'

import { PeerDriver } from './peer-driver'

const BYTES = 100 * 1024

/** A lane that keeps what it was given until the test says that it is out. */
class FakeLane implements Lane {
  isOpen = true
  bufferedAmount = 0
  readonly sent: Uint8Array[] = []
  notified: number | null = null

  constructor(readonly path: CarryingPath) {}

  send(message: Uint8Array): boolean {
    this.sent.push(message.slice())
    this.bufferedAmount += message.length
    return true
  }

  notifyAt(bytes: number): void {
    this.notified = bytes
  }

  close(): void {
    this.isOpen = false
  }

  count(type: number): number {
    return this.sent.filter((message) => (message[0] ?? 0) % 16 === type).length
  }
}

function driverOn(clock: ManualClock, link: Link, onPumped: () => void = () => undefined): PeerDriver {
  const driver = new PeerDriver({
    clock,
    code: { encode: () => Promise.resolve([]), decode: () => Promise.resolve(null), close: () => undefined },
    endpoint: {},
    onEvent: () => undefined,
    onPumped,
  })
  driver.setLink(link)
  return driver
}

function setUp() {
  const clock = new ManualClock()
  const relay = new FakeLane('relay')
  const direct = new FakeLane('direct')
  const state = { lane: relay }
  const link: Pick<Link, 'dataLane' | 'openLanes' | 'broadcast'> = {
    dataLane: () => state.lane,
    openLanes: () => [state.lane],
    broadcast: (message) => state.lane.send(message),
  }
  const driver = driverOn(clock, link as Link)
  const picture = pictureOf(BYTES)
  driver.endpoint.send(ID, manifestOf(BYTES, { mode: 'classic' }), picture, clock.now())
  driver.handleMessage(encodeStatus(ID, statusOf()))
  return { clock, relay, direct, state, driver }
}

describe('a picture that moves from the relay to a direct lane', () => {
  it('goes on there, and says that it is out only when both lanes have let go of it', () => {
    const { relay, direct, state, driver } = setUp()
    const first = relay.count(PACKET_TYPE.data)
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(100)
    state.lane = direct
    driver.pump()
    direct.bufferedAmount = 0
    driver.pump()
    direct.bufferedAmount = 0
    driver.pump()
    expect(first + direct.count(PACKET_TYPE.data)).toBe(100)
    expect([direct.count(PACKET_TYPE.end), relay.notified]).toEqual([0, 0])
    relay.bufferedAmount = 0
    driver.pump()
    expect(direct.count(PACKET_TYPE.end)).toBe(1)
  })
})

describe('a picture that comes in', () => {
  /** What leaves in answer to each of these messages, and how often the driver looked at all. */
  function receive(mode: 'assured' | 'repair') {
    const clock = new ManualClock()
    const sent: Uint8Array[] = []
    let looks = 0
    const link: Pick<Link, 'dataLane' | 'openLanes' | 'broadcast'> = {
      dataLane: () => null,
      openLanes: () => [],
      broadcast: (message) => sent.push(message.slice()) > 0,
    }
    const driver = driverOn(clock, link as Link, () => looks++)
    driver.handleMessage(encodeManifest(ID, manifestOf(BYTES, { mode })))
    return { clock, driver, sent, looks: () => looks }
  }

  it('is looked after when something is due, and not with each of its packets', () => {
    const { clock, driver, sent, looks } = receive('repair')
    const writer = new DataPacketWriter(ID)
    const picture = pictureOf(BYTES)
    const before = looks()
    for (let chunk = 0; chunk < 100; chunk++) {
      driver.handleMessage(writer.encode(chunk, chunk, picture.subarray(chunk * 1024, (chunk + 1) * 1024)))
      if (chunk < 99) expect(driver.endpoint.pollControl()).toBeNull()
    }
    const whole = looks()
    // One sets the timer for the next REPORT; the last is the one that makes it whole.
    expect(whole - before).toBeLessThan(5)
    sent.length = 0
    clock.advance(1)
    expect(sent.some((message) => (message[0] ?? 0) % 16 === PACKET_TYPE.report)).toBe(true)
    expect(driver.endpoint.receiver(ID)?.assembler.whole).toBe(true)
  })
})

describe('lanes that wore out', () => {
  function setUpWorn() {
    const clock = new ManualClock()
    const lanes = [new FakeLane('direct'), new FakeLane('direct')]
    const renewed: number[][] = []
    const link: Pick<Link, 'dataLane' | 'openLanes' | 'broadcast' | 'renew'> = {
      dataLane: () => lanes[0] ?? null,
      openLanes: () => lanes,
      broadcast: () => true,
      renew: (worn) => renewed.push(lanes.flatMap((lane, index) => (worn.includes(lane) ? [index] : []))),
    }
    const driver = driverOn(clock, link as Link)
    const send = (id: string) =>
      driver.endpoint.send(id, manifestOf(BYTES, { mode: 'assured' }), pictureOf(BYTES), clock.now())
    const advance = (ms: number) => {
      for (let at = 0; at < ms; at += 10) {
        // The first lane carries what it gets, the second nothing.
        lanes[0]!.bufferedAmount = 0
        clock.advance(10)
        driver.pump()
      }
    }
    return { clock, lanes, renewed, driver, send, advance }
  }

  it('[LN3] are made anew once nothing was to be sent for a while, and not while something is', () => {
    const { renewed, driver, send, advance } = setUpWorn()
    send(ID)
    advance(2000)
    expect(renewed).toEqual([])
    driver.endpoint.cancel(ID, 2000)
    advance(400)
    expect(renewed).toEqual([])
    advance(600)
    expect(renewed).toEqual([[1]])
    send('b'.repeat(16))
    advance(10)
    expect(renewed).toEqual([[1], []])
  })

  it('[LN3] are left alone once the driver is closed', () => {
    const { renewed, driver, send, advance } = setUpWorn()
    send(ID)
    advance(1000)
    driver.close()
    advance(2000)
    expect(renewed).toEqual([])
  })
})
