import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { type Receiver, Sender, sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
const photo = join(folder, WHOLE.medium)
const original = readFileSync(photo)

for (const mode of ['assured', 'repair', 'classic'] as const) {
  test(`with the relay alone a picture arrives exact in ${mode}, sealed all the way`, async ({
    openReceiver,
    openSender,
  }) => {
    const receiver = await openReceiver({ relay: 'only' })
    const frames = framesOf(receiver)
    const connections = countConnections(receiver)
    const sender = await openSender(await receiver.code(), { relay: 'only', mode })
    await sender.expectPath('relay')
    await receiver.expectPath('relay')
    await expect(sender.path).toHaveText(/Through this server \(sealed\)/)
    await sender.sendPicture(photo)
    await expectExact(sender, receiver)
    const report = await receiver.report()
    expect(report).toMatchObject({ mode, path: 'relay', lanes: 1 })
    // Every data packet with its header went through the server.
    expect(report.relayedBytes).toBeGreaterThan(original.length)
    expect(await connections()).toBe(0)
    expect(frames.length).toBeGreaterThan(report.packetsReceived)
    expect(frames.some((frame) => frame.includes(original.subarray(4096, 4128)))).toBe(false)
  })
}

test('a picture that is sent before any lane is open sets out over the relay, and the next goes direct', async ({
  openReceiver,
  openDevice,
}) => {
  const receiver = await openReceiver()
  const sender = new Sender(await openDevice())
  const release = await holdAnswers(sender)
  await sender.open({ room: await receiver.code(), name: 'BEN', mode: 'assured', compress: 'off' })
  await sender.sendPicture(photo)
  await expectExact(sender, receiver)
  const first = await receiver.report()
  expect(first.relayedBytes).toBeGreaterThan(original.length)
  await sender.expectPath('relay')
  await release()
  await sender.expectPath('direct')
  await receiver.expectPath('direct')
  await sender.sendPicture(photo)
  const report = await receiver.report(2)
  expect(report).toMatchObject({ exact: true, path: 'direct', relayedBytes: 0 })
})

test('where direct lanes never open a picture does not wait for them', async ({
  openReceiver,
  openSender,
}) => {
  // A TURN server or nothing, and there is none: as isolated as two devices can be.
  const receiver = await openReceiver({ turn: 'only' })
  const sender = await openSender(await receiver.code(), { turn: 'only', receivers: 0 })
  await sender.sendPicture(photo)
  await expectExact(sender, receiver)
  expect(await receiver.report()).toMatchObject({ path: 'relay' })
  await sender.expectPath('relay')
})

test('where direct lanes open at once the relay is never asked', async ({ openReceiver, openSender }) => {
  const receiver = await openReceiver()
  const sockets: string[] = []
  receiver.page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname))
  const sender = await openSender(await receiver.code())
  await sender.expectPath('direct')
  await receiver.expectPath('direct')
  await sender.sendPicture(photo)
  await expectExact(sender, receiver)
  expect((await receiver.report()).relayedBytes).toBe(0)
  expect(sockets).toEqual([])
})

test('a server that does not relay says so, and without any path both pages say that', async ({
  startServer,
  openReceiver,
  openSender,
}) => {
  test.setTimeout(120_000)
  const server = await startServer({ env: { RELAY: 'off' } })
  const baseURL = server.origin
  const receiver = await openReceiver({ relay: 'only' }, { baseURL })
  const room = await receiver.code()
  const sender = await openSender(room, { relay: 'only', receivers: 0 }, { baseURL })
  await sender.expectState('connecting', 'SHOAL_RELAY_OFF')
  await receiver.expectState('ready', 'SHOAL_RELAY_OFF')
  const isolated = await openSender(room, { turn: 'only', receivers: 0 }, { baseURL })
  await expect(isolated.status).toHaveAttribute('data-error', 'SHOAL_CONNECT_FAILED', { timeout: 60_000 })
  await isolated.expectState('connecting')
})

