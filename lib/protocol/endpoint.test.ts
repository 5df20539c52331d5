import { describe, expect, test } from 'vitest'

import {
  CANCEL_REPEATS_MAX,
  CANCELS_PENDING_MAX,
  FINISHED_KEPT_MAX,
  FREEZE_QUIET_MS,
  INCOMING_ACTIVE_MAX,
  PEER_SILENT_MS,
} from './constants'
import { Endpoint, type EndpointEvent, type EndpointOptions } from './endpoint'
import {
  chunkOf,
  digestOf,
  endOf,
  ID,
  manifestOf,
  pictureOf,
  statusOf,
  takeControl,
  takeOf,
} from './fixtures'
import { encodeCancel } from './packet/cancel'
import { DataPacketWriter } from './packet/data'
import { encodeEnd } from './packet/end'
import { encodeManifest, type Manifest } from './packet/manifest'
import { encodeRepair } from './packet/repair'
import { encodeStatus } from './packet/status'
import { type Packet, parsePacket } from './wire'

const BYTES = 5000
const picture = pictureOf(BYTES)

function packetOf(bytes: Uint8Array): Packet {
  const result = parsePacket(bytes)
  if ('error' in result) throw new Error(result.error)
  return result.packet
}

/** Two endpoints whose packets arrive at once, each control packet twice, as over two lanes. */
class Pair {
  readonly sender: Endpoint
  readonly receiver: Endpoint
  readonly events: Record<'sender' | 'receiver', EndpointEvent[]> = { sender: [], receiver: [] }
  now = 0
  lose: (packet: Packet, from: 'sender' | 'receiver') => boolean = () => false

  constructor(options: { readonly sender?: EndpointOptions; readonly receiver?: EndpointOptions } = {}) {
    this.sender = new Endpoint(options.sender)
    this.receiver = new Endpoint(options.receiver)
  }

  send(id = ID, changes: Partial<Manifest> = {}): void {
    this.sender.send(id, manifestOf(BYTES, changes), picture, this.now)
  }

  /** Carries packets until nobody has one to send. */
  flush(): void {
    for (let turns = 0; this.#turn('sender') || this.#turn('receiver'); turns++) {
      if (turns > 10_000) throw new Error('two endpoints that do not stop talking')
    }
  }

  /** Lets time pass, with all timers on the way. */
  wait(ms: number): void {
    const until = this.now + ms
    for (let looks = 0; ; looks++) {
      if (looks > 10_000) throw new Error('timers that do not come to an end')
      this.flush()
      const dues = [this.sender.pollTimeout(), this.receiver.pollTimeout()]
      const due = Math.min(...dues.map((time) => time ?? Infinity))
      if (due > until) break
      this.now = Math.max(this.now, due)
      this.sender.handleTimeout(this.now)
      this.receiver.handleTimeout(this.now)
    }
    this.now = until
  }

  atRest(): boolean {
    this.flush()
    return this.sender.pollTimeout() === null && this.receiver.pollTimeout() === null
  }

  #turn(name: 'sender' | 'receiver'): boolean {
    const from = this[name]
    const to = name === 'sender' ? this.receiver : this.sender
    let moved = false
    const carry = (bytes: Uint8Array, copies: number) => {
      moved = true
      for (let copy = 0; copy < copies; copy++) {
        if (!this.lose(packetOf(bytes), name)) to.handlePacket(bytes, this.now)
      }
    }
    for (let bytes = from.pollControl(); bytes; bytes = from.pollControl()) carry(bytes, 2)
    for (let bytes = from.pollData(); bytes; bytes = from.pollData()) carry(bytes, 1)
    if (from.wantsDrain) {
      from.handleDrained(this.now)
      moved = true
    }
    for (let event = from.pollEvent(); event; event = from.pollEvent()) {
      moved = true
      this.events[name].push(event)
      if (event.type !== 'held') continue
      const whole = from.receiver(event.transferId)?.assembler.whole
      from.handleDigest(event.transferId, whole ? digestOf(BYTES) : 'f'.repeat(64), this.now)
    }
    return moved
  }
}

