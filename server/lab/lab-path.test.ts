import { createSocket } from 'node:dgram'

import { afterEach, describe, expect, it } from 'vitest'

import type { LabNetwork } from '@/lib/lab/messages'
import { Budget } from '@/lib/sim/emulated-direction'
import { NetworkModel } from '@/lib/sim/network-model'
import { directionSeed } from '@/lib/sim/network-seeds'
import { expectedLoss, lossStandardError } from '@/lib/sim/network-settings'

import { DEFAULT_LAB_LIMITS } from './lab-limits'
import type { LabLimits } from './lab-limits'
import { LabPath } from './lab-path'
import { UdpEnd, bindingRequest, network } from './testing'
import { Waker } from './waker'

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const task of cleanUp.splice(0).reverse()) task()
})

const SEED = 5
const CHECK_A = bindingRequest('bbbb', 'aaaa')
const CHECK_B = bindingRequest('aaaa', 'bbbb')

async function open(
  settings: LabNetwork,
  {
    isNear = () => true,
    limits = {},
  }: { isNear?: (address: string) => boolean; limits?: Partial<LabLimits> } = {},
) {
  const path = await LabPath.open({
    ...{ network: settings, seed: SEED, host: '127.0.0.1', waker: new Waker(), isNear },
    limits: { ...DEFAULT_LAB_LIMITS, ...limits },
    budget: new Budget(Infinity),
  })
  const a = await UdpEnd.open(path.ends.a)
  const b = await UdpEnd.open(path.ends.b)
  cleanUp.push(
    () => path.close(),
    () => a.close(),
    () => b.close(),
  )
  return { path, a, b }
}

/** Both ends have been heard: A's first check went nowhere, B's and A's second have crossed. */
async function connect({ path, a, b }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await a.send(CHECK_A)
  await untilTrue(() => path.counters().unpaired === 1)
  await b.send(CHECK_B)
  await untilTrue(() => path.counters().connections === 1)
}

