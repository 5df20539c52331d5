import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import { expect, test } from '@/e2e/fixtures/server'
import { pictureOf } from '@/e2e/photos/photo-like'

import { runBareLoop } from './bare-loop'
import type { BareRun } from './bare-loop'
import type { LongTask } from './long-tasks'
import { runOwnPath } from './own-path'
import type { OwnRun } from './own-path'
import { keep, loadNow } from './results'
import { median } from '@/lib/lab/statistics'

const PICTURE_BYTES = 20_000_000
const ROUNDS = 11
const BARE_BUFFERS_KIB = [64, 256, 1024]
const RATIO_WANTED = 0.8
/** The pages of the run before are still being taken down. */
const SETTLE_MS = 1000

interface Round {
  readonly load: number
  readonly own: OwnRun
  readonly bare: readonly BareRun[]
}

test('goodput of Repair beside a bare data channel, and long tasks', async ({ browser, server }) => {
  const path = test.info().outputPath('photo.jpg')
  writeFileSync(path, await pictureOf(PICTURE_BYTES, 1))
  const rounds: Round[] = []
  const runOwn = async (): Promise<OwnRun> => {
    await pause(SETTLE_MS)
    return runOwnPath(browser, server.origin, path)
  }
  for (let round = 0; round < ROUNDS; round++) {
    // Each goes first in every other round.
    const early = round % 2 === 0 ? await runOwn() : null
    const bare: BareRun[] = []
    for (const kib of BARE_BUFFERS_KIB) {
      await pause(SETTLE_MS)
      bare.push(await runBareLoop(browser, server.origin, PICTURE_BYTES, kib * 1024))
    }
    rounds.push({ own: early ?? (await runOwn()), bare, load: loadNow() })
  }

  const own = median(rounds.map((round) => round.own.report.goodputBytesPerSecond))
  const bareMedians = BARE_BUFFERS_KIB.map((_, index) =>
    median(rounds.map(({ bare }) => bare[index]?.goodputBytesPerSecond ?? NaN)),
  )
  const best = Math.max(...bareMedians)
  const ratio = own / best
  const long = rounds.flatMap((round) => [...round.own.senderLongTasks, ...round.own.receiverLongTasks])

  const kept = keep('goodput', {
    method:
      `A JPEG of ${PICTURE_BYTES} bytes in chunks of 1 024 bytes, from /send to /receive in Repair, against a bare ` +
      `channel (unordered, no retransmission) that keeps its buffer filled; ${ROUNDS} alternating rounds in ` +
      `fresh pages. MB/s at the receiver, first packet to last.`,
    browser: `Chromium ${browser.version()}`,
    goals: [
      {
        what: `goodput, median, beside the best bare median (${megabytes(own)} / ${megabytes(best)} MB/s)`,
        measured: ratio.toFixed(2),
        wanted: `at least ${RATIO_WANTED}`,
        met: ratio >= RATIO_WANTED,
      },
      {
        what: 'tasks over 50 ms on both main threads, click to final report',
        measured: summary(long),
        wanted: 'none',
        met: long.length === 0,
      },
    ],
    table: [
      [
        'round',
        'Shoal, MB/s',
        ...BARE_BUFFERS_KIB.map((kib) => `bare, ${kib} KiB, MB/s (lost)`),
        'lost, repaired in',
        'long tasks: sender',
        'receiver',
        'bare pages',
        'load',
      ],
      ...rounds.map(({ own: { report, ...tasks }, bare, load }, index) => [
        String(index + 1),
        megabytes(report.goodputBytesPerSecond),
        ...bare.map((run) => `${megabytes(run.goodputBytesPerSecond)} (${run.lossPercent.toFixed(1)} %)`),
        `${report.packetsLost} of ${report.packetsSent}, ${report.repairRounds} rounds`,
        summary(tasks.senderLongTasks),
        summary(tasks.receiverLongTasks),
        summary(bare.flatMap((run) => run.longTasks)),
        String(load),
      ]),
      ['median', megabytes(own), ...bareMedians.map(megabytes), '', '', '', '', ''],
    ],
    runs: rounds,
  })
  console.log(`\n${kept}`)
  expect.soft(ratio).toBeGreaterThanOrEqual(RATIO_WANTED)
  expect.soft(long.length, 'tasks over 50 ms').toBe(0)
})

function megabytes(bytesPerSecond: number): string {
  return (bytesPerSecond / 1e6).toFixed(2)
}

/** How many, and the longest in ms. */
function summary(tasks: readonly LongTask[]): string {
  if (tasks.length === 0) return 'none'
  return `${tasks.length}, to ${Math.max(...tasks.map((task) => task.durationMs)).toFixed(0)} ms`
}
