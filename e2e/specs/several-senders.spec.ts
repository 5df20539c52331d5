import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { sha256 } from '@/e2e/fixtures/people'
import type { Receiver, SavedFile } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
/** All of them are in the middle of their picture when the first may go on. */
const seam = { stallAfter: 20 }

test('three senders at once, each with a picture of its own: all arrive exactly, told apart', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const code = await receiver.code()
  const photos = { BEN: WHOLE.small, CLARA: WHOLE.medium, DORA: WHOLE.alpha }
  const senders = []
  for (const [name, photo] of Object.entries(photos)) {
    senders.push({ photo, sender: await openSender(code, { name }, { seam }) })
  }
  await receiver.expectPeers(3)
  await Promise.all(senders.map(({ sender, photo }) => sender.sendPicture(join(folder, photo))))
  await Promise.all(senders.map(({ sender }) => sender.device.seam.untilStalled()))
  await expect(receiver.reports).toHaveCount(3)
  await expect(receiver.finalReports).toHaveCount(0)
  await Promise.all(senders.map(({ sender }) => sender.device.seam.release()))

  await receiver.report(3)
  for (const { sender, photo } of senders) {
    const report = await sender.report()
    expect(await receiver.reportOf(report.transferId)).toEqual(report)
    expect(report).toMatchObject({ name: photo, sha256: digestOf(photo), exact: true })
    await sender.expectState('done', null)
  }
  const saved = await saveAll(receiver, 3)
  expect(saved.map(({ sha256: digest }) => digest).sort()).toEqual(Object.values(photos).map(digestOf).sort())
  expect(saved.map(({ name }) => name).sort()).toEqual([
    'received_image_BEN.jpg',
    'received_image_CLARA.jpg',
    'received_image_DORA.png',
  ])
})

test('one sender to two receivers: both hold the whole picture', async ({ openReceiver, openSender }) => {
  const anna = await openReceiver()
  const code = await anna.code()
  const emil = await openReceiver({ name: 'EMIL', room: code })
  expect(await emil.code()).toBe(code)
  const sender = await openSender(code, { receivers: 2 })
  await sender.sendPicture(join(folder, WHOLE.medium))
  await sender.report(2)
  for (const receiver of [anna, emil]) {
    const report = await receiver.report()
    expect(await sender.reportOf(report.transferId)).toEqual(report)
    expect((await receiver.save()).sha256).toBe(digestOf(WHOLE.medium))
  }
  await sender.expectState('done', null)
})

test('two pictures at once from one sender do not disturb each other', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code(), {}, { seam })
  await sender.sendPicture(join(folder, WHOLE.medium))
  await sender.device.seam.untilStalled()
  await sender.sendPicture(join(folder, WHOLE.small))
  await expect(receiver.reports).toHaveCount(2)
  await expect(receiver.finalReports).toHaveCount(0)
  await sender.device.seam.release()

  await receiver.report(2)
  await sender.report(2)
  const saved = await saveAll(receiver, 2)
  expect(saved.map(({ sha256: digest }) => digest)).toEqual([digestOf(WHOLE.small), digestOf(WHOLE.medium)])
})

async function saveAll(receiver: Receiver, count: number): Promise<SavedFile[]> {
  const saved = []
  for (let index = 0; index < count; index++) saved.push(await receiver.save(index))
  return saved
}

function digestOf(photo: string): string {
  return sha256(readFileSync(join(folder, photo)))
}
