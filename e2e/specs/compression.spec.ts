import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import sharp from 'sharp'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { SUN } from '@/e2e/photos/scene'
import { sha256 } from '@/e2e/fixtures/people'
import { pixelsOf } from '@/e2e/fixtures/pixels'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
const SUN_SKY_HILLS = [
  { x: SUN.x, y: SUN.y },
  { x: 0.9, y: 0.05 },
  { x: 0.5, y: 0.97 },
]
const SUN_AND_OPPOSITE = [
  { x: SUN.x, y: SUN.y },
  { x: 1 - SUN.x, y: 1 - SUN.y },
]

test('a large photo is made smaller before it is sent, and both sides see what it became', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code(), { compress: undefined })
  const original = readFileSync(join(folder, WHOLE.large))
  await sender.sendPicture(join(folder, WHOLE.large))
  const report = await receiver.report()
  expect(await sender.report()).toEqual(report)
  expect(report.exact).toBe(true)
  expect(report.bytes).toBeLessThan(original.length)
  expect(report).toMatchObject({ width: 2048, height: 1536 })
  const saved = await receiver.save()
  expect(saved.bytes).toHaveLength(report.bytes)
  expect(await sharp(saved.bytes).metadata()).toMatchObject({ width: 2048, height: 1536 })
})

test('the result is never larger than the file: one that cannot be made smaller goes as it is', async ({
  openReceiver,
  openSender,
}, testInfo) => {
  const squeezed = testInfo.outputPath('squeezed.jpg')
  await sharp(join(folder, WHOLE.small)).jpeg({ quality: 8 }).toFile(squeezed)
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code(), { compress: undefined })
  await sender.sendPicture(squeezed)
  const report = await receiver.report()
  expect(report.sha256).toBe(sha256(readFileSync(squeezed)))
})

for (const compress of [undefined, 'off'] as const) {
  const way = compress === 'off' ? 'untouched as original' : 'compressed'

  test(`photos with EXIF orientation 1, 3, 6 and 8, ${way}, are upright once`, async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), { compress })
    for (const [index, orientation] of ([1, 3, 6, 8] as const).entries()) {
      await test.step(`orientation ${orientation}`, async () => {
        const path = join(folder, WHOLE[`orientation${orientation}`])
        await sender.sendPicture(path)
        const report = await receiver.report(index + 1)
        expect(report).toMatchObject({ exact: true, width: 900, height: 600 })
        const image = receiver.images.first()
        const [sun, opposite] = await pixelsOf(image, SUN_AND_OPPOSITE)
        expect(sun?.red).toBeGreaterThan(220)
        expect(opposite?.red).toBeLessThan(140)
        const shown = await image.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])
        expect(shown).toEqual([900, 600])
        const original = readFileSync(path)
        const saved = await receiver.save()
        if (compress === 'off') expect(saved.bytes.equals(original)).toBe(true)
        else expect(saved.bytes.length).toBeLessThan(original.length)
      })
    }
  })

  test(`a PNG with transparency, ${way}, keeps it`, async ({ openReceiver, openSender }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), { compress })
    await sender.sendPicture(join(folder, WHOLE.alpha))
    expect((await receiver.report()).exact).toBe(true)
    const pixels = await pixelsOf(receiver.images.first(), SUN_SKY_HILLS)
    expect(pixels.map(({ alpha }) => alpha)).toEqual([255, 0, 255])
  })
}
