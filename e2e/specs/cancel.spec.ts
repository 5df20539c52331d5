import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { Sender, sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
const STALL_AFTER = 100

for (const { who, code } of [
  { who: 'sender', code: 'SHOAL_CANCELLED_BY_SENDER' },
  { who: 'receiver', code: 'SHOAL_CANCELLED_BY_RECEIVER' },
] as const) {
  test(`the ${who} cancels in the middle: both see it, no packet follows, and the next picture goes through`, async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), {}, { seam: { stallAfter: STALL_AFTER } })
    const { seam } = sender.device
    await sender.sendPicture(join(folder, WHOLE.large))
    await seam.untilStalled()
    await receiver.expectState('receiving')
    for (const { page } of [sender, receiver]) await expect(page).toHaveTitle(/^\d+\s% · Shoal$/)
    const transferId = (await receiver.reports.first().getAttribute('data-transfer-id')) ?? ''

    await (who === 'sender' ? sender : receiver).cancel.click()
    await sender.expectState('cancelled', code)
    await receiver.expectState('cancelled', code)
    await expect(sender.cancel).toBeDisabled()
    await expect(receiver.cancel).toBeDisabled()
    await expect(sender.page).toHaveTitle('Send · Shoal')
    await expect(receiver.page).toHaveTitle('Receive · Shoal')

    await seam.release()
    await sender.sendPicture(join(folder, WHOLE.medium))
    const report = await receiver.report()
    expect(await sender.report()).toEqual(report)
    expect(report.transferId).not.toBe(transferId)
    expect((await receiver.save()).sha256).toBe(sha256(readFileSync(join(folder, WHOLE.medium))))
    await sender.expectState('done', null)
    await receiver.expectState('done', null)
    const { sentByTransfer } = await seam.counts()
    expect(sentByTransfer[transferId]).toBe(STALL_AFTER)
    await expect(receiver.reports).toHaveCount(2)
  })
}

test('one of two receivers cancels: the other one still gets the whole picture', async ({
  openReceiver,
  openSender,
}) => {
  const anna = await openReceiver()
  const code = await anna.code()
  const emil = await openReceiver({ name: 'EMIL', room: code })
  const sender = await openSender(code, { receivers: 2 }, { seam: { stallAfter: STALL_AFTER } })
  await sender.sendPicture(join(folder, WHOLE.large))
  await sender.device.seam.untilStalled()
  await anna.expectState('receiving')
  await anna.cancel.click()
  await anna.expectState('cancelled', 'SHOAL_CANCELLED_BY_RECEIVER')
  await sender.device.seam.release()
  expect((await emil.report()).sha256).toBe(sha256(readFileSync(join(folder, WHOLE.large))))
  await emil.expectState('done', null)
  // The sender's page names the worst end of the two.
  await sender.expectState('cancelled', 'SHOAL_CANCELLED_BY_RECEIVER')
})

test('a press on Send that still waits for a receiver can be taken back', async ({
  openDevice,
  openReceiver,
}) => {
  const receiver = await openReceiver()
  const code = await receiver.code()
  const sender = new Sender(await openDevice())
  await sender.open({ compress: 'off' })
  await sender.sendPicture(join(folder, WHOLE.small))
  await sender.cancel.click()
  await expect(sender.cancel).toBeDisabled()
  await sender.page.getByLabel('Room code').fill(code)
  await sender.page.getByRole('button', { name: 'Join' }).click()
  await sender.expectPeers(1)
  await sender.expectState('ready', null)
  await expect(receiver.reports).toHaveCount(0)
})