const isData = (packet: Packet, chunkIndex: number) =>
  packet.type === 'data' && packet.data.chunkIndex === chunkIndex

describe('a transfer between two endpoints', () => {
  test('[EP9] [EP2] ends exact on both sides, with equal reports, and then nobody waits for anything', () => {
    for (const mode of ['classic', 'repair'] as const) {
      const pair = new Pair()
      pair.send(ID, { mode })
      pair.wait(1000)
      const report = pair.receiver.receiver(ID)?.report()
      expect(report).toMatchObject({ exact: true, packetsSent: 5, packetsReceived: 5, duplicates: 0 })
      expect(pair.sender.sender(ID)?.report()).toEqual(report)
      expect(pair.events.receiver.map(({ type }) => type)).toEqual(['incoming', 'held'])
      expect(pair.atRest()).toBe(true)
    }
  })

  test('[EP9] comes to rest whichever kind of packet is lost for a while', () => {
    const types = ['manifest', 'data', 'end', 'report', 'repair'] as const
    for (const mode of ['classic', 'repair'] as const) {
      for (const lost of types) {
        const pair = new Pair()
        pair.lose = (packet) => packet.type === lost && pair.now < 3000
        pair.send(ID, { mode })
        pair.wait(10_000)
        expect(pair.atRest()).toBe(true)
        const exact = mode === 'repair' || lost !== 'data'
        expect(pair.sender.sender(ID)?.report()).toMatchObject({ exact })
        expect(pair.sender.sender(ID)?.report()).toEqual(pair.receiver.receiver(ID)?.report())
      }
    }
  })

  test('[EP3] an answer that is due has a time that is not in the future, and copies are answered once', () => {
    const endpoint = new Endpoint()
    for (let copy = 0; copy < 3; copy++) endpoint.handlePacket(encodeManifest(ID, manifestOf(BYTES)), 7)
    expect(takeControl(endpoint)).toEqual([])
    expect(endpoint.pollTimeout()).toBeLessThanOrEqual(7)
    endpoint.handleTimeout(7)
    expect(takeControl(endpoint)).toMatchObject([{ type: 'report' }])
  })

  test('[RX3] a final REPORT that is lost is had again by END', () => {
    const pair = new Pair()
    let lost = 0
    pair.lose = (packet) => packet.type === 'report' && packet.data.phase === 'final' && lost++ < 7
    pair.send()
    pair.wait(10_000)
    expect(lost).toBeGreaterThan(7)
    expect(pair.sender.sender(ID)?.report()).toMatchObject({ exact: true })
    expect(pair.atRest()).toBe(true)
  })

  test('[RP7] Classic with a hole is repaired when the person asks, and the reports agree again', () => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 2) && packet.type === 'data' && packet.data.packetNumber < 5
    pair.send(ID, { mode: 'classic' })
    pair.wait(2 * FREEZE_QUIET_MS)
    expect(pair.receiver.receiver(ID)?.report()).toMatchObject({
      exact: false,
      packetsSent: 5,
      packetsLost: 1,
    })
    expect(pair.sender.sender(ID)?.errorCode).toBe('SHOAL_INCOMPLETE')
    expect(pair.atRest()).toBe(true)
    pair.receiver.repair(ID, pair.now)
    pair.wait(2 * FREEZE_QUIET_MS)
    expect(pair.receiver.receiver(ID)?.report()).toMatchObject({
      exact: true,
      packetsSent: 6,
      packetsReceived: 5,
      repaired: 1,
      repairRounds: 1,
    })
    expect(pair.sender.sender(ID)?.report()).toEqual(pair.receiver.receiver(ID)?.report())
    expect(pair.atRest()).toBe(true)
  })

  test('[EP7] [EP4] the older picture goes first, and its END before the data of the next', () => {
    const endpoint = new Endpoint()
    const ids = ['00000000000000aa', '00000000000000bb']
    for (const id of ids) {
      endpoint.send(id, manifestOf(BYTES), picture, 0)
      endpoint.handlePacket(encodeStatus(id, statusOf()), 0)
    }
    takeControl(endpoint)
    const sent: string[] = []
    const sendAll = () => {
      for (let bytes = endpoint.pollData(); bytes; bytes = endpoint.pollData()) {
        sent.push(packetOf(bytes).transferId)
      }
    }
    sendAll()
    expect(new Set(sent)).toEqual(new Set([ids[0]]))
    expect(endpoint.wantsDrain).toBe(true)
    endpoint.handleDrained(1)
    expect(takeOf(endpoint, 'end')).toHaveLength(1)
    for (let i = 0; i < 2; i++) sent.push(packetOf(endpoint.pollData()!).transferId)
    // A repair of the first goes before what is left of the second.
    endpoint.handlePacket(encodeRepair(ids[0]!, 1, [{ start: 0, length: 1 }])[0]!, 2)
    sendAll()
    endpoint.handleDrained(3)
    sendAll()
    expect(sent.slice(5)).toEqual([1, 1, 0, 1, 1, 1].map((n) => ids[n]))
  })

  test('[EP10] [FZ4] the peer gone for good: all transfers end with what they have, and CANCEL is not repeated', () => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 1)
    pair.send(ID, { mode: 'repair' })
    pair.flush()
    const other = '00000000000000cc'
    pair.send(other)
    pair.sender.cancel(other, pair.now)
    pair.sender.handlePeerGone(pair.now)
    pair.receiver.handlePeerGone(pair.now)
    pair.lose = () => true
    pair.flush()
    expect(pair.sender.sender(ID)).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_PEER_GONE' })
    expect(pair.receiver.receiver(ID)).toMatchObject({ final: true, errorCode: 'SHOAL_PEER_GONE' })
    expect(pair.sender.pollTimeout()).toBeNull()
    pair.wait(200)
    expect(pair.atRest()).toBe(true)
  })
})

