import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

import sharp from 'sharp'

import { pictureOf } from '@/e2e/photos/photo-like'
import { photos } from '@/e2e/photos/photos'
import { sha256 } from '@/e2e/fixtures/people'
import type { Receiver, Sender } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { CHUNK_BYTES } from '@/lib/protocol/constants'

const PICTURES_PER_ROOM = 4
const HEAVY_BYTES = 10_000_000
const COPY_WIDTH = 2560
/** Two pages of one machine read the same clock, but each rounds it in its own way. */
const CLOCKS_APART_MS = 100

const { source, whole } = await photos()

for (const [room, paths] of inGroups(whole, PICTURES_PER_ROOM).entries()) {
  test(`whole photos arrive byte for byte, several in a row on one connection: ${source}, room ${room + 1}`, async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code())
    for (const [index, path] of paths.entries()) {
      await test.step(basename(path), () => expectExact(sender, receiver, path, index + 1))
    }
  })
}

for (const { title, chunks, draw } of [
  { title: 'one pixel, in one short chunk', chunks: 1, draw: () => onePixel() },
  { title: 'exactly three full chunks', chunks: 3, draw: () => jpegOf(3 * CHUNK_BYTES) },
]) {
  for (const mode of ['repair', 'classic'] as const) {
    test(`a picture of ${title} arrives whole in ${mode}`, async ({ openReceiver, openSender }, testInfo) => {
      const bytes = await draw()
      const path = testInfo.outputPath('smallest')
      writeFileSync(path, bytes)
      const receiver = await openReceiver()
      const sender = await openSender(await receiver.code(), { mode })
      await sender.sendPicture(path)
      const report = await receiver.report()
      expect(await sender.report()).toEqual(report)
      expect(report).toMatchObject({ exact: true, bytes: bytes.length, packetsSent: chunks, mode })
      expect((await receiver.save()).bytes.equals(bytes)).toBe(true)
    })
  }
}

test('a heavy photo is shown by a copy drawn for the screen, and saved byte for byte', async ({
  openReceiver,
  openSender,
}, testInfo) => {
  const path = testInfo.outputPath('heavy.jpg')
  const original = await pictureOf(HEAVY_BYTES, 1)
  writeFileSync(path, original)
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code())
  await sender.sendPicture(path)
  const report = await receiver.report()
  expect(report).toMatchObject({ exact: true, bytes: HEAVY_BYTES })
  const image = receiver.images.first()
  await expect(image).toHaveAttribute('data-complete', 'true')
  await expect(image).toHaveAttribute('data-sha256', sha256(original))
  const widthShown = () => image.evaluate((img: HTMLImageElement) => img.naturalWidth)
  await expect.poll(widthShown).toBe(Math.min(report.width, COPY_WIDTH))
  await expect(receiver.page.getByText('Shown as a lighter copy')).toBeVisible()
  const saved = await receiver.save()
  expect(saved.bytes.equals(original)).toBe(true)
})

async function expectExact(sender: Sender, receiver: Receiver, path: string, count: number): Promise<void> {
  const original = readFileSync(path)
  await sender.sendPicture(path)
  const report = await receiver.report(count)
  expect(await sender.report(count)).toEqual(report)
  expect(report).toMatchObject({
    name: basename(path),
    bytes: original.length,
    sha256: sha256(original),
    exact: true,
    mode: 'repair',
    packetsLost: report.packetsSent - report.packetsReceived,
  })
  expect(report.packetsReceived).toBeGreaterThanOrEqual(Math.ceil(original.length / CHUNK_BYTES))
  expect(report.firstPacketAtMs).toBeGreaterThan(report.startedAtMs - CLOCKS_APART_MS)
  expect(report.completedAtMs).toBeGreaterThanOrEqual(report.firstPacketAtMs)
  const spanMs = Math.max(1, report.completedAtMs - report.firstPacketAtMs)
  expect(report.goodputBytesPerSecond).toBeCloseTo((original.length * 1000) / spanMs, 3)

  await sender.expectState('done', null)
  await expect(sender.status).toHaveText('Image sent successfully!')
  await receiver.expectState('done', null)
  const image = receiver.images.first()
  await expect(image).toHaveAttribute('data-transfer-id', report.transferId)
  await expect(image).toHaveAttribute('data-sha256', sha256(original))
  await expect(image).toHaveAttribute('data-complete', 'true')
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(report.width)

  const saved = await receiver.save()
  expect(saved.bytes.equals(original)).toBe(true)
  expect(saved.name).toBe(`received_image_BEN${/\.[a-z]+$/i.exec(path)?.[0].toLowerCase() ?? ''}`)
}

function onePixel(): Promise<Buffer> {
  return sharp({ create: { width: 1, height: 1, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
}

/** A whole JPEG of this many bytes: the rest is a comment. */
async function jpegOf(bytes: number): Promise<Buffer> {
  const picture = await sharp({ create: { width: 32, height: 32, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer()
  const comment = Buffer.alloc(bytes - picture.length)
  comment.writeUInt16BE(0xfffe, 0)
  comment.writeUInt16BE(comment.length - 2, 2)
  return Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)])
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  )
}