test('a page that may not use the relay never does, and says that there is no path', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver({ relay: 'only' })
  const room = await receiver.code()
  test.setTimeout(120_000)
  const sender = await openSender(room, { relay: 'off', receivers: 0 })
  await expect(sender.status).toHaveAttribute('data-error', 'SHOAL_CONNECT_FAILED', { timeout: 60_000 })
  await expect(sender.path).toHaveCount(0)
})

test('pages on the relay find each other again when the server was killed and started again', async ({
  startServer,
  openReceiver,
  openSender,
  complaints,
}) => {
  complaints.allow(/WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED|Failed to load resource/)
  const server = await startServer()
  const baseURL = server.origin
  const receiver = await openReceiver({ relay: 'only' }, { baseURL })
  const sender = await openSender(await receiver.code(), { relay: 'only' }, { baseURL })
  await sender.sendPicture(join(folder, WHOLE.small))
  await receiver.report()
  await server.kill()
  await sender.expectPeers(0)
  await server.start()
  await sender.expectPeers(1)
  await sender.sendPicture(photo)
  expect(await receiver.report(2)).toMatchObject({ exact: true, path: 'relay' })
})

test('when a room has used up its bytes both pages say so', async ({
  startServer,
  openReceiver,
  openSender,
}) => {
  const server = await startServer({ env: { RELAY_ROOM_MB: '1' } })
  const baseURL = server.origin
  const receiver = await openReceiver({ relay: 'only' }, { baseURL })
  const sender = await openSender(await receiver.code(), { relay: 'only' }, { baseURL })
  await sender.sendPicture(join(folder, WHOLE.large))
  for (const person of [sender, receiver]) {
    await expect(
      person.page.getByText('This room has used up what the server may relay.').first(),
    ).toBeVisible()
    await person.expectPeers(0)
  }
})

async function expectExact(sender: Sender, receiver: Receiver): Promise<void> {
  const report = await receiver.report()
  expect(await sender.report()).toEqual(report)
  expect(report).toMatchObject({ exact: true, sha256: sha256(original), bytes: original.length })
  expect((await receiver.save()).bytes.equals(original)).toBe(true)
}

/** No direct lane opens on this page until the returned function is called: it is asked for before `open`. */
async function holdAnswers({ page }: Sender): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const held: (() => void)[] = []
    let released = false
    // The channel seam may have put a class of its own before the browser's.
    const take: (description: RTCSessionDescriptionInit) => Promise<void> = Reflect.get(
      RTCPeerConnection.prototype,
      'setRemoteDescription',
    )
    Object.defineProperty(RTCPeerConnection.prototype, 'setRemoteDescription', {
      async value(this: RTCPeerConnection, description: RTCSessionDescriptionInit) {
        if (!released) await new Promise<void>((resolve) => held.push(resolve))
        await take.call(this, description)
      },
    })
    window.addEventListener('release-answers', () => {
      released = true
      for (const resolve of held) resolve()
    })
  })
  return () => page.evaluate(() => void window.dispatchEvent(new Event('release-answers')))
}

/** What comes to this page in binary frames, from now on. */
function framesOf({ page }: Receiver): Buffer[] {
  const frames: Buffer[] = []
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      if (Buffer.isBuffer(payload)) frames.push(payload)
    })
  })
  return frames
}

/** How many peer connections this page makes, from now on. */
function countConnections({ page }: Receiver): () => Promise<number> {
  const counting = page.evaluate(() => {
    const Real = window.RTCPeerConnection
    let count = 0
    window.RTCPeerConnection = class extends Real {
      constructor(config?: RTCConfiguration) {
        super(config)
        count++
      }
    }
    Object.assign(window, { connectionCount: () => count })
  })
  return async () => {
    await counting
    return page.evaluate(() => (window as unknown as { connectionCount: () => number }).connectionCount())
  }
}