/** Looks again whenever the event loop has gone round. */
async function untilTrue(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** From A, a few at a time: the system holds no more for those who read slowly. All that are not lost have come. */
async function sendNumbered({ path, a, b }: Awaited<ReturnType<typeof open>>, count: number): Promise<void> {
  const before = path.counters().aToB.packetsIn
  for (let number = 0; number < count; number++) {
    await a.send(numbered(number))
    if (number % 20 < 19 && number < count - 1) continue
    await untilTrue(() => {
      const { packetsIn, packetsOut, inFlightPackets } = path.counters().aToB
      return packetsIn === before + number + 1 && inFlightPackets === 0 && b.received.length === packetsOut
    })
  }
}

function numbered(number: number): Buffer {
  const packet = Buffer.alloc(200, 20)
  packet.writeUInt32BE(number, 4)
  return packet
}

describe('LabPath, over real UDP on loopback', () => {
  it('carries each packet to the other end, whole, and none earlier than the delay less half a tick', async () => {
    const all = await open(network({ delayMs: 20 }))
    await connect(all)
    const { path, a, b } = all
    await a.until((received) => received.length === 1)
    expect(a.received[0]).toEqual(CHECK_B)
    await sendNumbered(all, 200)
    expect(b.received).toEqual(Array.from({ length: 200 }, (_, number) => numbered(number)))
    const { aToB, bToA } = path.counters()
    expect(aToB).toMatchObject({ packetsIn: 200, packetsOut: 200, inFlightPackets: 0, bytesOut: 200 * 228 })
    expect(bToA).toMatchObject({ packetsIn: 1, packetsOut: 1 })
    // From above nothing is said: a busy machine is late, and the counters tell how late.
    expect(aToB.delay.p50Ms).toBeGreaterThan(19)
    expect(aToB.lateness.count).toBe(200)
  })

  it('loses the very packets that the model says, and as many as were set', async () => {
    const settings = network({ loss: 0.2, bursts: { share: 0.05, meanPackets: 4, loss: 1 }, delayMs: 2 })
    const all = await open(settings)
    await connect(all)
    const { path, b } = all
    const count = 3000
    const model = new NetworkModel(settings.aToB, directionSeed(SEED, 'aToB'))
    const expected = Array.from({ length: count }, (_, number) => number).filter(
      () => model.handlePacket(228, 0).length > 0,
    )
    await sendNumbered(all, count)
    const { aToB } = path.counters()
    const lost = aToB.lostByChance + aToB.lostInBursts
    expect(aToB.packetsIn).toBe(count)
    expect(aToB.packetsOut).toBe(count - lost)
    expect(b.received.map((packet) => packet.readUInt32BE(4))).toEqual(expected)
    expect(Math.abs(lost / aToB.packetsIn - expectedLoss(settings.aToB))).toBeLessThan(
      4 * lossStandardError(settings.aToB, aToB.packetsIn),
    )
  })

  it('a bottleneck drops what its queue does not hold, and sends the rest no faster than its rate', async () => {
    // 228 bytes each, at 22 800 bytes a second 10 ms each.
    const all = await open(network({ bytesPerSecond: 22_800, queuePackets: 10 }))
    await connect(all)
    const { path, a, b } = all
    const begin = performance.now()
    for (let number = 0; number < 30; number++) await a.send(numbered(number))
    await untilTrue(() => {
      const { packetsIn, inFlightPackets } = path.counters().aToB
      return packetsIn === 30 && inFlightPackets === 0
    })
    const tookMs = performance.now() - begin
    const { aToB } = path.counters()
    expect(aToB.packetsOut).toBeGreaterThanOrEqual(11)
    expect(aToB.packetsOut + aToB.droppedByQueue).toBe(30)
    expect(tookMs).toBeGreaterThan(10 * aToB.packetsOut - 1)
    expect(aToB.queueHighPackets).toBeLessThanOrEqual(10)
    await b.until((received) => received.length === aToB.packetsOut)
  })

  it('a change holds for what comes after it', async () => {
    const all = await open(network())
    await connect(all)
    const { path, a, b } = all
    path.change(network({ loss: 1 }))
    await a.send(numbered(1))
    await untilTrue(() => path.counters().aToB.packetsIn === 1)
    path.change(network())
    await a.send(numbered(2))
    await b.until((received) => received.length === 1)
    expect(b.received).toEqual([numbered(2)])
  })

  it('a new seed loses what a new path with it would lose', async () => {
    const settings = network({ loss: 0.5 })
    const all = await open(settings)
    await connect(all)
    const { path, b } = all
    await sendNumbered(all, 20)
    const before = b.received.length
    path.change(settings, SEED)
    const model = new NetworkModel(settings.aToB, directionSeed(SEED, 'aToB'))
    const expected = Array.from({ length: 200 }, (_, number) => number).filter(
      () => model.handlePacket(228, 0).length > 0,
    )
    await sendNumbered(all, 200)
    expect(b.received.slice(before).map((packet) => packet.readUInt32BE(4))).toEqual(expected)
  })

  it('takes nothing from afar, from strangers, nothing too large and nothing above its rate', async () => {
    const far = await open(network(), { isNear: () => false })
    await far.a.send(CHECK_A)
    await untilTrue(() => far.path.counters().refused === 1)

    const all = await open(network(), { limits: { packetsPerSecond: 0.001, packetBurst: 5 } })
    await connect(all)
    const { path, a, b } = all
    const stranger = await UdpEnd.open(path.ends.a)
    cleanUp.push(() => stranger.close())
    await stranger.send(numbered(1))
    await a.send(Buffer.alloc(3000))
    await untilTrue(() => path.counters().refused === 2)
    await a.send(numbered(2))
    await b.until((received) => received.length === 1)
    await a.send(numbered(3))
    await untilTrue(() => path.counters().overRate === 1)
    expect(b.received).toEqual([numbered(2)])
  })

  it('once closed carries nothing, and lets its ports go', async () => {
    const all = await open(network({ delayMs: 50 }))
    await connect(all)
    const { path, a, b } = all
    await a.send(numbered(1))
    await untilTrue(() => path.counters().aToB.inFlightPackets === 1)
    const { port } = path.ends.a
    path.close()
    path.close()
    expect(b.received).toEqual([])
    const probe = createSocket('udp4')
    cleanUp.push(() => probe.close())
    for (let isFree = false; !isFree;) {
      isFree = await new Promise<boolean>((resolve) => {
        probe.once('error', () => resolve(false))
        probe.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true))
      })
    }
  })
})
