import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { MeddlingServer } from '@/e2e/fixtures/meddling-server'
import { Member, Receiver, Sender, sha256 } from '@/e2e/fixtures/people'
import { test as base, expect } from '@/e2e/fixtures/test'

const folder = await generatePhotos()

/** What an offer, an answer or a candidate has in it. */
const IN_CLEAR = /fingerprint|ice-ufrag|a=candidate|candidate:|"sdp"|webrtc-datachannel/

/** A server between the pages and the real one, which reports the former's address as its own. */
const test = base.extend<{ readonly between: MeddlingServer }>({
  between: async ({ startServer }, use) => {
    const between = await MeddlingServer.start()
    const server = await startServer({ env: { PUBLIC_URL: between.origin } })
    between.passTo(server.port)
    await use(between)
    await between.stop()
  },
})

/** One symbol of what is sealed is another one. */
function flip(payload: string): string {
  return payload.replace(
    /"(data|proof)":"([^"]{9})(.)/g,
    (_match, field: string, start: string, symbol: string) => {
      return `"${field}":"${start}${symbol === 'A' ? 'B' : 'A'}`
    },
  )
}

async function linkOf(receiver: Receiver): Promise<string> {
  const link = receiver.page.getByTestId('room-link')
  await expect(link).toHaveAttribute('href', /#k=[\w-]{22}$/)
  return (await link.getAttribute('href')) ?? ''
}

test('by the link both pages are verified, and the server sees no offer and no secret', async ({
  between,
  openDevice,
}) => {
  const asked: string[] = []
  const receiver = new Receiver(await openDevice({ baseURL: between.origin }))
  const sender = new Sender(await openDevice({ baseURL: between.origin }))
  for (const { device } of [receiver, sender])
    device.context.on('request', (request) => asked.push(request.url(), JSON.stringify(request.headers())))
  await receiver.open({ name: 'ANNA' })
  const link = await linkOf(receiver)
  await sender.page.goto(link.replace('#', '&compress=off#'))
  for (const person of [receiver, sender]) {
    await person.expectPeers(1)
    await expect(person.verified).toHaveAttribute('data-verified', 'true')
    await expect(person.verified).toContainText('verified by the link')
  }
  await sender.sendPicture(join(folder, WHOLE.medium))
  expect((await receiver.report()).sha256).toBe(sha256(readFileSync(join(folder, WHOLE.medium))))

  const secret = new URL(link).hash.slice('#k='.length)
  expect(between.payloads.length).toBeGreaterThan(5)
  expect(between.payloads.join('\n')).not.toMatch(IN_CLEAR)
  expect(between.payloads.join('\n')).not.toContain(secret)
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter((request) => request.includes(secret))).toEqual([])
  // Out of the address, so that no screenshot and no copied address carries it.
  expect(new URL(sender.page.url()).hash).toBe('')
})

test('by the code alone both pages say that they are not verified, and the server still sees no offer', async ({
  between,
  openDevice,
}) => {
  const receiver = new Receiver(await openDevice({ baseURL: between.origin }))
  const sender = new Sender(await openDevice({ baseURL: between.origin }))
  await receiver.open({ name: 'ANNA' })
  await sender.open({ name: 'BEN', room: await receiver.code() })
  for (const person of [receiver, sender]) {
    await person.expectPeers(1)
    await expect(person.verified).toHaveAttribute('data-verified', 'false')
    await expect(person.verified).toContainText('not verified')
  }
  expect(between.payloads.length).toBeGreaterThan(5)
  expect(between.payloads.join('\n')).not.toMatch(IN_CLEAR)
})

test('a server that changes what it passes on gets no connection opened, and both pages say so', async ({
  between,
  openDevice,
}) => {
  between.meddle = flip
  const receiver = new Receiver(await openDevice({ baseURL: between.origin }))
  const sender = new Sender(await openDevice({ baseURL: between.origin }))
  await receiver.open({ name: 'ANNA' })
  await sender.page.goto(await linkOf(receiver))
  await sender.expectState('connecting', 'SHOAL_SIGNAL_TAMPERED')
  await receiver.expectState('ready', 'SHOAL_SIGNAL_TAMPERED')
  for (const person of [receiver, sender]) {
    await person.expectPeers(0)
    await expect(person.page.getByText('do not trust this server or network')).toBeVisible()
  }

  // It stops, and they start anew: nothing of it stays.
  between.meddle = (payload) => payload
  await sender.page.reload()
  await sender.expectPeers(1)
  await sender.expectState('ready', null)
  await receiver.expectState('ready', null)
  await expect(sender.verified).toHaveAttribute('data-verified', 'true')
})