describe('MANIFEST', () => {
  test('[MF3] repeated, or with other contents under the same id, changes nothing', () => {
    const pair = new Pair()
    pair.send()
    pair.flush()
    const before = pair.receiver.receiver(ID)?.manifest
    pair.receiver.handlePacket(encodeManifest(ID, manifestOf(900_000)), pair.now)
    expect(pair.receiver.receiver(ID)?.manifest).toEqual(before)
    pair.wait(1000)
    pair.receiver.handlePacket(encodeManifest(ID, manifestOf(BYTES)), pair.now)
    pair.wait(1000)
    expect(pair.receiver.receiver(ID)?.report()).toMatchObject({ exact: true })
    expect(pair.events.receiver.filter(({ type }) => type === 'incoming')).toHaveLength(1)
    expect(pair.atRest()).toBe(true)
  })

  test('[MF4] [LM2] of a picture over the cap is refused, and the sender told the cap', () => {
    const pair = new Pair({ receiver: { maxPictureBytes: BYTES - 1 } })
    pair.send()
    pair.flush()
    expect(pair.events.sender).toEqual([
      {
        type: 'cancelled',
        transferId: ID,
        direction: 'send',
        code: 'SHOAL_REFUSED_TOO_LARGE',
        limitBytes: BYTES - 1,
      },
    ])
    expect(pair.events.receiver).toEqual([])
    expect(pair.sender.sender(ID)).toBeNull()
    pair.wait(200)
    expect(pair.atRest()).toBe(true)
  })

  test('[MF4] refused before: the cap is told again, however late the sender repeats itself', () => {
    const endpoint = new Endpoint({ maxPictureBytes: 1000 })
    const manifest = encodeManifest(ID, manifestOf(BYTES))
    endpoint.handlePacket(manifest, 0)
    takeControl(endpoint)
    endpoint.handlePacket(encodeCancel(ID, ACKNOWLEDGED), 1)
    endpoint.handlePacket(manifest, 20_000)
    expect(takeOf(endpoint, 'cancel')).toEqual([
      { reason: 'SHOAL_REFUSED_TOO_LARGE', acknowledges: false, limitBytes: 1000 },
    ])
  })

  test('[MF4] a cap past what the wire can address is told as what it can', () => {
    const endpoint = new Endpoint({ maxPictureBytes: 2 ** 40 })
    endpoint.handlePacket(encodeManifest(ID, manifestOf(2 ** 30)), 0)
    expect(endpoint.receiver(ID)?.manifest.bytes).toBe(2 ** 30)
  })

  test('[LM3] of a ninth picture at a time is refused; the first that ends makes room', () => {
    const endpoint = new Endpoint()
    const announce = (n: number) => {
      const id = n.toString(16).padStart(16, '0')
      endpoint.handlePacket(encodeManifest(id, manifestOf(1)), 0)
      return id
    }
    for (let n = 0; n < INCOMING_ACTIVE_MAX; n++) announce(n)
    const refused = announce(8)
    expect(endpoint.receiver(refused)).toBeNull()
    expect(takeOf(endpoint, 'cancel')).toMatchObject([{ reason: 'SHOAL_REFUSED_BUSY', limitBytes: 0 }])
    endpoint.cancel('0'.repeat(16), 0)
    expect(endpoint.receiver(announce(9))).not.toBeNull()
  })

  test('[LM3] of any number of pictures one after the other is taken', () => {
    const pair = new Pair()
    for (let n = 0; n < 2 * INCOMING_ACTIVE_MAX; n++) {
      pair.send(n.toString(16).padStart(16, '0'))
      pair.wait(100)
    }
    expect(pair.events.sender).toEqual([])
    expect(pair.events.receiver.filter(({ type }) => type === 'held')).toHaveLength(2 * INCOMING_ACTIVE_MAX)
  })

  test('[MF5] [LM6] with a name that had to be cut gives the same name in both reports', () => {
    const pair = new Pair()
    pair.send(ID, { name: 'ü'.repeat(200) + '\ud800.jpg' })
    pair.wait(1000)
    expect(pair.receiver.receiver(ID)?.report()?.name).toBe('ü'.repeat(127))
    expect(pair.sender.sender(ID)?.report()).toEqual(pair.receiver.receiver(ID)?.report())
  })

  test('[MF6] under the id of a picture that we send is a stray', () => {
    const pair = new Pair()
    pair.send()
    pair.sender.handlePacket(encodeManifest(ID, manifestOf(100)), 0)
    expect(pair.sender.strays).toBe(1)
    expect(pair.sender.receiver(ID)).toBeNull()
    pair.wait(1000)
    expect(pair.sender.sender(ID)?.report()).toMatchObject({ exact: true })
  })

  test.each([
    ['more bytes than the picture', { bytes: BYTES + 1 }],
    ['a wrong chunk count', { chunkCount: 4 }],
    ['no width', { width: 0 }],
    ['two channels', { channels: 2 }],
    ['no time', { startedAtMs: NaN }],
  ])('[MF7] of our own with %s is refused by the one who sends it', (_what, changes) => {
    const endpoint = new Endpoint()
    expect(() => endpoint.send(ID, manifestOf(BYTES, changes), picture, 0)).toThrow(
      expect.objectContaining({ code: 'SHOAL_INTERNAL' }),
    )
    expect(endpoint.sender(ID)).toBeNull()
  })
})

