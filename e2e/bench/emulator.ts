/**
 * How true the emulator is in real time: real UDP over loopback through a path of the server's, this process at both
 * ends. Exits 1 where the median delay is off by a millisecond, the rate by 2 %, or the loss by 4 standard errors.
 *
 * usage: npm run bench:emulator [-- SECONDS]
 */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { loadavg } from 'node:os'

import { Budget } from '@/lib/sim/emulated-direction'
import {
  expectedLoss,
  IP_UDP_HEADER_BYTES,
  lossStandardError,
  PERFECT_NETWORK,
} from '@/lib/sim/network-settings'
import type { NetworkSettings } from '@/lib/sim/network-settings'
import { DEFAULT_LAB_LIMITS } from '@/server/lab/lab-limits'
import { LabPath } from '@/server/lab/lab-path'
import { bindingRequest } from '@/server/lab/testing'
import { Waker } from '@/server/lab/waker'

import { median } from '@/lib/lab/statistics'

const HOST = '127.0.0.1'
const PAYLOAD_BYTES = 1172
const PACKET_BYTES = PAYLOAD_BYTES + IP_UDP_HEADER_BYTES
/** Packets leave in groups, as a browser's do. */
const GROUP_MS = 5

interface Case {
  readonly name: string
  readonly settings: Partial<NetworkSettings>
  /** What is sent into it. */
  readonly packetsPerSecond: number
}

const CASES: readonly Case[] = [
  { name: 'delay 5 ms', settings: { delayMs: 5 }, packetsPerSecond: 500 },
  { name: 'delay 50 ms, loss 10 %', settings: { delayMs: 50, loss: 0.1 }, packetsPerSecond: 1000 },
  {
    name: 'delay 25 ms, bursts of 6, 5 % in all',
    settings: { delayMs: 25, bursts: { share: 0.05, meanPackets: 6, loss: 1 } },
    packetsPerSecond: 2000,
  },
  {
    name: '10 Mbit/s, queue of 100, 20 % too much',
    settings: { delayMs: 25, bytesPerSecond: 1_250_000, queuePackets: 100 },
    packetsPerSecond: 1250,
  },
  {
    name: '50 Mbit/s, queue of 200, 20 % too much',
    settings: { delayMs: 10, bytesPerSecond: 6_250_000, queuePackets: 200 },
    packetsPerSecond: 6250,
  },
]

interface Measured {
  readonly sent: number
  readonly delaysMs: readonly number[]
  /** Bytes with headers per second, from the first arrival to the last. */
  readonly bytesPerSecond: number
  readonly counters: ReturnType<LabPath['counters']>
}

async function run({ settings, packetsPerSecond }: Case, seconds: number): Promise<Measured> {
  const network = { ...PERFECT_NETWORK, ...settings }
  const path = await LabPath.open({
    ...{ network: { aToB: network, bToA: PERFECT_NETWORK }, seed: 1, host: HOST, waker: new Waker() },
    ...{ isNear: () => true, limits: DEFAULT_LAB_LIMITS, budget: new Budget(Infinity) },
  })
  const [a, b] = [await bound(), await bound()]
  const { ends } = path
  b.send(bindingRequest('aaaa', 'bbbb'), ends.b.port, HOST)
  while (path.counters().connections === 0) {
    a.send(bindingRequest('bbbb', 'aaaa'), ends.a.port, HOST)
    await passed(GROUP_MS)
  }
  const delaysMs: number[] = []
  const arrivals: number[] = []
  b.on('message', (packet) => {
    if (packet.length !== PAYLOAD_BYTES) return
    arrivals.push(performance.now())
    delaysMs.push(performance.now() - packet.readDoubleBE(8))
  })
  const begin = performance.now()
  let sent = 0
  for (let now = begin; now < begin + 1000 * seconds; now = performance.now()) {
    for (const due = ((now - begin) / 1000) * packetsPerSecond; sent < due; sent++) {
      const packet = Buffer.alloc(PAYLOAD_BYTES, 20)
      packet.writeDoubleBE(performance.now(), 8)
      a.send(packet, ends.a.port, HOST)
    }
    await passed(GROUP_MS)
  }
  do await passed(500)
  while (path.counters().aToB.inFlightPackets > 0)
  const counters = path.counters()
  path.close()
  for (const socket of [a, b]) socket.close()
  const tookMs = (arrivals.at(-1) ?? NaN) - (arrivals[0] ?? NaN)
  return { sent, delaysMs, bytesPerSecond: ((arrivals.length - 1) * PACKET_BYTES * 1000) / tookMs, counters }
}

/** What is off, in words; none where all is as it should be. */
function judge({ settings }: Case, { delaysMs, bytesPerSecond, counters, sent }: Measured): string[] {
  const network = { ...PERFECT_NETWORK, ...settings }
  const { aToB, lostBySystem } = counters
  const problems: string[] = []
  if (network.bytesPerSecond === null) {
    const off = median(delaysMs) - network.delayMs
    if (Math.abs(off) > 1) problems.push(`the median delay is off by ${off.toFixed(2)} ms`)
  } else {
    const off = bytesPerSecond / network.bytesPerSecond - 1
    if (Math.abs(off) > 0.02) problems.push(`the rate is off by ${(100 * off).toFixed(1)} %`)
  }
  const lost = (aToB.lostByChance + aToB.lostInBursts) / aToB.packetsIn
  const error = lossStandardError(network, aToB.packetsIn)
  if (Math.abs(lost - expectedLoss(network)) > 4 * error)
    problems.push(`${(100 * lost).toFixed(2)} % were lost`)
  if (aToB.packetsIn < sent || (lostBySystem ?? 0) > 0)
    problems.push(
      `${sent - aToB.packetsIn} packets never came in, ${lostBySystem ?? '?'} of them lost by the system`,
    )
  return problems
}

function rowOf({ name }: Case, { sent, delaysMs, bytesPerSecond, counters }: Measured): string {
  const { lostByChance, lostInBursts, droppedByQueue, packetsIn, lateness } = counters.aToB
  const lost = ((100 * (lostByChance + lostInBursts)) / packetsIn).toFixed(2)
  const late = [lateness.p50Ms, lateness.p95Ms, lateness.p99Ms].map((ms) => ms.toFixed(2)).join(' / ')
  const mbit = ((bytesPerSecond * 8) / 1e6).toFixed(2)
  return `| ${name} | ${sent} | ${median(delaysMs).toFixed(2)} | ${lost} | ${droppedByQueue} | ${mbit} | ${late} |`
}

async function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
  socket.bind(0, HOST)
  await once(socket, 'listening')
  return socket
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

const seconds = Number(process.argv[2] ?? 10)
if (!(seconds > 0 && seconds <= 600)) throw new Error('usage: npm run bench:emulator [-- SECONDS]')
console.log(`Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}, ${seconds} s each\n`)
console.log(
  '| path | sent | median delay, ms | lost by chance, % | dropped by the queue | Mbit/s | off its time p50 / p95 / p99, ms |',
)
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
const problems: string[] = []
for (const each of CASES) {
  const measured = await run(each, seconds)
  console.log(rowOf(each, measured))
  problems.push(...judge(each, measured).map((problem) => `${each.name}: ${problem}`))
}
for (const problem of problems) console.log(`\n${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0
