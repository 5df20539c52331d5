import { join } from 'node:path'

import type { Page } from '@playwright/test'

import { BAD, generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { Receiver, Sender } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { expectNoViolations } from '@/e2e/fixtures/violations'

const folder = await generatePhotos()

// Colours depend on the theme, the order of things on the width: each is seen once.
for (const { colorScheme, viewport } of [
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
] as const) {
  const look = { colorScheme, viewport, reducedMotion: 'reduce' } as const

  test(`axe finds nothing on any page in ${colorScheme} at ${viewport.width} x ${viewport.height}`, async ({
    openDevice,
  }) => {
    const receiver = new Receiver(
      await openDevice({ ...look, seam: { seed: 4, dropData: 0.1, spareChunks: 24 } }),
    )
    const sender = new Sender(await openDevice({ ...look, seam: { stallAfter: 200 } }))

    await receiver.page.goto('/')
    await expectNoViolations(receiver.page, 'the first page')
    await receiver.page.goto('/receive')
    await expectNoViolations(receiver.page, '/receive before a room is open')
    await sender.page.goto('/send')
    await expectNoViolations(sender.page, '/send before a room is joined')
    await sender.open({ room: 'hello', name: 'BEN' })
    await sender.expectState('failed')
    await expectNoViolations(sender.page, '/send with a wrong code')

    await receiver.open({ name: 'ANNA' })
    await expectNoViolations(receiver.page, '/receive with an open room')
    await sender.open({ room: await receiver.code(), name: 'BEN', compress: 'off', mode: 'classic' })
    await sender.expectPeers(1)
    await expectNoViolations(sender.page, '/send connected')
    await sender.pickImage.setInputFiles(join(folder, BAD.text))
    await sender.expectState('failed')
    await expectNoViolations(sender.page, '/send with a file that is no picture')
    await sender.pickImage.setInputFiles(join(folder, WHOLE.medium))
    await sender.expectState('ready')
    await expectNoViolations(sender.page, '/send with a picked picture')

    await sender.send.click()
    await sender.device.seam.untilStalled()
    await receiver.expectState('receiving')
    await expectNoViolations(sender.page, '/send while it sends')
    await expectNoViolations(receiver.page, '/receive while it receives')
    await sender.device.seam.release()
    await receiver.expectState('incomplete')
    await expectNoViolations(receiver.page, '/receive with holes')
    await sender.expectState('incomplete')
    await expectNoViolations(sender.page, '/send with holes')
    await receiver.repair.click()
    await receiver.expectState('done')
    await sender.expectState('done')
    for (const { page } of [receiver, sender]) await page.getByText('Full loss report').click()
    await expectNoViolations(receiver.page, '/receive when done')
    await expectNoViolations(sender.page, '/send when done')
  })
}

test('axe finds nothing in a room, by day on a phone and by night on a laptop', async ({ openMember }) => {
  test.setTimeout(120_000)
  const still = { reducedMotion: 'reduce' } as const
  const phone = { ...still, colorScheme: 'light', viewport: { width: 390, height: 844 } } as const
  const laptop = { ...still, colorScheme: 'dark', viewport: { width: 1440, height: 900 } } as const
  const anna = await openMember({ name: 'ANNA' }, phone)
  await expectNoViolations(anna.page, 'a room with nobody else in it')
  // By the code alone, so that the safety words stand open.
  const ben = await openMember({ name: 'BEN', link: `http://by.code/room/${await anna.code()}` }, laptop)
  for (const member of [anna, ben]) await member.expectMembers(2)
  await anna.say('Look at this: https://example.org/harbour')
  await ben.say('🐟🐟')
  await anna.sendPicture(join(folder, WHOLE.small))
  await expect(ben.images).toHaveAttribute('data-complete', 'true', { timeout: 30_000 })
  await anna.deleteForAll(anna.messageOf('ANNA', 'Look at this'))
  await expect(ben.page.getByTestId('safety-words').locator('li')).toHaveCount(7, { timeout: 20_000 })
  for (const { page } of [anna, ben]) await expectNoViolations(page, 'a room with messages and a picture')
  await anna.page.getByTestId('open-members').click()
  await expectNoViolations(anna.page, 'the members on a phone')
  await anna.page.keyboard.press('Escape')
  await ben.search.fill('small')
  await expect(ben.searchResults).toHaveCount(1)
  await expectNoViolations(ben.page, 'a search with a result')
  await anna.page.goto('/room')
  await expectNoViolations(anna.page, '/room before a room is open')
})

test('the main job by keyboard alone', async ({ openDevice }) => {
  test.setTimeout(120_000)
  const receiver = new Receiver(await openDevice())
  const sender = new Sender(await openDevice())
  await receiver.page.goto('/receive')
  await tabTo(receiver.page, 'Your name')
  await receiver.page.keyboard.press('ControlOrMeta+a')
  await receiver.page.keyboard.type('ANNA')
  await receiver.page.keyboard.press('Enter')
  await receiver.expectState('ready')

  await sender.page.goto('/send')
  await tabTo(sender.page, 'Room code')
  await sender.page.keyboard.type(await receiver.code())
  await tabTo(sender.page, 'Your name')
  await sender.page.keyboard.press('Enter')
  await sender.expectPeers(1)

  await tabTo(sender.page, 'Pick a picture')
  // A browser opens its chooser only within 5 s of the key: where the machine stood still for longer one presses again.
  await expect(async () => {
    const chooser = sender.page.waitForEvent('filechooser', { timeout: 10_000 })
    await sender.page.keyboard.press('Space')
    await (await chooser).setFiles(join(folder, WHOLE.small))
  }).toPass()
  await expect(sender.send).toBeFocused()
  await sender.page.keyboard.press('Enter')
  expect((await receiver.report()).exact).toBe(true)

  const download = receiver.page.waitForEvent('download')
  await tabTo(receiver.page, 'Save')
  await receiver.page.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toMatch(/^received_image_/)
})

/** Presses Tab until the element of that name has the focus, which must be visible. */
async function tabTo(page: Page, name: string): Promise<void> {
  const TABS_MAX = 40
  for (let count = 0; count < TABS_MAX; count++) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    if ((await focused.count()) === 0) continue
    const label = await focused.evaluate((element) => {
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      return element.getAttribute('aria-label') ?? labels.map((each) => each.textContent).join()
    })
    if (label === name || (await focused.textContent())?.trim() === name) {
      await expect(focused).toBeInViewport()
      return
    }
  }
  throw new Error(`no element named ${name} can be reached with Tab`)
}