const ACKNOWLEDGED = {
  reason: 'SHOAL_REFUSED_TOO_LARGE',
  acknowledges: true,
  limitBytes: 0,
} as const

describe('packets of a picture', () => {
  test('[EP3] say when the endpoint wants to be called sooner than it did, and else call for nothing', () => {
    const endpoint = new Endpoint()
    endpoint.handlePacket(encodeManifest(ID, manifestOf(BYTES)), 0)
    endpoint.handleTimeout(0)
    takeControl(endpoint)
    endpoint.pollEvent()
    const silent = endpoint.pollTimeout()
    const writer = new DataPacketWriter(ID)
    const handle = (chunk: number, now: number) =>
      endpoint.handlePacket(writer.encode(chunk, chunk, chunkOf(picture, chunk)), now)
    expect(handle(0, 1)).toBe(true)
    const due = endpoint.pollTimeout()
    expect(due).toBeLessThan(silent!)
    expect([handle(1, 2), handle(2, 3)]).toEqual([false, false])
    expect(endpoint.pollTimeout()).toBe(due)
  })
})

describe('packets of no transfer', () => {
  test('[EP8] are counted and otherwise ignored', () => {
    const endpoint = new Endpoint()
    const strays = [
      new DataPacketWriter(ID).encode(0, 0, chunkOf(picture, 0)).slice(),
      encodeEnd(ID, endOf({ packetsSent: 1, final: true })),
      encodeStatus(ID, statusOf()),
      ...encodeRepair(ID, 1, [{ start: 0, length: 1 }]),
    ]
    for (const bytes of strays) endpoint.handlePacket(bytes, 0)
    endpoint.handlePacket(Uint8Array.of(1, 2, 3), 0)
    expect(endpoint).toMatchObject({ strays: strays.length, malformed: 1 })
    expect(takeControl(endpoint)).toEqual([])
    expect(endpoint.pollTimeout()).toBeNull()
  })
})