test('nothing is read in a room whose server changes what it passes on; once it stops, what was said arrives once', async ({
  between,
  openDevice,
}) => {
  const anna = new Member(await openDevice({ baseURL: between.origin }))
  const ben = new Member(await openDevice({ baseURL: between.origin }))
  await anna.open({ name: 'ANNA' })
  between.meddle = flip
  const { pathname, hash } = new URL(await anna.link())
  await ben.page.goto(`${pathname}?name=BEN${hash}`)
  for (const member of [anna, ben])
    await expect(member.status).toHaveAttribute('data-error', 'SHOAL_SIGNAL_TAMPERED', { timeout: 20_000 })
  await anna.say('Meant for members alone')
  await expect(anna.messageOf('ANNA', 'Meant for members alone')).toHaveCount(1)
  await expect(ben.messages).toHaveCount(0)

  between.meddle = (payload) => payload
  await ben.page.reload()
  await expect(ben.messageOf('ANNA', 'Meant for members alone')).toHaveCount(1, { timeout: 20_000 })
  await ben.say('Now it is')
  await expect(anna.messageOf('BEN', 'Now it is')).toHaveCount(1)
  for (const member of [anna, ben]) await expect(member.messages).toHaveCount(2)
})

test('a server that takes out the proofs is not taken for a receiver without the link', async ({
  between,
  openDevice,
}) => {
  between.meddle = (payload) => {
    const { proof, ...rest } = JSON.parse(payload) as { type: string; proof?: string }
    return rest.type === 'hello' && proof !== undefined ? JSON.stringify(rest) : null
  }
  const receiver = new Receiver(await openDevice({ baseURL: between.origin }))
  const sender = new Sender(await openDevice({ baseURL: between.origin }))
  await receiver.open({ name: 'ANNA' })
  await sender.page.goto(await linkOf(receiver))
  await sender.expectState('connecting', 'SHOAL_PEER_UNVERIFIED')
  await sender.expectPeers(0)
  await receiver.expectPeers(0)
})

test('a reload on either side keeps the secret, and a second receiver joins with it', async ({
  between,
  openDevice,
}) => {
  const receiver = new Receiver(await openDevice({ baseURL: between.origin }))
  const sender = new Sender(await openDevice({ baseURL: between.origin }))
  await receiver.open({ name: 'ANNA' })
  const link = await linkOf(receiver)
  await sender.page.goto(link)
  await sender.expectPeers(1)

  await receiver.page.reload()
  await receiver.expectPeers(1)
  expect(await linkOf(receiver)).toBe(link)
  await expect(receiver.verified).toHaveAttribute('data-verified', 'true')
  await sender.page.reload()
  await sender.expectPeers(1)
  await expect(sender.verified).toHaveAttribute('data-verified', 'true')

  const second = new Receiver(await openDevice({ baseURL: between.origin }))
  await second.page.goto(link.replace('/send', '/receive').replace('#', '&name=EMIL#'))
  await second.expectPeers(1)
  await sender.expectPeers(2)
  await expect(sender.verified.nth(1)).toHaveAttribute('data-verified', 'true')
})

test('a link that is not whole joins nothing by itself; the code alone does, not verified', async ({
  between,
  openDevice,
}) => {
  const receiver = new Receiver(await openDevice({ baseURL: between.origin }))
  const sender = new Sender(await openDevice({ baseURL: between.origin }))
  await receiver.open({ name: 'ANNA' })
  const link = await linkOf(receiver)
  await sender.page.goto(link.slice(0, -3))
  await sender.expectState('failed', 'SHOAL_BAD_LINK')
  await sender.page.reload()
  await sender.expectState('failed', 'SHOAL_BAD_LINK')
  await sender.page.getByRole('button', { name: 'Join' }).click()
  await sender.expectPeers(1)
  await expect(sender.verified).toHaveAttribute('data-verified', 'false')

  // The whole link, opened where the page is open already, changes the fragment alone.
  await sender.page.evaluate((hash) => {
    location.hash = hash
  }, new URL(link).hash)
  await expect(sender.verified).toHaveAttribute('data-verified', 'true')
})
