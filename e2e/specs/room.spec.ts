import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'

const folder = await generatePhotos()

test('three members talk, and a picture reaches both others exactly', async ({ openMember }) => {
  const anna = await openMember({ name: 'ANNA' })
  const link = await anna.link()
  const ben = await openMember({ name: 'BEN', link })
  const cleo = await openMember({ name: 'CLEO', link })
  const everyone = [anna, ben, cleo]
  for (const member of everyone) await member.expectMembers(3)

  await anna.say('Hello from the pier')
  await ben.say('Hello back')
  for (const member of everyone) {
    await expect(member.messageOf('ANNA', 'Hello from the pier')).toHaveCount(1)
    await expect(member.messageOf('BEN', 'Hello back')).toHaveCount(1)
  }
  const ids = await Promise.all(
    everyone.map((member) => member.messageOf('ANNA', 'Hello from the pier').getAttribute('data-id')),
  )
  expect(new Set(ids).size).toBe(1)

  const path = join(folder, WHOLE.medium)
  await ben.sendPicture(path)
  const original = sha256(readFileSync(path))
  for (const member of [anna, cleo]) {
    await expect(member.images.last()).toHaveAttribute('data-sha256', original, { timeout: 45_000 })
    await expect(member.images.last()).toHaveAttribute('data-complete', 'true')
  }
  await expect(ben.finalReports).toHaveCount(2, { timeout: 45_000 })
})

test('what is said and sent to one reaches that one alone; a link in it is one that gives nothing away', async ({
  openMember,
}) => {
  const anna = await openMember({ name: 'ANNA' })
  const link = await anna.link()
  const ben = await openMember({ name: 'BEN', link })
  const cleo = await openMember({ name: 'CLEO', link })
  for (const member of [anna, ben, cleo]) await member.expectMembers(3)
  await anna.page.getByTestId('chat-to').selectOption({ label: 'BEN' })
  await anna.say('For you: https://example.org/pier')
  await expect(ben.messageOf('ANNA', 'For you')).toHaveAttribute('data-private', 'true')
  const anchor = ben.messageOf('ANNA', 'For you').getByRole('link')
  await expect(anchor).toHaveAttribute('rel', /noopener/)
  const path = join(folder, WHOLE.small)
  await anna.sendPicture(path)
  await expect(ben.images).toHaveAttribute('data-sha256', sha256(readFileSync(path)), { timeout: 45_000 })

  await anna.page.getByTestId('chat-to').selectOption('')
  await anna.say('For all')
  await expect(cleo.messageOf('ANNA', 'For all')).toHaveCount(1)
  await expect(cleo.messages).toHaveCount(1)
  await expect(cleo.images).toHaveCount(0)
})

test('what its author takes back is gone for all', async ({ openMember }) => {
  const anna = await openMember({ name: 'ANNA' })
  const ben = await openMember({ name: 'BEN', link: await anna.link() })
  await anna.expectMembers(2)
  await anna.say('Not meant for here')
  const seen = ben.messageOf('ANNA', 'Not meant for here')
  const id = (await seen.getAttribute('data-id')) ?? ''
  await anna.deleteForAll(anna.messageOf('ANNA', 'Not meant for here'))
  for (const member of [anna, ben]) {
    await expect(member.message(id)).toHaveAttribute('data-deleted', 'true')
    await expect(member.page.getByText('Not meant for here')).toHaveCount(0)
  }
})

test('a member finds a message as one types, and is led to it', async ({ openMember }) => {
  const anna = await openMember({ name: 'ANNA' })
  await anna.say('The harbour at dawn')
  await anna.say('Something else')
  await anna.search.fill('harb')
  await expect(anna.searchResults).toHaveCount(1)
  await anna.searchResults.click()
  await expect(anna.messageOf('ANNA', 'The harbour at dawn')).toBeInViewport()
})

test('a code that is none is said in the words of the other pages', async ({ openDevice }) => {
  const { page } = await openDevice()
  await page.goto('/room/hello?name=BEN')
  await expect(page.getByTestId('status')).toHaveAttribute('data-error', 'SHOAL_BAD_CODE')
})
