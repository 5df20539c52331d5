/**
 * `npm run bench:sim`: Assured on simulated links, over lanes with SCTP's congestion control. Prints, for each link, how
 * many pictures arrived exact, the time against the link's limit L, what was sent against what was needed, how long
 * packets waited in the link's queue, and how a second picture over the same lanes did beside the first.
 *
 * usage: npm run bench:sim -- [--cell ONE_WAY,LOSS,MBIT,QUEUE[,BURST]] [--pictures N] [--seed S] [--lanes N] [--bytes B]
 *        npm run bench:sim -- --rival   beside one TCP download by CUBIC: each one's share of seconds 2 to 10
 */
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'

import { laneCount } from '@/lib/protocol/congestion/lane-count'
import { CHUNK_BYTES } from '@/lib/protocol/constants'
import { SYMBOL_HEADER_BYTES } from '@/lib/protocol/packet/symbol'
import { createImpairment, type Impairment, type ImpairmentSpec } from '@/lib/sim/impairments'
import { RivalFlow } from '@/lib/sim/rival-flow'
import { World } from '@/lib/sim/world'

import { raptorqCode } from '../sim/raptorq-code'

interface LinkCase {
  readonly oneWayMs: number
  readonly lossPercent: number
  readonly mbit: number
  readonly queuePackets: number
  /** 1: each packet on its own. */
  readonly meanBurst: number
}

const LINKS: readonly LinkCase[] = [
  { oneWayMs: 25, lossPercent: 0, mbit: 20, queuePackets: 200, meanBurst: 1 },
  { oneWayMs: 25, lossPercent: 1, mbit: 20, queuePackets: 200, meanBurst: 1 },
  { oneWayMs: 25, lossPercent: 5, mbit: 20, queuePackets: 200, meanBurst: 1 },
  { oneWayMs: 25, lossPercent: 20, mbit: 20, queuePackets: 200, meanBurst: 1 },
  { oneWayMs: 25, lossPercent: 10, mbit: 20, queuePackets: 200, meanBurst: 5 },
  { oneWayMs: 50, lossPercent: 10, mbit: 10, queuePackets: 100, meanBurst: 1 },
  { oneWayMs: 1, lossPercent: 1, mbit: 200, queuePackets: 1000, meanBurst: 1 },
]

/** Bytes on the wire for one of the picture: headers of ours, SCTP, DTLS, UDP and IP. */
const WIRE_SHARE = 1.09
const DEADLINE_MS = 30_000
const SYMBOL_BYTES = SYMBOL_HEADER_BYTES + CHUNK_BYTES

const { values } = parseArgs({
  options: {
    cell: { type: 'string' },
    pictures: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** As many as the path wants by itself, if not said. */
    lanes: { type: 'string' },
    bytes: { type: 'string', default: '300000' },
    rival: { type: 'boolean', default: false },
  },
})
const pictures = Number(values.pictures)
const firstSeed = Number(values.seed)
const bytes = Number(values.bytes)
const links = values.cell === undefined ? LINKS : [parseCell(values.cell)]

