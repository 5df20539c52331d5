import { join } from 'node:path'

import type { Locator, Page } from '@playwright/test'

import { BAD, generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { expect, test } from '@/e2e/fixtures/test'
import { ERROR_CATALOGUE } from '@/lib/protocol/errors'
import { NAME_MAX_CHARS } from '@/lib/signalling/name'

const folder = await generatePhotos()
const PHONE = { width: 390, height: 844 }
const PHONE_TURNED = { width: 844, height: 390 }
const NARROW = { width: 320, height: 640 }
const STALL_AFTER = 400

test('what to do about a file that cannot be sent is read without scrolling', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code())
  await sender.pickImage.setInputFiles(join(folder, BAD.text))
  await sender.expectState('failed', 'SHOAL_NOT_AN_IMAGE')
  const nextStep = sender.page.getByText(ERROR_CATALOGUE.SHOAL_NOT_AN_IMAGE.nextStep)
  await expect.poll(async () => (await bottomOf(nextStep)) < (await topOf(sender.send))).toBe(true)
})

test('a phone that is turned while it receives loses nothing, and nothing runs over its edge', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver({}, { viewport: PHONE })
  const sender = await openSender(await receiver.code(), {}, { seam: { stallAfter: STALL_AFTER } })
  await sender.sendPicture(join(folder, WHOLE.large))
  await sender.device.seam.untilStalled()
  await receiver.expectState('receiving')
  for (const viewport of [PHONE_TURNED, PHONE]) {
    for (const { page } of [receiver, sender]) {
      await page.setViewportSize(viewport)
      await expectNothingCut(page)
    }
  }
  const stream = receiver.page.getByRole('log')
  await expect
    .poll(() => stream.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))
    .toBeLessThanOrEqual(0)
  await sender.device.seam.release()
  expect((await receiver.report()).exact).toBe(true)
  await expectNothingCut(receiver.page)
})

test('the longest names that may be taken stay inside the narrowest phone', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver({ name: 'W'.repeat(NAME_MAX_CHARS) }, { viewport: NARROW })
  const code = await receiver.code()
  await openReceiver({ name: 'Q'.repeat(NAME_MAX_CHARS), room: code }, { viewport: NARROW })
  const sender = await openSender(
    code,
    { name: 'M'.repeat(NAME_MAX_CHARS), receivers: 2 },
    { viewport: NARROW },
  )
  for (const { page } of [receiver, sender]) await expectNothingCut(page)
  await sender.sendPicture(join(folder, WHOLE.small))
  await receiver.report()
  await sender.report(2)
  for (const { page } of [receiver, sender]) await expectNothingCut(page)
})

test('holes are shown by the picture and the bar alone, in the colours of day and night', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver(
    {},
    { viewport: PHONE, colorScheme: 'light', seam: { seed: 3, dropData: 0.1, spareChunks: 24 } },
  )
  const sender = await openSender(await receiver.code(), { mode: 'classic' })
  await sender.sendPicture(join(folder, WHOLE.medium))
  await receiver.expectState('incomplete')
  const image = receiver.images.first()
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  await expect(receiver.page.getByText('too early to see anything')).toHaveCount(0)

  const bar = receiver.page.locator('canvas')
  await expect.poll(() => firstPixelIsInTextColour(bar)).toBe(true)
  const byDay = await bar.evaluate((canvas) => getComputedStyle(canvas).color)
  await receiver.page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(() => bar.evaluate((canvas) => getComputedStyle(canvas).color)).not.toBe(byDay)
  await expect.poll(() => firstPixelIsInTextColour(bar)).toBe(true)
})

async function topOf(element: Locator): Promise<number> {
  return (await element.boundingBox())?.y ?? NaN
}

async function bottomOf(element: Locator): Promise<number> {
  const box = await element.boundingBox()
  return box ? box.y + box.height : NaN
}

async function expectNothingCut(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
}

/** The beginning of the picture is there, so the bar begins with its full colour. */
function firstPixelIsInTextColour(bar: Locator): Promise<boolean> {
  return bar.evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d')
    const swatch = document.createElement('canvas').getContext('2d')
    if (!context || !swatch) return false
    swatch.fillStyle = getComputedStyle(canvas).color
    swatch.fillRect(0, 0, 1, 1)
    const [here, wanted] = [context, swatch].map((each) => [...each.getImageData(0, 0, 1, 1).data])
    return String(here) === String(wanted)
  })
}
