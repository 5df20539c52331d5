import { Random } from '@/lib/sim/random'

import { plannedRuns } from '../experiment'
import type { Contender, Experiment, PlannedRun } from '../experiment'
import { qualityArea } from '../results'
import type { LabResults, QualitySample, RunResult } from '../results'
import type { TracedPacket } from '../traces'

/** Results as a bench would give them, made up from a seed: for tests and for looking at charts alone. */
export const EXPERIMENT: Experiment = {
  version: 1,
  contenders: ['assured', 'repair', 'classic', 'reliable', 'rtp'],
  networks: [
    { type: 'preset', name: 'home-wifi' },
    { type: 'preset', name: '4g-train' },
    { type: 'preset', name: 'one-in-five' },
    { type: 'sweep', base: 'lte', over: { parameter: 'lossPercent', values: [0, 1, 2, 5, 10, 20] } },
    {
      type: 'matrix',
      base: 'lte',
      over: { parameter: 'oneWayMs', values: [10, 50, 150, 300] },
      and: { parameter: 'lossPercent', values: [0.5, 3, 15] },
    },
  ],
  pictures: [
    { name: 'harbour.jpg', bytes: 640_000 },
    { name: 'text.png', bytes: 120_000 },
  ],
  repetitions: 8,
  deadlineMs: 20_000,
  seed: 7,
  start: 'warm',
}

export function makeResults(
  experiment: Experiment = EXPERIMENT,
  means: LabResults['means'] = 'emulator',
): LabResults {
  return {
    format: 'shoal-lab',
    version: 1,
    means,
    experiment,
    shoal: '0.1.0',
    browser: 'Chromium 142',
    runs: plannedRuns(experiment).map((plan) => makeRun(plan, experiment)),
  }
}

/** How much slower each becomes for each percent that is lost. */
const FRAGILE: Partial<Readonly<Record<Contender, number>>> = {
  assured: 0.02,
  repair: 0.07,
  classic: 0.01,
  reliable: 0.9,
}

function makeRun(plan: PlannedRun, experiment: Experiment): RunResult {
  const { contender, network, picture, repetition, seed, key } = plan
  const { oneWayMs, mbit, lossPercent } = network.settings
  const random = new Random(seed + contender.length * 101)
  const noise = () => 0.85 + random.next() * 0.4
  const leastMs = 2 * oneWayMs + (picture.bytes * 8) / (mbit * 1000)
  const tookMs = leastMs * (1.1 + (FRAGILE[contender] ?? 0) * lossPercent) * noise()
  const holes = contender === 'classic' && lossPercent > 0
  const isLossy = contender === 'rtp'
  const isOver = tookMs > experiment.deadlineMs
  const exact = isLossy || holes || isOver ? null : tookMs
  const samples = curve({ contender, tookMs, oneWayMs, lossPercent, deadlineMs: experiment.deadlineMs })
  const sent = Math.ceil((picture.bytes / 1150) * (1 + lossPercent / 80) * noise())
  const lost = Math.min(sent, Math.round((sent * lossPercent * noise()) / 100))
  return {
    key,
    contender,
    network: { label: network.label, settings: network.settings },
    picture,
    repetition,
    seed,
    end: isLossy ? 'lossy' : isOver ? 'deadline' : holes ? 'partial' : 'exact',
    times: {
      firstPacket: oneWayMs * noise() + 4,
      firstPreview: isLossy ? null : oneWayMs * 2 * noise() + 30,
      ssim90: samples.find(({ ssim }) => ssim >= 0.9)?.ms ?? null,
      exact,
    },
    samples,
    area: qualityArea(samples, experiment.deadlineMs),
    packets: isLossy || contender === 'reliable' ? null : { sent, lost, recovered: Math.round(lost * 0.8) },
    overheadRatio: isLossy ? null : 1 + lossPercent / 60 + random.next() * 0.1,
    goodputBytesPerSecond: exact === null ? null : picture.bytes / (exact / 1000),
    queueDelayMsP95: 8 + random.next() * 60,
    longTasks: { count: Math.floor(random.next() * 4), totalMs: random.next() * 300 },
    link: {
      forth: { sent: sent + 40, arrived: sent + 40 - lost, lost },
      back: { sent: 90, arrived: 88, lost: 2 },
    },
  }
}

function curve(run: {
  contender: Contender
  tookMs: number
  oneWayMs: number
  lossPercent: number
  deadlineMs: number
}): QualitySample[] {
  const { contender, tookMs, oneWayMs, lossPercent, deadlineMs } = run
  const best = contender === 'rtp' ? 0.93 : contender === 'classic' ? 1 - lossPercent / 60 : 1
  const steps = 14
  return Array.from({ length: steps + 1 }, (_, i) => {
    const share = i / steps
    const ssim = best * (0.35 + 0.65 * share ** 0.6)
    const isSame = best === 1 && i === steps
    return {
      ms: Math.round(2 * oneWayMs + share * Math.max(1, tookMs - 2 * oneWayMs)),
      ssim: isSame ? 1 : Math.min(0.999, ssim),
      psnrDb: isSame ? 60 : 14 + 26 * share * best,
    }
  }).filter(({ ms }) => ms <= deadlineMs)
}

/** The packets of one run through a link that loses some and holds some back. */
export function makePackets(count: number, lossShare = 0.12): TracedPacket[] {
  const random = new Random(count)
  const packets = Array.from({ length: count }, (_, i) => {
    const sentMs = i * 1.4
    const travelMs = 40 + Math.min(60, i / 12) + random.next() * 1.2 + (random.next() < 0.03 ? 45 : 0)
    const repair = i > count * 0.85
    return { sentMs, arrivedMs: random.next() < lossShare ? null : sentMs + travelMs, repair }
  })
  let earliest = Infinity
  return packets
    .reverse()
    .map((packet) => {
      const { arrivedMs } = packet
      const late = arrivedMs !== null && arrivedMs > earliest
      earliest = Math.min(earliest, arrivedMs ?? Infinity)
      return { ...packet, late }
    })
    .reverse()
}
