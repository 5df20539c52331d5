import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { mergeTests } from '@playwright/test'
import type { Page } from 'puppeteer-core'

import { sha256 } from '@/e2e/fixtures/people'
import { PuppeteerReceiver, PuppeteerSender } from '@/e2e/fixtures/puppeteer-people'
import { expect, skipUnless, test as realBrowsers } from '@/e2e/fixtures/real-browsers'
import { test as people } from '@/e2e/fixtures/test'
import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import type { TransferReport } from '@/lib/protocol/report'

// The main job between two engines, each with its defaults: Firefox opens the page at the address of the
// network, as a second computer would, Chromium at localhost.

const test = mergeTests(people, realBrowsers)
skipUnless('firefox')

const folder = await generatePhotos()
const PICTURES = [WHOLE.large, WHOLE.alpha]

test('pictures arrive exactly from Chromium in Firefox, which saves them byte for byte', async ({
  firefox,
  firefoxDownloads,
  openSender,
  server,
}) => {
  const exceptions = new Set<string>()
  const receiver = new PuppeteerReceiver(await openTab(firefox.newPage(), exceptions))
  await receiver.open(server.lanOrigin ?? server.origin, 'ANNA')
  const sender = await openSender(await receiver.code())

  for (const [index, name] of PICTURES.entries()) {
    const path = join(folder, name)
    const digest = sha256(readFileSync(path))
    await sender.sendPicture(path)
    const report = await sender.report(index + 1)
    expect(await receiver.reportOf(report.transferId)).toEqual(report)
    expectExact(report, digest)

    const image = await receiver.image(report.transferId)
    expect(image).toMatchObject({ sha256: digest, complete: true })
    expect(await image.decodedWidth()).toBe(report.width)
    await receiver.save(report.transferId)
    const saved = join(firefoxDownloads, `received_image_BEN.${name.split('.').at(-1) ?? ''}`)
    await expect.poll(() => existsSync(saved) && sha256(readFileSync(saved))).toBe(digest)
  }
  await receiver.expectState('done')
  await sender.expectState('done', null)
  expect([...exceptions]).toEqual([])
})

test('pictures arrive exactly from Firefox in Chromium', async ({ firefox, openReceiver, server }) => {
  const exceptions = new Set<string>()
  const receiver = await openReceiver()
  const sender = new PuppeteerSender(await openTab(firefox.newPage(), exceptions))
  await sender.open(server.lanOrigin ?? server.origin, await receiver.code(), 'BEN')

  for (const [index, name] of PICTURES.entries()) {
    const path = join(folder, name)
    const original = readFileSync(path)
    await sender.pick(path)
    await sender.send()
    const report = await receiver.report(index + 1)
    expect(await sender.reportOf(report.transferId)).toEqual(report)
    expectExact(report, sha256(original))
    await expect(receiver.images.first()).toHaveAttribute('data-sha256', sha256(original))
    expect((await receiver.save()).bytes.equals(original)).toBe(true)
  }
  await receiver.expectState('done', null)
  await sender.expectState('done')
  expect([...exceptions]).toEqual([])
})

/** Firefox reports as an error of the page what is only one attempt at a lane; the link tries again. */
const FAILED_ATTEMPT = /WebRTC: ICE failed/

async function openTab(opening: Promise<Page>, exceptions: Set<string>): Promise<Page> {
  const page = await opening
  page.on('pageerror', (error) => {
    if (!FAILED_ATTEMPT.test(String(error))) exceptions.add(String(error))
  })
  return page
}

function expectExact(report: TransferReport, digest: string): void {
  expect(report).toMatchObject({
    exact: true,
    mode: 'repair',
    sha256: digest,
    packetsLost: report.packetsSent - report.packetsReceived,
  })
}
