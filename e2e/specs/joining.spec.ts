import { expect, test } from '@/e2e/fixtures/test'
import { Receiver, Sender } from '@/e2e/fixtures/people'

test('the link carries an address of the network, never localhost, and opening it joins the room', async ({
  openReceiver,
  openDevice,
  server,
}) => {
  const receiver = await openReceiver()
  const link = receiver.page.getByTestId('room-link')
  test.info().annotations.push({ type: 'network address', description: server.lanOrigin ?? 'none' })
  if (server.lanOrigin === null) {
    await expect(link).not.toHaveAttribute('href')
    await expect(receiver.page.getByText('No other device can reach this computer.')).toBeVisible()
    return
  }
  await expect(link).toHaveAttribute('href', /^http/)
  const href = new URL((await link.getAttribute('href')) ?? '')
  expect(href.hostname).not.toMatch(/^(localhost|127\.|\[::1\])/)
  expect(href.port).toBe(String(server.port))
  expect(href.searchParams.get('room')).toBe(await receiver.code())
  await expect(receiver.page.getByRole('img', { name: `QR code of ${href.href}` })).toBeVisible()

  const sender = new Sender(await openDevice())
  await sender.page.goto(href.href)
  await sender.expectPeers(1)
  await expect(sender.status).toHaveText('Connected to ANNA.')
  await receiver.expectPeers(1)
})

for (const spelling of [
  { title: 'as it is shown', of: (code: string) => code },
  { title: 'in small letters with a space', of: (code: string) => code.toLowerCase().replace('-', ' ') },
]) {
  test(`a code typed on the first page ${spelling.title} joins the room`, async ({
    openReceiver,
    openDevice,
  }) => {
    const receiver = await openReceiver()
    const { page, ...device } = await openDevice()
    await page.goto('/')
    await page.getByLabel('Got a code from another screen?').fill(spelling.of(await receiver.code()))
    await page.getByRole('button', { name: 'Join' }).click()
    await new Sender({ page, ...device }).expectPeers(1)
  })
}

test('a code and a name typed on /send join the room under that name', async ({
  openReceiver,
  openDevice,
}) => {
  const receiver = await openReceiver()
  const sender = new Sender(await openDevice())
  await sender.page.goto('/send')
  await sender.expectState('idle', null)
  await sender.page.getByLabel('Room code').fill(await receiver.code())
  await sender.page.getByLabel('Your name').fill('CLARA')
  await sender.page.getByRole('button', { name: 'Join' }).click()
  await sender.expectPeers(1)
  await receiver.expectPeers(1)
  await expect(receiver.status).toHaveText('Listening. Connected to CLARA.')
})

test('/receive opens a room at one press, and the device remembers the name', async ({ openDevice }) => {
  const device = await openDevice()
  const receiver = new Receiver(device)
  await receiver.page.goto('/receive')
  const name = receiver.page.getByLabel('Your name')
  await expect(name).toHaveValue(/^Chrom/)
  await name.fill('ANNA')
  await receiver.page.getByRole('button', { name: 'Open room' }).click()
  await receiver.expectState('ready', null)
  await expect(receiver.status).toHaveText('Listening. Waiting for a sender.')

  const later = await device.context.newPage()
  await later.goto('/send')
  await expect(later.getByLabel('Your name')).toHaveValue('ANNA')
})
