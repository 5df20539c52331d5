import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { Receiver, sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { CHUNK_BYTES } from '@/lib/protocol/constants'

const folder = await generatePhotos()
const path = join(folder, WHOLE.large)
const original = readFileSync(path)
const HALF = Math.floor(original.length / CHUNK_BYTES / 2)

test('the receiver closes its tab at 50 %: the sender is told, keeps the picture, and sends it to the next one', async ({
  openReceiver,
  openSender,
}) => {
  const anna = await openReceiver()
  const code = await anna.code()
  const sender = await openSender(code, {}, { seam: { stallAfter: HALF } })
  await sender.sendPicture(path)
  await sender.device.seam.untilStalled()
  await anna.page.close()
  await sender.expectState('failed', 'SHOAL_PEER_GONE')
  await expect(sender.status).toContainText('Error sending image')
  await sender.expectPeers(0)

  await sender.device.seam.release()
  const emil = await openReceiver({ name: 'EMIL', room: code })
  await sender.expectPeers(1)
  await sender.send.click()
  expect((await emil.report()).sha256).toBe(sha256(original))
})

test('the sender closes its tab at 50 %: the receiver keeps what is intact, says that it is incomplete, and listens on', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const code = await receiver.code()
  const sender = await openSender(code, {}, { seam: { stallAfter: HALF } })
  await sender.sendPicture(path)
  await sender.device.seam.untilStalled()
  await receiver.expectState('receiving')
  await sender.page.close()

  await receiver.expectState('incomplete', 'SHOAL_PEER_GONE')
  const report = await receiver.report()
  expect(report).toMatchObject({ exact: false, bytes: original.length })
  expect(report.packetsReceived).toBeGreaterThan(0)
  const image = receiver.images.first()
  await expect(image).toHaveAttribute('data-complete', 'false')
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(report.width)
  expect((await receiver.save()).sha256).toBe(report.sha256)
  await expect(receiver.repair).toBeDisabled()

  const next = await openSender(code, { name: 'CLARA' })
  await next.sendPicture(join(folder, WHOLE.small))
  expect((await receiver.report(2)).exact).toBe(true)
})

test('a receiver that is gone is named; a press on Send waits until one is back', async ({
  openReceiver,
  openSender,
  openDevice,
}) => {
  const anna = await openReceiver()
  const code = await anna.code()
  const sender = await openSender(code)
  await anna.page.close()
  await sender.expectPeers(0)
  await expect(sender.status).toHaveAttribute('data-state', 'connecting')
  await sender.sendPicture(join(folder, WHOLE.small))
  await expect(sender.status).toHaveText('Will be sent as soon as a receiver is connected.')
  const emil = new Receiver(await openDevice())
  // What waits sets out at once: `ready` may be over before anyone can see it.
  await emil.page.goto(`/receive?name=EMIL&room=${code}`)
  expect((await emil.report()).exact).toBe(true)
})

for (const who of ['sender', 'receiver'] as const) {
  test(`the ${who} reloads at 50 %: the other side is told, both find each other again, and the next try arrives`, async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), {}, { seam: { stallAfter: HALF } })
    await sender.sendPicture(path)
    await sender.device.seam.untilStalled()
    await receiver.expectState('receiving')
    await (who === 'sender' ? sender : receiver).page.reload()
    if (who === 'sender') await receiver.expectState('incomplete', 'SHOAL_PEER_GONE')
    else await sender.expectState('failed', 'SHOAL_PEER_GONE')
    await receiver.expectPeers(1)
    await sender.expectPeers(1)
    await sender.device.seam.release()
    if (who === 'sender') await sender.pickImage.setInputFiles(path)
    await sender.send.click()
    expect((await receiver.report(who === 'sender' ? 2 : 1)).sha256).toBe(sha256(original))
    await sender.expectState('done', null)
  })
}

test('the sender leaves by its button and comes back by the code', async ({ openReceiver, openSender }) => {
  const receiver = await openReceiver()
  const code = await receiver.code()
  const sender = await openSender(code)
  await sender.page.getByRole('button', { name: 'Leave' }).click()
  await receiver.expectPeers(0)
  await sender.expectState('idle')
  await sender.page.getByLabel('Room code').fill(code)
  await sender.page.getByRole('button', { name: 'Join' }).click()
  await sender.expectPeers(1)
  await sender.sendPicture(join(folder, WHOLE.small))
  expect((await receiver.report()).exact).toBe(true)
})
