import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { Sender } from '@/e2e/fixtures/people'
import { RawClient, refusedFrom } from '@/e2e/fixtures/raw-client'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()

for (const { title, message, code } of [
  { title: 'text that is no JSON', message: '{"type":', code: 'SHOAL_BAD_MESSAGE' },
  { title: 'JSON of no known type', message: '{"type":"format-disk"}', code: 'SHOAL_BAD_MESSAGE' },
  { title: 'bytes', message: Buffer.from([0, 1, 2, 255]), code: 'SHOAL_BAD_MESSAGE' },
  {
    title: 'a message of 65 KiB',
    message: JSON.stringify({ type: 'ping', padding: 'x'.repeat(65 * 1024) }),
    code: 'SHOAL_MESSAGE_TOO_LARGE',
  },
  {
    title: 'a name of nothing',
    message: { type: 'create', name: ' ', role: 'sender' },
    code: 'SHOAL_BAD_NAME',
  },
  { title: 'a signal from outside a room', message: signal(), code: 'SHOAL_NOT_IN_ROOM' },
  {
    title: 'a forged token',
    message: { type: 'resume', token: 'v1.anything.goes' },
    code: 'SHOAL_BAD_TOKEN',
  },
]) {
  test(`${title} is answered with ${code}, and the socket can still open a room`, async ({ server }) => {
    const client = await RawClient.connect(server.origin)
    client.write(message)
    expect((await client.next('error')).code).toBe(code)
    client.write({ type: 'create', name: 'ANNA', role: 'receiver' })
    expect((await client.next('joined')).name).toBe('ANNA')
    client.end()
  })
}

test('a frame far over the limit is not read: the socket is closed with 1009', async ({ server }) => {
  const client = await RawClient.connect(server.origin)
  client.write(Buffer.alloc(1024 * 1024))
  expect(await client.closed).toBe(1009)
})

test('a flood is answered with SHOAL_RATE_LIMITED, then cut off with 1008, and disturbs nobody', async ({
  server,
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code())
  await sender.pickImage.setInputFiles(join(folder, WHOLE.medium))
  const flooder = await RawClient.connect(server.origin)
  for (let count = 0; count < 3000; count++) flooder.write({ type: 'ping' })
  await sender.send.click()
  expect((await flooder.next('error')).code).toBe('SHOAL_RATE_LIMITED')
  expect(await flooder.closed).toBe(1008)
  expect((await receiver.report()).exact).toBe(true)
  await receiver.expectState('done', null)
})

test('a socket asked for from a page of another origin is refused with SHOAL_ORIGIN_REFUSED', async ({
  server,
}) => {
  const { status, body } = await refusedFrom(server.origin, 'http://elsewhere.test')
  expect(status).toBe(403)
  expect(JSON.parse(body)).toEqual({ error: 'SHOAL_ORIGIN_REFUSED' })
})

test('a full room is answered with SHOAL_ROOM_FULL', async ({ server, openDevice }) => {
  const owner = await RawClient.connect(server.origin)
  owner.write({ type: 'create', name: 'ANNA', role: 'receiver', maxMembers: 2 })
  const { room } = await owner.next('joined')
  const guest = await RawClient.connect(server.origin)
  guest.write({ type: 'join', room, name: 'BEN', role: 'sender' })
  await guest.next('joined')
  const sender = new Sender(await openDevice())
  await sender.open({ room, name: 'CLARA' })
  await sender.expectState('failed', 'SHOAL_ROOM_FULL')
  owner.end()
  guest.end()
})

function signal(): object {
  return { type: 'signal', to: '0123456789abcdef', payload: 'hello' }
}
