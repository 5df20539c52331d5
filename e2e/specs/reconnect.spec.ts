import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { PACKET } from '@/e2e/fixtures/channel-seam'
import { sha256 } from '@/e2e/fixtures/people'
import type { Receiver, Sender } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
const PACKETS_WHILE_AWAY = 600

test('the server is killed and started again in the middle of a transfer', async ({
  startServer,
  openReceiver,
  openSender,
  complaints,
}) => {
  // What a browser itself writes about a server that is not there.
  complaints.allow(/WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED|Failed to load resource/)
  const server = await startServer()
  const device = { baseURL: server.origin }
  const large = readFileSync(join(folder, WHOLE.large))
  const receiver = await openReceiver({}, device)
  const code = await receiver.code()
  const sender = await openSender(code, {}, { ...device, seam: { stallAfter: PACKETS_WHILE_AWAY } })
  await sender.sendPicture(join(folder, WHOLE.large))
  await sender.device.seam.untilStalled()

  await test.step('both pages say that they reconnect, and packets go on meanwhile', async () => {
    await server.kill()
    await expectReconnecting(receiver, sender)
    const before = await arrivedAt(receiver)
    await sender.device.seam.release(PACKETS_WHILE_AWAY)
    await sender.device.seam.untilStalled()
    await expect.poll(() => arrivedAt(receiver)).toBeGreaterThan(before + 0.9 * PACKETS_WHILE_AWAY)
    await expectReconnecting(receiver, sender)
    await receiver.expectState('receiving')
  })

  await test.step('the pages come back to the same room, and the transfer goes on to the end', async () => {
    await server.start()
    for (const { page } of [receiver, sender])
      await expect(reconnecting(page)).toBeHidden({ timeout: 20_000 })
    await receiver.expectState('receiving')
    await sender.device.seam.release()
    const report = await receiver.report()
    expect(await sender.report()).toEqual(report)
    expect(report).toMatchObject({ exact: true, sha256: sha256(large) })
    expect(await receiver.code()).toBe(code)
    await receiver.expectPeers(1)
    await sender.expectPeers(1)
  })

  await test.step('a newcomer joins by the same code and sends, and so does who was there before', async () => {
    const newcomer = await openSender(code, { name: 'CLARA' }, device)
    await receiver.expectPeers(2)
    await newcomer.sendPicture(join(folder, WHOLE.medium))
    const report = await receiver.report(2)
    expect(await newcomer.report()).toEqual(report)
    expect((await receiver.save()).sha256).toBe(sha256(readFileSync(join(folder, WHOLE.medium))))
    await sender.sendPicture(join(folder, WHOLE.small))
    expect((await receiver.report(3)).sha256).toBe(sha256(readFileSync(join(folder, WHOLE.small))))
  })
})

test('a newcomer joins by the same code as soon as the server is back', async ({
  startServer,
  openReceiver,
  openSender,
  complaints,
}) => {
  complaints.allow(/WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED|Failed to load resource/)
  // It may be gone so early that not every worker of the page has its script.
  complaints.allow(/importScripts/)
  const server = await startServer()
  const device = { baseURL: server.origin }
  const receiver = await openReceiver({}, device)
  const code = await receiver.code()
  await server.kill()
  await expect(reconnecting(receiver.page)).toBeVisible()
  await server.start()
  const sender = await openSender(code, {}, device)
  await sender.sendPicture(join(folder, WHOLE.small))
  expect((await receiver.report()).exact).toBe(true)
})

test('a receiver that reloads keeps its room; what is sent afterwards arrives', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const code = await receiver.code()
  const sender = await openSender(code)
  await sender.sendPicture(join(folder, WHOLE.small))
  await receiver.report()
  await receiver.page.reload()
  await receiver.expectState('ready')
  expect(await receiver.code()).toBe(code)
  await receiver.expectPeers(1)
  await sender.expectPeers(1)
  await sender.sendPicture(join(folder, WHOLE.medium))
  expect((await receiver.report(2)).sha256).toBe(sha256(readFileSync(join(folder, WHOLE.medium))))
})

async function arrivedAt(receiver: Receiver): Promise<number> {
  return (await receiver.device.seam.counts()).arrived[PACKET.data] ?? 0
}

async function expectReconnecting(receiver: Receiver, sender: Sender): Promise<void> {
  for (const { page } of [receiver, sender]) await expect(reconnecting(page)).toBeVisible()
}

function reconnecting(page: Receiver['page']): ReturnType<Receiver['page']['getByText']> {
  return page.getByText('Reconnecting to the server…')
}
