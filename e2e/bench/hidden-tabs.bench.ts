import { setTimeout as pause } from 'node:timers/promises'

import type { Browser, Page } from 'puppeteer-core'

import { PuppeteerReceiver, PuppeteerSender } from '@/e2e/fixtures/puppeteer-people'
import { expect, skipUnless, test } from '@/e2e/fixtures/real-browsers'
import { plainPicture } from '@/e2e/photos/plain-png'
import type { TransferReport } from '@/lib/protocol/report'

import { keep, loadNow } from './results'
import { median } from '@/lib/lab/statistics'

const ROUNDS = 5
const RATIO_WANTED = 0.8
const SETTLE_MS = 1000

const CASES = ['both visible', 'hidden receiver', 'hidden sender'] as const
type Case = (typeof CASES)[number]

skipUnless('xvfb')

test('speed to and from a hidden tab beside two visible windows', async ({ windowedChromium, server }) => {
  const { path, bytes } = await plainPicture(20)
  const runs: { readonly kind: Case; readonly load: number; readonly report: TransferReport }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of round % 2 === 0 ? CASES : CASES.toReversed()) {
      await pause(SETTLE_MS)
      const report = await runCase(windowedChromium, kind, server.origin, path)
      runs.push({ kind, load: loadNow(), report })
    }
  }

  const reportsOf = (kind: Case): TransferReport[] =>
    runs.filter((run) => run.kind === kind).map((run) => run.report)
  const goodput = (kind: Case): number =>
    median(reportsOf(kind).map((report) => report.goodputBytesPerSecond))
  const whole = (kind: Case): number =>
    median(reportsOf(kind).map((report) => report.completedAtMs - report.startedAtMs))
  const hidden = CASES.slice(1).map((kind) => ({ kind, ratio: goodput(kind) / goodput('both visible') }))

  const kept = keep('hidden-tabs', {
    method:
      `A picture of ${bytes} bytes in Repair between two tabs, Chromium with windows under Xvfb: in two windows, both ` +
      `visible, or in one window, one of them hidden; ${ROUNDS} alternating rounds in fresh tabs. MB/s at the ` +
      `receiver, first packet to last (in brackets: from the click, s).`,
    browser: await windowedChromium.version(),
    goals: hidden.map(({ kind, ratio }) => ({
      what: `${kind}, median, beside both visible`,
      measured: ratio.toFixed(2),
      wanted: `at least ${RATIO_WANTED}`,
      met: ratio >= RATIO_WANTED,
    })),
    table: [
      ['case', ...Array.from({ length: ROUNDS }, (_, round) => String(round + 1)), 'median'],
      ...CASES.map((kind) => [
        kind,
        ...reportsOf(kind).map((report) =>
          cell(report.goodputBytesPerSecond, report.completedAtMs - report.startedAtMs),
        ),
        cell(goodput(kind), whole(kind)),
      ]),
    ],
    runs,
  })
  console.log(`\n${kept}`)
  for (const { kind, ratio } of hidden) expect.soft(ratio, kind).toBeGreaterThanOrEqual(RATIO_WANTED)
})

async function runCase(
  browser: Browser,
  kind: Case,
  origin: string,
  picturePath: string,
): Promise<TransferReport> {
  const receiver = new PuppeteerReceiver(await browser.newPage({ type: 'window' }))
  await receiver.open(origin, 'ANNA')
  const beside = kind === 'both visible' ? { type: 'window' as const } : { type: 'tab' as const }
  const sender = new PuppeteerSender(await browser.newPage(beside))
  await sender.open(origin, await receiver.code(), 'BEN')
  await sender.pick(picturePath)
  const front = kind === 'hidden sender' ? receiver.page : sender.page
  await front.bringToFront()
  await expectVisibility(receiver.page, kind !== 'hidden receiver')
  await expectVisibility(sender.page, kind !== 'hidden sender')
  await sender.send()
  const report = await receiver.report()
  expect(report.exact).toBe(true)
  await sender.report()
  await Promise.all([receiver.page.close(), sender.page.close()])
  return report
}

async function expectVisibility(page: Page, visible: boolean): Promise<void> {
  const wanted = visible ? 'visible' : 'hidden'
  await page.waitForFunction((state) => document.visibilityState === state, { polling: 200 }, wanted)
}

function cell(bytesPerSecond: number, milliseconds: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(2)} (${(milliseconds / 1000).toFixed(1)})`
}
