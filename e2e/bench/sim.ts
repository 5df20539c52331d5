/**
 * `npm run bench:sim`: Assured on simulated links, over lanes with SCTP's congestion control. Prints, for each link, how
 * many pictures arrived exact, the time against the link's limit L, and what was sent against what was needed.
 *
 * usage: npm run bench:sim -- [--pictures N] [--seed S] [--lanes N] [--bytes B]
 */
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'

import type { ImpairmentSpec } from '@/lib/sim/impairments'
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

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '32' },
    bytes: { type: 'string', default: '300000' },
  },
})
const pictures = Number(values.pictures)
const firstSeed = Number(values.seed)
const lanes = Number(values.lanes)
const bytes = Number(values.bytes)

process.stdout.write(
  `Assured, ${pictures} pictures of ${bytes} bytes a link, ${lanes} lanes, seeds from ${firstSeed}\n\n` +
    '| one-way ms, loss %, Mbit/s, queue, burst | exact | median, L | 99th percentile, L | sent / picture (median) |\n' +
    '| --- | --- | --- | --- | --- |\n',
)
for (const link of LINKS) process.stdout.write(`${row(link)}\n`)

function row(link: LinkCase): string {
  const { oneWayMs, lossPercent, mbit, queuePackets, meanBurst } = link
  const limitMs = (WIRE_SHARE * bytes * 8) / (mbit * 1000) / (1 - lossPercent / 100) + oneWayMs
  const runs = Array.from({ length: pictures }, (_, i) => send(link, firstSeed + i))
  const times = runs.map((run) => run.ms / limitMs).sort((a, b) => a - b)
  const sent = runs.map((run) => run.sentShare).sort((a, b) => a - b)
  const exact = runs.filter((run) => run.exact).length
  return `| ${oneWayMs}, ${lossPercent}, ${mbit}, ${queuePackets}, ${meanBurst} | ${exact} of ${pictures} | ${at(times, 0.5)} | ${at(times, 0.99)} | ${at(sent, 0.5)} |`
}

function send(link: LinkCase, seed: number): { ms: number; exact: boolean; sentShare: number } {
  const world = new World({
    seed,
    digest,
    lanes,
    sctp: true,
    code: raptorqCode(),
    aToB: impairments(link),
    bToA: impairments(link),
  })
  // The path's round trip is known before a picture is sent: lanes are opened beforehand.
  world.a.endpoint.controller.handleRtt(2 * link.oneWayMs + 0.6)
  const picture = Uint8Array.from({ length: bytes }, () => world.random.below(256))
  const startedAt = world.loop.now
  const id = world.send(world.a, picture, 'assured')
  world.run({ untilMs: DEADLINE_MS })
  const receiver = world.b.endpoint.receiver(id)
  const exact = receiver?.exact ?? false
  const ms = exact && receiver ? receiver.status().completedAtMs - startedAt : Infinity
  return { ms, exact, sentShare: world.a.symbolBytesSent / bytes }
}

function impairments({ oneWayMs, lossPercent, mbit, queuePackets, meanBurst }: LinkCase): ImpairmentSpec[] {
  const loss = lossPercent / 100
  const lost: ImpairmentSpec =
    meanBurst === 1
      ? { type: 'loss', probability: loss }
      : { type: 'burst-loss', enter: loss / meanBurst / (1 - loss), meanBurst }
  return [
    lost,
    { type: 'rate', bytesPerSecond: mbit * 125_000, queuePackets },
    { type: 'delay', ms: oneWayMs },
  ]
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(2)
}

function digest(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
