import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { Member, sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()
const EIGHT = ['ANNA', 'BEN', 'CLEO', 'DORA', 'EMIL', 'FRIDA', 'GUS', 'HANA'] as const

test('eight pages in one room: each hears each once, and a picture is exact at the seven others', async ({
  openMember,
}) => {
  test.setTimeout(240_000)
  const first = await openMember({ name: EIGHT[0] })
  const link = await first.link()
  const others = await Promise.all(EIGHT.slice(1).map((name) => openMember({ name, link })))
  const everyone = [first, ...others]
  for (const member of everyone) await member.expectMembers(8)

  for (const [index, member] of everyone.entries()) await member.say(`${EIGHT[index]} is here`)
  for (const member of everyone) {
    for (const name of EIGHT) {
      await expect(member.messageOf(name, `${name} is here`)).toHaveCount(1, { timeout: 30_000 })
    }
    await expect(member.messages).toHaveCount(8)
  }

  const path = join(folder, WHOLE.small)
  await first.sendPicture(path)
  for (const member of others) {
    await expect(member.images.last()).toHaveAttribute('data-sha256', sha256(readFileSync(path)), {
      timeout: 60_000,
    })
    await expect(member.images.last()).toHaveAttribute('data-complete', 'true')
  }
})

/** What this page shows of one author, from top to bottom. */
async function textsOf(reader: Member, author: string): Promise<(string | undefined)[]> {
  const shown = await reader.messageOf(author, '').allTextContents()
  return shown.map((text) => /one|two|three|uno|due|at last/.exec(text)?.[0])
}

test('chat survives a killed server; who was away gets what was missed, once and in order', async ({
  startServer,
  openMember,
  complaints,
}) => {
  test.setTimeout(120_000)
  // What a browser itself writes about a server that is not there.
  complaints.allow(/WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED|Failed to load resource/)
  const server = await startServer()
  const device = { baseURL: server.origin }
  const anna = await openMember({ name: 'ANNA' }, device)
  const link = await anna.link()
  const ben = await openMember({ name: 'BEN', link }, device)
  const cleo = await openMember({ name: 'CLEO', link }, device)
  for (const member of [anna, ben, cleo]) await member.expectMembers(3)
  await anna.say('one')
  await expect(cleo.messageOf('ANNA', 'one')).toHaveCount(1)
  await cleo.device.context.close()

  await server.kill()
  await anna.say('two')
  await ben.say('uno')
  await anna.say('three')
  await ben.say('due')
  await server.start()

  const back = await openMember({ name: 'CLEO', link }, device)
  for (const member of [anna, ben, back]) await member.expectMembers(3)
  // What comes after all of it shows that nothing of it is still under way.
  for (const [member, name] of [
    [anna, 'ANNA'],
    [ben, 'BEN'],
  ] as const) {
    await member.say(`${name} at last`)
    for (const reader of [anna, ben, back])
      await expect(reader.messageOf(name, 'at last')).toHaveCount(1, { timeout: 45_000 })
  }
  for (const reader of [anna, ben, back]) {
    await expect(reader.messages).toHaveCount(7)
    expect(await textsOf(reader, 'ANNA')).toEqual(['one', 'two', 'three', 'at last'])
    expect(await textsOf(reader, 'BEN')).toEqual(['uno', 'due', 'at last'])
  }
})

test('who joins by the typed code is not verified until the words are compared, and the owner may remove it', async ({
  openMember,
}) => {
  test.setTimeout(120_000)
  const anna = await openMember({ name: 'ANNA' })
  const code = await anna.code()
  const ben = await openMember({ name: 'BEN', link: `http://by.code/room/${code}` })
  for (const member of [anna, ben]) await member.expectMembers(2)

  const words = (member: Member) => member.page.getByTestId('safety-words')
  for (const member of [anna, ben]) {
    await expect(words(member).locator('li')).toHaveCount(7, { timeout: 20_000 })
    await expect(words(member)).toHaveAttribute('data-verified', 'false')
  }
  expect(await words(anna).textContent()).toBe(await words(ben).textContent())

  await anna.page.getByTestId('verify').click()
  await expect(words(anna)).toHaveAttribute('data-verified', 'true')
  await expect(words(ben)).toHaveAttribute('data-verified', 'false')
  await anna.page.reload()
  await anna.expectMembers(2)
  await expect(words(anna)).toHaveAttribute('data-verified', 'true', { timeout: 20_000 })

  await anna.page.getByRole('button', { name: 'Remove BEN from the room' }).click()
  await anna.page.getByTestId('remove-member').click()
  await expect(ben.status).toHaveAttribute('data-error', 'SHOAL_REMOVED')
  await anna.expectMembers(1)
  const cleo = await openMember({ name: 'CLEO', link: await anna.link() })
  await cleo.expectMembers(2)
  await anna.say('the two of us')
  await expect(cleo.messageOf('ANNA', 'the two of us')).toHaveCount(1)
  await expect(ben.messageOf('ANNA', 'the two of us')).toHaveCount(0)
})

test('in a room for verified members who joins by the code is given nothing, and nothing is taken from it', async ({
  openDevice,
  openMember,
}) => {
  test.setTimeout(120_000)
  const anna = new Member(await openDevice())
  const { page } = anna
  await page.goto('/room')
  await page.getByLabel('Your name').first().fill('ANNA')
  await page.getByLabel('Only verified members').check()
  await page.getByRole('button', { name: 'Open room' }).click()
  await anna.expectState('ready')
  const link = await anna.link()
  const ben = await openMember({ name: 'BEN', link })
  const cleo = await openMember({ name: 'CLEO', link: link.replace(/#.*/, '') })
  for (const member of [anna, ben, cleo]) await member.expectMembers(3)
  const wordsOf = (member: Member, name: string) =>
    member.page.getByTestId('member').filter({ hasText: name }).getByTestId('safety-words')
  for (const name of ['ANNA', 'BEN'])
    await expect(wordsOf(cleo, name).locator('li')).toHaveCount(7, { timeout: 20_000 })

  await cleo.say('is anyone there')
  await ben.say('for the verified')
  await ben.say('and once more')
  await expect(anna.messageOf('BEN', 'and once more')).toHaveCount(1)
  await expect(cleo.messageOf('BEN', 'for the verified')).toHaveCount(0)
  await expect(anna.messageOf('CLEO', 'is anyone there')).toHaveCount(0)

  // The same pages, once ANNA has compared: what was held back comes, on both ways.
  await anna.page.getByTestId('member').filter({ hasText: 'CLEO' }).getByTestId('verify').click()
  await expect(cleo.messageOf('BEN', 'for the verified')).toHaveCount(1, { timeout: 20_000 })
  await expect(anna.messageOf('CLEO', 'is anyone there')).toHaveCount(1, { timeout: 20_000 })
})
