import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { EmulatedDirection } from './emulated-direction'
import { NetworkModel } from './network-model'
import {
  burstChances,
  expectedLoss,
  lossStandardError,
  type NetworkSettings,
  PERFECT_NETWORK,
} from './network-settings'

/** Not chosen by hand: whoever doubts them counts on. */
const SEEDS = Array.from({ length: 20 }, (_, index) =>
  createHash('sha256').update(`seed ${index}`).digest().readInt32BE(0),
)
const PACKETS = 50_000
const WITHIN_STANDARD_ERRORS = 4

/** So many packets, one each `everyMs`, in simulated time: by number how long each took, null for one that is lost. */
function play(
  settings: Partial<NetworkSettings>,
  seed: number,
  { everyMs = 1, bytes = 1200 }: { everyMs?: number; bytes?: number } = {},
) {
  const direction = new EmulatedDirection<number>({ ...PERFECT_NETWORK, ...settings }, seed)
  const tookMs: (number | null)[] = new Array<number | null>(PACKETS).fill(null)
  let lastOutMs = 0
  const carryOut = (untilMs: number): void => {
    for (let dueMs = direction.pollTimeout(); dueMs <= untilMs; dueMs = direction.pollTimeout()) {
      const number = direction.pollPacket(dueMs)
      if (number === null) break
      tookMs[number] = dueMs - number * everyMs
      lastOutMs = dueMs
    }
  }
  for (let number = 0; number < PACKETS; number++) {
    carryOut(number * everyMs)
    direction.handlePacket(number, bytes, number * everyMs)
  }
  carryOut(Number.MAX_VALUE)
  return { counts: direction.counts, tookMs, lastOutMs }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function arrived(tookMs: readonly (number | null)[]): number[] {
  return tookMs.filter((ms) => ms !== null)
}

describe.each(SEEDS)('the truth of the model, seed %i', (seed) => {
  test('loss, reordering and delay are what was set', () => {
    const settings = { loss: 0.1, reorderShare: 0.03, reorderByMs: 20, delayMs: 40 }
    const { counts, tookMs } = play(settings, seed)
    const lost = tookMs.filter((ms) => ms === null).length
    expect(counts.lostByChance).toBe(lost)
    const standardError = lossStandardError({ ...PERFECT_NETWORK, ...settings }, PACKETS)
    expect(Math.abs(lost / PACKETS - 0.1)).toBeLessThan(WITHIN_STANDARD_ERRORS * standardError)

    // What is held back for 20 ms is overtaken: by then about 18 others have come out.
    const out = PACKETS - lost
    expect(Math.abs(counts.reordered / out - 0.03)).toBeLessThan(
      WITHIN_STANDARD_ERRORS * Math.sqrt((0.03 * 0.97) / out),
    )
    expect(Math.abs(median(arrived(tookMs)) - 40)).toBeLessThan(1)
  })

  test('losses in spells are as many, and the spells as long, as was set', () => {
    const bursts = { share: 0.05, meanPackets: 8, loss: 1 }
    const settings = { ...PERFECT_NETWORK, bursts }
    const { counts, tookMs } = play(settings, seed)
    const lost = counts.lostInBursts / PACKETS
    expect(Math.abs(lost - expectedLoss(settings))).toBeLessThan(
      WITHIN_STANDARD_ERRORS * lossStandardError(settings, PACKETS),
    )
    const spells = tookMs.filter((ms, number) => ms === null && tookMs[number - 1] !== null).length
    // Geometric: a variance of L (L - 1).
    const lengthError = Math.sqrt((8 * 7) / spells)
    expect(Math.abs(counts.lostInBursts / spells - 8)).toBeLessThan(WITHIN_STANDARD_ERRORS * lengthError)
    const { enter } = burstChances(bursts)
    const good = PACKETS - counts.lostInBursts
    expect(Math.abs(spells / good - enter)).toBeLessThan(
      WITHIN_STANDARD_ERRORS * Math.sqrt((enter * (1 - enter)) / good),
    )
  })

  test('losses in spells and alone add up', () => {
    const settings = { ...PERFECT_NETWORK, loss: 0.02, bursts: { share: 0.1, meanPackets: 20, loss: 0.5 } }
    const { counts } = play(settings, seed)
    const lost = (counts.lostInBursts + counts.lostByChance) / PACKETS
    expect(Math.abs(lost - expectedLoss(settings))).toBeLessThan(
      WITHIN_STANDARD_ERRORS * lossStandardError(settings, PACKETS),
    )
  })

  test('the bottleneck sends at its rate, and jitter is spread evenly above the delay', () => {
    // 1 200 bytes a millisecond come in, two thirds of them go out.
    const settings = { bytesPerSecond: 800_000, queuePackets: 50, delayMs: 30, jitterMs: 10 }
    const { counts, lastOutMs } = play(settings, seed)
    const rate = counts.bytesOut / ((lastOutMs - 30) / 1000)
    expect(Math.abs(rate / 800_000 - 1)).toBeLessThan(0.02)
    expect(counts.droppedByQueue + counts.packetsOut).toBe(PACKETS)

    const free = play({ delayMs: 30, jitterMs: 10, jitterReorders: true }, seed)
    const took = arrived(free.tookMs)
    expect(Math.abs(median(took) - 35)).toBeLessThan(1)
    expect(took.every((ms) => ms >= 30 && ms < 40)).toBe(true)
  })
})

test('over all seeds together spells are as long as was set, and losses scatter by their standard error', () => {
  const settings = { ...PERFECT_NETWORK, bursts: { share: 0.05, meanPackets: 8, loss: 1 } }
  let lost = 0
  let spells = 0
  let squares = 0
  for (const seed of SEEDS) {
    const model = new NetworkModel(settings, seed)
    let wasLost = false
    for (let number = 0; number < PACKETS; number++) {
      const isLost = model.handlePacket(1200, number).length === 0
      if (isLost && !wasLost) spells++
      wasLost = isLost
    }
    const { lostInBursts } = model.counts
    lost += lostInBursts
    squares += ((lostInBursts / PACKETS - 0.05) / lossStandardError(settings, PACKETS)) ** 2
  }
  expect(Math.abs(lost / spells - 8)).toBeLessThan(WITHIN_STANDARD_ERRORS * Math.sqrt((8 * 7) / spells))
  // Chi-squared with 20 degrees of freedom: outside of this once in 5 000 times on either side. As coins it would be 300.
  expect(squares).toBeGreaterThan(5.4)
  expect(squares).toBeLessThan(51)
})
