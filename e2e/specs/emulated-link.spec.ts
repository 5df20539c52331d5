import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { expect, skipUnless, test } from '@/e2e/fixtures/test'
import { openEmulatedLink } from '@/e2e/link/emulated-link'
import type { Host, Link, LinkCounters } from '@/e2e/link/link'
import { parseLinkSpec } from '@/e2e/link/link-spec'

const BURST = join(import.meta.dirname, '../link/burst.mjs')
const PORT = 5000
/** IP and UDP headers. */
const HEADER_BYTES = 28
const LATE_MS = 3000

skipUnless('own-link')

// One link at a time: they share the names of their hosts.
test.describe.configure({ mode: 'serial' })

test('an emulated link loses the share that it says, each packet on its own', async () => {
  const { arrived, counters } = await burst('1,20,1000,0', { packets: 8000, bytes: 100, atOnce: 40 })
  expect(counters.aToB.packets).toBeGreaterThanOrEqual(8000)
  expect(counters.aToB.lost / counters.aToB.packets).toBeCloseTo(0.2, 1.7)
  expect(arrived.length).toBe(8000 - lostOf(arrived, 8000))
  // Of independent losses a fifth is followed by another: runs have a mean of 1 / 0.8.
  expect(meanRun(arrived, 8000)).toBeGreaterThan(1.15)
  expect(meanRun(arrived, 8000)).toBeLessThan(1.35)
})

test('an emulated link loses in bursts of the mean length that it says', async () => {
  const { arrived } = await burst('1,10,1000,0,5', { packets: 12_000, bytes: 100, atOnce: 40 })
  expect(lostOf(arrived, 12_000) / 12_000).toBeGreaterThan(0.07)
  expect(lostOf(arrived, 12_000) / 12_000).toBeLessThan(0.13)
  expect(meanRun(arrived, 12_000)).toBeGreaterThan(4)
  expect(meanRun(arrived, 12_000)).toBeLessThan(6)
})

test('an emulated link delays every packet by its one way, and changes none of the order', async () => {
  const { arrived } = await burst('25,0,1000,0', { packets: 200, bytes: 100, atOnce: 1 })
  expect(arrived.map(([number]) => number)).toEqual(Array.from({ length: 200 }, (_, number) => number))
  const delays = arrived.map(([, delayMs]) => delayMs)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(25)
  expect(Math.min(...delays)).toBeLessThan(30)
})

test('an emulated link sends no faster than its rate, and holds what waits in its queue', async () => {
  // 300 packets at once, 4 ms each on the wire: the last waits for more than a second.
  const { arrived, counters } = await burst('5,0,2,0', { packets: 300, bytes: 972, atOnce: 300 })
  const onWireMs = ((972 + HEADER_BYTES) * 8) / 2000
  expect(arrived).toHaveLength(300)
  const longest = Math.max(...arrived.map(([, delayMs]) => delayMs))
  expect(longest).toBeLessThan(5 + 300 * onWireMs + LATE_MS)
  expect(counters.aToB.queueDelayMaxMs).toBeGreaterThan(150 * onWireMs)
  expect(counters.aToB.queueFull).toBe(0)
})

test('an emulated link drops what its queue cannot hold, the newest first', async () => {
  const { arrived, counters } = await burst('5,0,1,50', { packets: 300, bytes: 972, atOnce: 300 })
  expect(counters.aToB.queueHighPackets).toBe(50)
  expect(counters.aToB.queueFull).toBeGreaterThan(200)
  expect(arrived.slice(0, 40).map(([number]) => number)).toEqual(Array.from({ length: 40 }, (_, i) => i))
  expect(arrived.length + (counters.aToB.queueFull ?? 0)).toBeGreaterThanOrEqual(300)
})

test('a mark answers with the counters since the mark before', async () => {
  await withLink('1,0,1000,0', async (link) => {
    await link.mark()
    const first = await sendAndReceive(link, { packets: 100, bytes: 100, atOnce: 10 })
    const { aToB } = await mark(link)
    expect(first).toHaveLength(100)
    expect(aToB.bytes).toBeGreaterThanOrEqual(100 * (100 + HEADER_BYTES))
    expect((await mark(link)).aToB.bytes).toBeLessThan(100 * (100 + HEADER_BYTES))
  })
})

/** The number of a packet that arrived, and its one-way delay. */
type Arrival = readonly [number, number]

interface Packets {
  readonly packets: number
  readonly bytes: number
  readonly atOnce: number
}

async function burst(
  spec: string,
  packets: Packets,
): Promise<{ arrived: readonly Arrival[]; counters: LinkCounters }> {
  return withLink(spec, async (link) => {
    await link.mark()
    const arrived = await sendAndReceive(link, packets)
    return { arrived, counters: await mark(link) }
  })
}

async function withLink<T>(text: string, use: (link: Link) => Promise<T>): Promise<T> {
  const spec = parseLinkSpec(text)
  if (!spec) throw new Error(`${text} is no link`)
  const link = await openEmulatedLink(spec, 7)
  try {
    return await use(link)
  } finally {
    await link.close()
  }
}

async function mark(link: Link): Promise<LinkCounters> {
  const counters = await link.mark()
  if (!counters) throw new Error('the emulator counts')
  return counters
}

/** Sends from A to B, and returns what arrived once nothing has for a while. */
async function sendAndReceive({ a, b }: Link, { packets, bytes, atOnce }: Packets): Promise<Arrival[]> {
  const receiver = startBurst(b, 'receive', PORT)
  const ended = once(receiver, 'exit')
  let output = ''
  let heardAtMs = Date.now()
  await new Promise<void>((resolve) => {
    receiver.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      heardAtMs = Date.now()
      resolve()
    })
  })
  await once(startBurst(a, 'send', b.address, PORT, packets, bytes, atOnce), 'exit')
  await expect.poll(() => Date.now() - heardAtMs, { timeout: 20_000 }).toBeGreaterThan(1000)
  receiver.kill()
  await ended
  const lines = output.split('\n').filter((line) => line.startsWith('['))
  return lines.map((line) => JSON.parse(line) as Arrival)
}

function startBurst(host: Host, ...args: readonly (string | number)[]): ChildProcess {
  const [command, ...rest] = host.wrap(process.execPath, [BURST, ...args.map(String)])
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
}

function lostOf(arrived: readonly Arrival[], sent: number): number {
  return sent - new Set(arrived.map(([number]) => number)).size
}

/** Mean length of a run of packets that did not arrive. */
function meanRun(arrived: readonly Arrival[], sent: number): number {
  const came = new Set(arrived.map(([number]) => number))
  const runs = Array.from({ length: sent }, (_, i) => i).filter((i) => !came.has(i) && came.has(i - 1)).length
  return lostOf(arrived, sent) / runs
}