if (values.rival) besideRival()
else {
  print(
    `Assured, ${pictures} pictures of ${bytes} bytes a link, and a second one after each; ` +
      `${values.lanes ?? 'as many'} lanes${values.lanes ? '' : ' as the path wants'}, seeds from ${firstSeed}\n`,
  )
  print(
    '| one-way ms, loss %, Mbit/s, queue, burst | lanes | exact | median, L | p95, L | p99, L | within 1.6 L | sent / needed, median | p95 | queue p95, ms | second / first, median | second sent / needed |',
  )
  print('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const link of links) print(row(link))
}

function parseCell(cell: string): LinkCase {
  const [oneWayMs = 25, lossPercent = 0, mbit = 20, queuePackets = 200, meanBurst = 1] = cell
    .split(',')
    .map(Number)
  return { oneWayMs, lossPercent, mbit, queuePackets, meanBurst }
}

function row(link: LinkCase): string {
  const { oneWayMs, lossPercent, mbit, queuePackets, meanBurst } = link
  const limitMs = (WIRE_SHARE * bytes * 8) / (mbit * 1000) / (1 - lossPercent / 100) + oneWayMs
  const runs = Array.from({ length: pictures }, (_, i) => run(link, firstSeed + i))
  const firsts = runs.map(({ first }) => first)
  const times = ascending(firsts.map(({ ms }) => ms / limitMs))
  const sent = ascending(firsts.map(({ sentShare }) => sentShare))
  const queues = ascending(runs.flatMap(({ queueDelays }) => queueDelays))
  const ratios = ascending(runs.map(({ first, second }) => second.ms / first.ms))
  const secondSent = ascending(runs.map(({ second }) => second.sentShare))
  return `| ${[
    [oneWayMs, lossPercent, mbit, queuePackets, meanBurst].join(', '),
    lanesOf(link),
    `${firsts.filter(({ exact }) => exact).length} of ${pictures}`,
    at(times, 0.5),
    at(times, 0.95),
    at(times, 0.99),
    times.filter((time) => time <= 1.6).length,
    at(sent, 0.5),
    at(sent, 0.95),
    at(queues, 0.95),
    at(ratios, 0.5),
    at(secondSent, 0.5),
  ].join(' | ')} |`
}

function lanesOf({ oneWayMs, lossPercent, mbit }: LinkCase): number {
  if (values.lanes !== undefined) return Number(values.lanes)
  return laneCount({ rttMs: 2 * oneWayMs, lossRate: lossPercent / 100, rateBytesPerMs: mbit * 125 })
}

interface Outcome {
  readonly ms: number
  readonly exact: boolean
  readonly sentShare: number
}

function run(
  link: LinkCase,
  seed: number,
): { first: Outcome; second: Outcome; queueDelays: readonly number[] } {
  const queueDelays: number[] = []
  const world = worldOf(link, seed, (delayMs) => queueDelays.push(delayMs))
  const first = send(world)
  const second = send(world)
  return { first, second, queueDelays }
}

function worldOf(link: LinkCase, seed: number, handleQueued: (delayMs: number) => void): World {
  const world = new World({
    seed,
    digest,
    lanes: lanesOf(link),
    sctp: true,
    code: raptorqCode(),
    aToB: impairments(link, handleQueued),
    bToA: impairments(link),
  })
  // The path's round trip is known before a picture is sent: lanes are opened beforehand.
  world.a.endpoint.controller.handleRtt(2 * link.oneWayMs + 0.6)
  return world
}

function send(world: World): Outcome {
  const picture = Uint8Array.from({ length: bytes }, () => world.random.below(256))
  const startedAt = world.loop.now
  const sentBefore = world.a.symbolBytesSent
  const id = world.send(world.a, picture, 'assured')
  world.run({ untilMs: world.elapsedMs + DEADLINE_MS })
  const receiver = world.b.endpoint.receiver(id)
  const exact = receiver?.exact ?? false
  const ms = exact && receiver ? receiver.status().completedAtMs - startedAt : Infinity
  const needed = Math.ceil(bytes / CHUNK_BYTES) * SYMBOL_BYTES
  return { ms, exact, sentShare: (world.a.symbolBytesSent - sentBefore) / needed }
}

/** A picture that lasts, beside a TCP download on a link without loss of its own. */
function besideRival(): void {
  print(
    '| link | TCP, Mbit/s | Assured, Mbit/s | share of Assured | queue p95, ms |\n| --- | --- | --- | --- | --- |',
  )
  for (const link of links.filter(({ lossPercent }) => lossPercent === 0)) {
    const queueDelays: number[] = []
    const world = worldOf(link, firstSeed, (delayMs) => queueDelays.push(delayMs))
    const rival = new RivalFlow({ loop: world.loop, link: world.aToB, reverse: world.bToA })
    const picture = new Uint8Array(link.mbit * 125_000 * 11).map((_, i) => i % 251)
    const id = world.send(world.a, picture, 'assured')
    const arrived = () => [rival.arrivedBytes, world.b.endpoint.receiver(id)?.status().bytesReceived ?? 0]
    world.run({ untilMs: 2000 })
    queueDelays.length = 0
    const [tcp2 = 0, ours2 = 0] = arrived()
    world.run({ untilMs: 10_000 })
    const [tcp10 = 0, ours10 = 0] = arrived()
    rival.stop()
    const [tcp, ours] = [(tcp10 - tcp2) / 1e6, (ours10 - ours2) / 1e6]
    const { oneWayMs, mbit, queuePackets } = link
    print(
      `| ${oneWayMs}, 0, ${mbit}, ${queuePackets} | ${tcp.toFixed(2)} | ${ours.toFixed(2)} | ${(ours / (tcp + ours)).toFixed(2)} | ${at(ascending(queueDelays), 0.95)} |`,
    )
  }
}

function impairments(
  { oneWayMs, lossPercent, mbit, queuePackets, meanBurst }: LinkCase,
  handleQueued?: (delayMs: number) => void,
): (ImpairmentSpec | Impairment)[] {
  const loss = lossPercent / 100
  const lost: ImpairmentSpec =
    meanBurst === 1
      ? { type: 'loss', probability: loss }
      : { type: 'burst-loss', enter: loss / meanBurst / (1 - loss), meanBurst }
  return [lost, watchedRate(mbit, queuePackets, handleQueued), { type: 'delay', ms: oneWayMs }]
}

/** The bottleneck, and how long each packet waits before its first bit is sent. */
function watchedRate(
  mbit: number,
  queuePackets: number,
  handleQueued?: (delayMs: number) => void,
): Impairment {
  const rate = createImpairment({ type: 'rate', bytesPerSecond: mbit * 125_000, queuePackets })
  return (bytes, now, random, overhead) => {
    const passages = rate(bytes, now, random, overhead)
    for (const { delayMs } of passages) handleQueued?.(delayMs - (bytes.length + overhead) / (mbit * 125))
    return passages
  }
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(2)
}

function digest(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
