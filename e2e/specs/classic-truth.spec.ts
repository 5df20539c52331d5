import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { PACKET } from '@/e2e/fixtures/channel-seam'
import type { ChannelSeam } from '@/e2e/fixtures/channel-seam'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { CHUNK_BYTES } from '@/lib/protocol/constants'
import type { TransferReport } from '@/lib/protocol/report'

const folder = await generatePhotos()
/** Enough of a JPEG that a browser knows its size and shows its upper rows. */
const SPARE_CHUNKS = 24

for (const { percent, seed, photo } of [
  { percent: 0, seed: 1, photo: WHOLE.small },
  { percent: 5, seed: 2, photo: WHOLE.large },
  { percent: 20, seed: 3, photo: WHOLE.medium },
]) {
  test(`Classic with ${percent} % dropped at the receiver: both reports say exactly what came, and Repair makes it exact`, async ({
    openReceiver,
    openSender,
  }) => {
    const path = join(folder, photo)
    const original = readFileSync(path)
    const seam = { seed, dropData: percent / 100, spareChunks: SPARE_CHUNKS }
    const receiver = await openReceiver({}, { seam })
    const sender = await openSender(await receiver.code(), { mode: 'classic' })
    await sender.sendPicture(path)

    const report = await receiver.report()
    expect(await sender.report()).toEqual(report)
    await expectTruth(report, receiver.device.seam)
    expect(report.packetsSent).toBe(Math.ceil(original.length / CHUNK_BYTES))
    expect(report.packetsSent).toBe((await sender.device.seam.counts()).sent[PACKET.data])
    expect(report).toMatchObject({ mode: 'classic', repaired: 0, repairRounds: 0, duplicates: 0 })
    const percentLost = (100 * report.packetsLost) / report.packetsSent
    expect(report.lossPercent).toBeCloseTo(percentLost, 9)
    expect(report.successPercent).toBeCloseTo(100 - percentLost, 9)
    expect(report.exact).toBe(report.packetsLost === 0)
    if (percent > 0) expect(report.packetsLost).toBeGreaterThan(0)

    const saved = await receiver.save()
    expect(saved.sha256).toBe(report.sha256)
    expect(holesIn(saved.bytes, original)).toBe(report.packetsLost)
    const image = receiver.images.first()
    await expect(image).toHaveAttribute('data-sha256', report.sha256)
    await expect(image).toHaveAttribute('data-complete', String(report.packetsLost === 0))
    await expect
      .poll(() => image.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]))
      .toEqual([report.width, report.height])
    if (report.packetsLost === 0) return

    await receiver.expectState('incomplete', 'SHOAL_INCOMPLETE')
    await sender.expectState('incomplete', 'SHOAL_INCOMPLETE')
    await expect(receiver.page.getByText('Incomplete', { exact: true })).toBeVisible()
    await receiver.repair.click()
    await receiver.expectState('done', null)
    await sender.expectState('done', null)
    const repaired = await receiver.report()
    expect(await sender.report()).toEqual(repaired)
    await expectTruth(repaired, receiver.device.seam)
    expect(repaired.repaired).toBe(report.packetsLost)
    expect(repaired.repairRounds).toBeGreaterThan(0)
    expect(repaired.packetsSent).toBe((await sender.device.seam.counts()).sent[PACKET.data])
    await expect(image).toHaveAttribute('data-complete', 'true')
    await expect(image).toHaveAttribute('data-sha256', sha256(original))
    expect((await receiver.save()).bytes.equals(original)).toBe(true)
  })
}

/** What the report counts as received is what the channel delivered, less what the seam then dropped. */
async function expectTruth(report: TransferReport, seam: ChannelSeam): Promise<void> {
  const { arrived, dropped } = await seam.counts()
  const passed = (arrived[PACKET.data] ?? 0) - (dropped[PACKET.data] ?? 0)
  expect(report.packetsReceived + report.lateAfterFreeze).toBe(passed)
  expect(report.packetsLost).toBe(report.packetsSent - report.packetsReceived)
}

/** Chunks that are not the original's; each of them must be empty. */
function holesIn(held: Buffer, original: Buffer): number {
  expect(held).toHaveLength(original.length)
  let holes = 0
  for (let at = 0; at < original.length; at += CHUNK_BYTES) {
    const chunk = held.subarray(at, at + CHUNK_BYTES)
    if (chunk.equals(original.subarray(at, at + CHUNK_BYTES))) continue
    expect(chunk.every((byte) => byte === 0)).toBe(true)
    holes++
  }
  return holes
}