describe('CANCEL', () => {
  test.each([
    ['sender', 'SHOAL_CANCELLED_BY_SENDER'],
    ['receiver', 'SHOAL_CANCELLED_BY_RECEIVER'],
  ] as const)('[CX1] by the %s is seen by both, frees both, and both come to rest', (who, code) => {
    for (const cancelAfterMs of [0, 10, 300]) {
      const pair = new Pair()
      pair.lose = (packet) => isData(packet, 3)
      pair.send()
      pair.wait(cancelAfterMs)
      pair[who].cancel(ID, pair.now)
      pair.lose = () => false
      pair.wait(10_000)
      const seen = (events: readonly EndpointEvent[]) => events.filter(({ type }) => type === 'cancelled')
      expect(seen(pair.events.sender)).toMatchObject([{ direction: 'send', code }])
      expect(seen(pair.events.receiver)).toMatchObject([{ direction: 'receive', code }])
      expect(pair.sender.sender(ID)).toBeNull()
      expect(pair.receiver.receiver(ID)).toBeNull()
      expect(pair.atRest()).toBe(true)
    }
  })

  test('[CX1] by both at the same time is seen once on each side, as the own', () => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 3)
    pair.send()
    pair.wait(100)
    pair.sender.cancel(ID, pair.now)
    pair.receiver.cancel(ID, pair.now)
    pair.wait(10_000)
    expect(pair.events.sender).toMatchObject([{ code: 'SHOAL_CANCELLED_BY_SENDER' }])
    expect(pair.events.receiver.at(-1)).toMatchObject({ code: 'SHOAL_CANCELLED_BY_RECEIVER' })
    expect(pair.sender.strays + pair.receiver.strays).toBe(0)
    expect(pair.atRest()).toBe(true)
  })

  test('[CX2] is repeated until it is acknowledged, then no more', () => {
    const endpoint = new Endpoint()
    endpoint.send(ID, manifestOf(BYTES), picture, 0)
    endpoint.cancel(ID, 0)
    takeControl(endpoint)
    for (let repeat = 0; repeat < 3; repeat++) {
      endpoint.handleTimeout(endpoint.pollTimeout()!)
      expect(takeOf(endpoint, 'cancel')).toMatchObject([{ reason: 'SHOAL_CANCELLED_BY_SENDER' }])
    }
    endpoint.handlePacket(encodeCancel(ID, ACKNOWLEDGED), 2000)
    expect(endpoint.pollTimeout()).toBeNull()
  })

  test('[CX2] that nobody acknowledges is given up after 8 repeats', () => {
    const endpoint = new Endpoint()
    endpoint.send(ID, manifestOf(BYTES), picture, 0)
    endpoint.cancel(ID, 0)
    takeControl(endpoint)
    let repeats = 0
    for (let due = endpoint.pollTimeout(); due !== null; due = endpoint.pollTimeout()) {
      endpoint.handleTimeout(due)
      repeats += takeOf(endpoint, 'cancel').length
    }
    expect(repeats).toBe(CANCEL_REPEATS_MAX)
  })

  test('[CX3] answers whatever still comes for a cancelled transfer, whose CANCEL was lost for long', () => {
    const pair = new Pair()
    pair.lose = (packet) => packet.type === 'cancel' || isData(packet, 1)
    pair.send()
    pair.wait(200)
    pair.receiver.cancel(ID, pair.now)
    pair.wait(20_000)
    expect(pair.sender.sender(ID)?.over).toBe(false)
    pair.lose = () => false
    pair.wait(2000)
    expect(pair.events.sender.at(-1)).toMatchObject({ code: 'SHOAL_CANCELLED_BY_RECEIVER' })
    expect(pair.atRest()).toBe(true)
  })

  test('[CX3] before the announcement that it belongs to still ends the transfer', () => {
    const pair = new Pair()
    pair.send()
    const manifest = pair.sender.pollControl()
    pair.sender.cancel(ID, 0)
    pair.flush()
    pair.receiver.handlePacket(manifest!, 0)
    pair.wait(1000)
    expect(pair.receiver.receiver(ID)).toBeNull()
    expect(pair.events.receiver.map(({ type }) => type)).toEqual(['incoming', 'cancelled'])
    expect(pair.atRest()).toBe(true)
  })

  test('[CX4] of a finished or failed transfer does nothing, on either side, from either side', () => {
    const pair = new Pair()
    pair.send()
    pair.wait(1000)
    const report = pair.receiver.receiver(ID)?.report()
    pair.sender.cancel(ID, pair.now)
    pair.receiver.cancel(ID, pair.now)
    expect(takeControl(pair.sender)).toEqual([])
    for (const reason of ['SHOAL_CANCELLED_BY_RECEIVER', 'SHOAL_REPAIR_UNAVAILABLE'] as const) {
      const cancel = encodeCancel(ID, { reason, acknowledges: false, limitBytes: 0 })
      pair.sender.handlePacket(cancel, pair.now)
      pair.receiver.handlePacket(cancel, pair.now)
    }
    pair.wait(1000)
    expect(pair.sender.sender(ID)?.report()).toEqual(report)
    expect(pair.receiver.receiver(ID)?.report()).toEqual(report)
    const failed = new Endpoint()
    failed.send(ID, manifestOf(BYTES), picture, 0)
    for (let now = 0; now <= PEER_SILENT_MS; now += 1000) failed.handleTimeout(now)
    failed.cancel(ID, PEER_SILENT_MS)
    expect(failed.sender(ID)).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_PEER_SILENT' })
  })

  test('[RS2] a side that slept for an hour has not been met with silence; one that is awake is', () => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 1)
    pair.send()
    pair.wait(20)
    pair.lose = () => true
    const woken = pair.now + 3_600_000
    for (const side of [pair.sender, pair.receiver]) side.handleTimeout(woken)
    expect(pair.sender.sender(ID)?.over).toBe(false)
    expect(pair.receiver.receiver(ID)?.frozen).toBe(false)
    for (let now = woken; now <= woken + PEER_SILENT_MS; now += 1000) {
      for (const side of [pair.sender, pair.receiver]) side.handleTimeout(now)
    }
    expect(pair.sender.sender(ID)?.errorCode).toBe('SHOAL_PEER_SILENT')
    expect(pair.receiver.receiver(ID)?.errorCode).toBe('SHOAL_PEER_SILENT')
  })

  test('[CX4] of a repair by the receiver ends it for a sender that had thought itself at the end', () => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 1) || packet.type === 'repair'
    pair.send(ID, { mode: 'classic' })
    pair.wait(1000)
    pair.receiver.repair(ID, pair.now)
    pair.wait(100)
    expect(pair.sender.sender(ID)?.phase).toBe('final')
    pair.receiver.cancel(ID, pair.now)
    pair.wait(1000)
    expect(pair.events.sender).toMatchObject([{ code: 'SHOAL_CANCELLED_BY_RECEIVER' }])
    expect(pair.atRest()).toBe(true)
  })

  test('[CX6] tells the sender that the receiver has no memory left', () => {
    const allocate = () => {
      throw new RangeError('Array buffer allocation failed')
    }
    const pair = new Pair({ receiver: { allocate } })
    pair.send()
    pair.wait(1000)
    expect(pair.events.receiver.at(-1)).toMatchObject({ type: 'cancelled', code: 'SHOAL_STORAGE_FULL' })
    expect(pair.events.sender).toMatchObject([{ type: 'cancelled', code: 'SHOAL_STORAGE_FULL' }])
    expect(pair.receiver.receiver(ID)).toBeNull()
    expect(pair.atRest()).toBe(true)
  })
})

