import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { shareOfPixels } from '@/e2e/fixtures/compare-pixels'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { generatePhotos, WHOLE } from '@/e2e/photos/generate'

const folder = await generatePhotos()

test('Classic at 5 % loss: four fifths of a 2 MB photo and more are as they were, the holes are hatched, and Repair fills them', async ({
  openReceiver,
  openSender,
}) => {
  const path = join(folder, WHOLE.large)
  const receiver = await openReceiver({}, { seam: { seed: 7, dropData: 0.05 } })
  const sender = await openSender(await receiver.code(), { mode: 'classic' })
  await sender.sendPicture(path)

  const report = await receiver.report()
  expect(report.packetsLost).toBeGreaterThan(50)
  const image = receiver.images.first()
  await expect(image).toHaveAttribute('data-complete', 'false')
  await expect.poll(async () => Number(await image.getAttribute('data-shown-percent'))).toBeGreaterThan(80)
  const shownPercent = Number(await image.getAttribute('data-shown-percent'))
  const share = await shareOfPixels(image, path)
  expect(100 * share).toBeGreaterThanOrEqual(80)
  // What lies beside a hole may differ a little where colours are stored at half the size.
  expect(Math.abs(100 * share - shownPercent)).toBeLessThan(6)
  await test.info().attach('holes', { body: await receiver.page.screenshot(), contentType: 'image/png' })
  expect((await receiver.save()).sha256).toBe(report.sha256)

  await receiver.repair.click()
  await receiver.expectState('done', null)
  await expect(image).toHaveAttribute('data-shown-percent', '100')
  await expect(image).toHaveAttribute('data-sha256', sha256(readFileSync(path)))
  expect(await shareOfPixels(image, path)).toBe(1)
})

for (const orientation of [3, 6, 8] as const) {
  test(`a photo stored with orientation ${orientation} is shown upright with its holes`, async ({
    openReceiver,
    openSender,
  }) => {
    const path = join(folder, WHOLE[`orientation${orientation}`])
    const receiver = await openReceiver({}, { seam: { seed: 3, dropData: 0.05 } })
    const sender = await openSender(await receiver.code(), { mode: 'classic' })
    await sender.sendPicture(path)
    await receiver.report()
    const image = receiver.images.first()
    await expect.poll(async () => Number(await image.getAttribute('data-shown-percent'))).toBeGreaterThan(75)
    expect(await shareOfPixels(image, path)).toBeGreaterThan(0.75)
  })
}

for (const mode of ['classic', 'repair'] as const) {
  test(`${mode}: a preview is on the screen while the picture is still under way, and the report says since when`, async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), { mode }, { seam: { stallAfter: 200 } })
    await sender.sendPicture(join(folder, WHOLE.large))
    const preview = receiver.preview
    await expect(preview).toHaveAttribute('data-at-ms', /^\d{13}/)
    await expect(preview).toBeVisible()
    expect(await preview.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeLessThanOrEqual(160)
    const atMs = Number(await preview.getAttribute('data-at-ms'))
    await sender.device.seam.release()
    const report = await receiver.report()
    expect(report.previewAtMs).toBe(atMs)
    expect(atMs).toBeGreaterThanOrEqual(report.startedAtMs)
    expect(atMs).toBeLessThan(report.completedAtMs)
    expect(await sender.report()).toEqual(report)
  })
}

for (const photo of [WHOLE.alpha, WHOLE.webp, WHOLE.medium]) {
  test(`${photo}: without places to begin the preview stays, and Repair makes it whole`, async ({
    openReceiver,
    openSender,
  }) => {
    const path = join(folder, photo)
    const receiver = await openReceiver({}, { seam: { seed: 5, dropData: 0.3 } })
    const sender = await openSender(await receiver.code(), { mode: 'classic' })
    await sender.sendPicture(path)
    await receiver.expectState('incomplete', 'SHOAL_INCOMPLETE')
    await expect(receiver.preview).toHaveAttribute('data-at-ms', /^\d{13}/)
    const image = receiver.images.first()
    await expect(image).not.toHaveAttribute('data-shown-percent')
    await receiver.repair.click()
    await receiver.expectState('done', null)
    await expect(image).toHaveAttribute('data-shown-percent', '100')
    await expect(image).toHaveAttribute('data-sha256', sha256(readFileSync(path)))
  })
}

test('a photo that was compressed here can be shown with holes too', async ({ openReceiver, openSender }) => {
  const receiver = await openReceiver({}, { seam: { seed: 9, dropData: 0.05 } })
  const sender = await openSender(await receiver.code(), { mode: 'classic', compress: undefined })
  await sender.sendPicture(join(folder, WHOLE.large))
  const report = await receiver.report()
  expect(report.packetsLost).toBeGreaterThan(0)
  const image = receiver.images.first()
  await expect.poll(async () => Number(await image.getAttribute('data-shown-percent'))).toBeGreaterThan(75)
})
