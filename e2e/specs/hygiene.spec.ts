import { join } from 'node:path'

import type { Page } from '@playwright/test'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { Receiver, Sender } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()

test('a whole main job asks nobody but its own server for anything', async ({ openDevice, server }) => {
  const asked = new Set<string>()
  const receiver = new Receiver(await openDevice())
  const sender = new Sender(await openDevice())
  for (const { page, device } of [receiver, sender]) {
    device.context.on('request', (request) => asked.add(request.url()))
    page.on('websocket', (socket) => asked.add(socket.url()))
    await recordIceServers(page)
  }
  await receiver.open({ name: 'ANNA' })
  // Compressed, since that loads the most: the worker, and inside it the compressor's own script.
  await sender.open({ room: await receiver.code(), name: 'BEN' })
  await sender.expectPeers(1)
  await sender.sendPicture(join(folder, WHOLE.large))
  expect((await receiver.report()).exact).toBe(true)
  await receiver.save()

  const hosts = [...asked].map((url) => new URL(url.replace(/^blob:/, '')).host)
  expect(hosts.length).toBeGreaterThan(10)
  expect(new Set(hosts)).toEqual(new Set([new URL(server.origin).host]))
  expect([...asked].some((url) => url.startsWith('ws:'))).toBe(true)
  for (const { page } of [receiver, sender]) {
    const iceServers = await page.evaluate(() => window.shoalIceServers)
    expect(iceServers.length).toBeGreaterThan(0)
    expect(iceServers.flat()).toEqual([])
  }
})

for (const path of ['/', '/receive', '/send', '/nothing-here', '/healthz', '/icon.svg']) {
  test(`${path} is answered with the security headers`, async ({ request }) => {
    const response = await request.get(path)
    const headers = response.headers()
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}'/)
    expect(policy).not.toMatch(/unsafe-(inline|eval)/)
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-powered-by']).toBeUndefined()
    const again = await request.get(path)
    expect(again.headers()['content-security-policy']).not.toBe(policy)
  })
}

test('/healthz says that all is well, and how many are here', async ({
  request,
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  await openSender(await receiver.code())
  const response = await request.get('/healthz')
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toContain('application/json')
  const health = (await response.json()) as Record<string, unknown>
  expect(health).toMatchObject({ ok: true })
  expect(health['sockets']).toBeGreaterThanOrEqual(2)
  expect(health['rooms']).toBeGreaterThanOrEqual(1)
})

declare global {
  interface Window {
    shoalIceServers: RTCIceServer[][]
  }
}

/** STUN and TURN are no requests that a browser shows; what a connection was told to ask is. */
async function recordIceServers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shoalIceServers = []
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        window.shoalIceServers.push(this.getConfiguration().iceServers ?? [])
      }
    }
  })
}