describe('forget', () => {
  test('[CX5] a sender that forgets a picture answers a repair: it is not to be had any more', () => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 1)
    pair.send(ID, { mode: 'classic' })
    pair.wait(1000)
    const before = pair.receiver.receiver(ID)?.report()
    pair.sender.forget(ID)
    expect(pair.sender.sender(ID)).toBeNull()
    // A final REPORT wants no answer.
    pair.sender.handlePacket(encodeStatus(ID, statusOf({ phase: 'final' })), pair.now)
    expect(takeControl(pair.sender)).toEqual([])
    pair.receiver.repair(ID, pair.now)
    pair.wait(1000)
    expect(pair.receiver.receiver(ID)).toMatchObject({ final: true, errorCode: 'SHOAL_REPAIR_UNAVAILABLE' })
    expect(pair.receiver.receiver(ID)?.report()).toMatchObject({
      packetsSent: before?.packetsSent,
      packetsReceived: before?.packetsReceived,
      repairRounds: 1,
    })
    expect(pair.atRest()).toBe(true)
  })

  test('[EP5] a receiver that forgets a picture still gives a sender its final REPORT', () => {
    const pair = new Pair()
    pair.lose = (packet) => packet.type === 'report' && packet.data.phase === 'final'
    pair.send()
    pair.wait(1000)
    const report = pair.receiver.receiver(ID)?.report()
    pair.receiver.forget(ID)
    pair.lose = () => false
    pair.wait(2000)
    expect(pair.sender.sender(ID)?.report()).toEqual(report)
    expect(pair.events.sender).toEqual([])
    expect(pair.atRest()).toBe(true)
    // Late copies bring nothing back to life.
    pair.receiver.handlePacket(encodeManifest(ID, manifestOf(BYTES)), pair.now)
    pair.receiver.handlePacket(new DataPacketWriter(ID).encode(0, 0, chunkOf(picture, 0)).slice(), pair.now)
    expect(pair.receiver.receiver(ID)).toBeNull()
    expect(takeControl(pair.receiver)).toEqual([])
    expect(pair.atRest()).toBe(true)
  })

  test.each([
    ['sender', 'SHOAL_CANCELLED_BY_SENDER'],
    ['receiver', 'SHOAL_CANCELLED_BY_RECEIVER'],
  ] as const)('[CX5] by the %s of a transfer under way cancels it', (who, code) => {
    const pair = new Pair()
    pair.lose = (packet) => isData(packet, 3)
    pair.send()
    pair.wait(100)
    pair[who].forget(ID)
    pair.wait(10_000)
    const other = who === 'sender' ? 'receiver' : 'sender'
    expect(pair.events[other].at(-1)).toMatchObject({ type: 'cancelled', code })
    expect(pair.atRest()).toBe(true)
  })

  test('[CX5] of what is not there does nothing', () => {
    const endpoint = new Endpoint()
    endpoint.forget(ID)
    endpoint.repair(ID, 0)
    endpoint.cancel(ID, 0)
    endpoint.handleDigest(ID, digestOf(1), 0)
    expect(takeControl(endpoint)).toEqual([])
    expect(endpoint.pollEvent()).toBeNull()
  })
})

describe('bounds', () => {
  test('[LM5] a flood of announcements to be refused is answered one by one, and few are repeated', () => {
    const endpoint = new Endpoint({ maxPictureBytes: 10 })
    let answers = 0
    for (let n = 0; n < 5000; n++) {
      endpoint.handlePacket(encodeManifest(n.toString(16).padStart(16, '0'), manifestOf(100)), 0)
      answers += takeControl(endpoint).length
    }
    expect(answers).toBe(5000)
    let repeats = 0
    for (let due = endpoint.pollTimeout(); due !== null; due = endpoint.pollTimeout()) {
      endpoint.handleTimeout(due)
      repeats += takeControl(endpoint).length
    }
    expect(repeats).toBeLessThanOrEqual(CANCELS_PENDING_MAX * CANCEL_REPEATS_MAX)
  })

  test('[LM5] 64 transfers that ended are remembered; older ones are strays', () => {
    const endpoint = new Endpoint()
    const ids = Array.from({ length: FINISHED_KEPT_MAX + 1 }, (_, n) => n.toString(16).padStart(16, '0'))
    for (const id of ids) {
      endpoint.send(id, manifestOf(BYTES), picture, 0)
      endpoint.cancel(id, 0)
      endpoint.handlePacket(encodeCancel(id, ACKNOWLEDGED), 0)
    }
    takeControl(endpoint)
    const ask = (id: string) => {
      endpoint.handlePacket(encodeRepair(id, 1, [{ start: 0, length: 1 }])[0]!, 0)
      return takeOf(endpoint, 'cancel').length
    }
    expect([ask(ids[0]!), ask(ids[1]!), ask(ids.at(-1)!)]).toEqual([0, 1, 1])
    expect(endpoint.strays).toBe(1)
  })

  test('[LM7] a flood of any one packet is answered with at most one packet each', () => {
    const make = {
      manifest: encodeManifest(ID, manifestOf(BYTES)),
      end: encodeEnd(ID, endOf({ packetsSent: 5, final: true })),
      data: new DataPacketWriter(ID).encode(0, 0, chunkOf(picture, 0)).slice(),
      cancel: encodeCancel(ID, { reason: 'SHOAL_INTERNAL', acknowledges: false, limitBytes: 0 }),
      report: encodeStatus(ID, statusOf()),
      repair: encodeRepair(ID, 1, [{ start: 0, length: 1 }])[0]!,
    }
    for (const bytes of Object.values(make)) {
      const receiving = new Endpoint()
      receiving.handlePacket(make.manifest, 0)
      const sending = new Endpoint()
      sending.send(ID, manifestOf(BYTES), picture, 0)
      for (const endpoint of [receiving, sending, new Endpoint()]) {
        takeControl(endpoint)
        for (let i = 0; i < 1000; i++) {
          endpoint.handlePacket(bytes, i * 0.001)
          endpoint.handleTimeout(i * 0.001)
        }
        expect(takeControl(endpoint).length).toBeLessThanOrEqual(1001)
      }
    }
  })
})
