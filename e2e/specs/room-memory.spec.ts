import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from '@playwright/test'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { sha256 } from '@/e2e/fixtures/people'
import type { Member } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { formatCount } from '@/lib/react/format'

const folder = await generatePhotos()
const DAY_MS = 24 * 60 * 60 * 1000

test('a pasted picture, typing, mentions, notices, search by sender, day and kind, and a message gone for one alone', async ({
  openMember,
}) => {
  const anna = await openMember({ name: 'ANNA' })
  const ben = await openMember(
    { name: 'BEN', link: await anna.link() },
    { viewport: { width: 390, height: 844 }, permissions: ['notifications'] },
  )
  for (const member of [anna, ben]) await member.expectMembers(2)

  await test.step('who types is named; 4 000 characters go, one more does not', async () => {
    await anna.input.pressSequentially('The harb')
    await expect(ben.page.getByText('ANNA is typing…')).toBeVisible()
    await anna.input.fill('x'.repeat(4001))
    await expect(anna.page.getByText('1 characters too many')).toBeVisible()
    await expect(anna.send).toBeDisabled()
    await anna.input.fill('x'.repeat(4000))
    await expect(anna.page.getByText(`${formatCount(4000)} of ${formatCount(4000)}`)).toBeVisible()
    await anna.send.click()
    await expect(ben.messageOf('ANNA', 'x'.repeat(4000))).toHaveCount(1)
  })

  await test.step('a pasted picture arrives exactly', async () => {
    await pastePicture(anna.page, WHOLE.small)
    await anna.send.click()
    const original = sha256(readFileSync(join(folder, WHOLE.small)))
    await expect(ben.images).toHaveAttribute('data-sha256', original, { timeout: 45_000 })
  })

  await test.step('nothing is shown by the system unless chosen; what is unread stands in the title', async () => {
    await recordNotices(ben.page)
    await lookAway(ben.page)
    await anna.say('The harbour at dawn')
    await expect(ben.page).toHaveTitle(/^\(1\) /)
    await anna.say('@BEN the harbour at noon')
    await expect(ben.page).toHaveTitle(/^\(@2\) /)
    expect(await notices(ben.page)).toEqual([])
    await lookBack(ben.page)
    await expect(ben.page).toHaveTitle(/^[^(]/)
    await ben.page.getByTestId('room-menu').click()
    await ben.page.getByTestId('notifications').selectOption('mentions')
    await ben.page.getByTestId('notification-text').check({ force: true })
    await ben.page.keyboard.press('Escape')
    await lookAway(ben.page)
    await anna.say('Nobody is called here')
    await anna.say('Are you there, @BEN?')
    await expect.poll(() => notices(ben.page)).toEqual(['Are you there, @BEN?'])
    await lookBack(ben.page)
  })

  await test.step('search by sender, by day, and for pictures only', async () => {
    await ben.say('The harbour at night')
    await expect(anna.messageOf('BEN', 'The harbour at night')).toHaveCount(1)
    await anna.search.fill('harbour')
    await expect(anna.searchResults).toHaveCount(3)
    await anna.page.getByTestId('search-author').selectOption({ label: 'BEN' })
    await expect(anna.searchResults).toHaveCount(1)
    await expect(anna.searchResults).toContainText('at night')
    await anna.page.getByTestId('search-author').selectOption('')
    await anna.page.getByLabel('Since').fill(dayOf(Date.now() + DAY_MS))
    await expect(anna.page.getByText('Nothing found')).toBeVisible()
    await anna.page.getByLabel('Since').fill(dayOf(Date.now() - DAY_MS))
    await expect(anna.searchResults).toHaveCount(3)
    await anna.page.getByTestId('search-pictures').check()
    await expect(anna.searchResults).toHaveCount(0)
    await anna.search.fill(WHOLE.small)
    await expect(anna.searchResults).toHaveCount(1)
    await anna.searchResults.click()
    await expect(anna.page.getByRole('figure').filter({ hasText: WHOLE.small })).toBeInViewport()
  })

  await test.step('deleted for one, it is still there for the other', async () => {
    const unwanted = ben.messageOf('ANNA', 'Nobody is called here')
    await unwanted.hover()
    await unwanted.getByTestId('message-menu').click()
    await ben.page.getByTestId('delete-for-me').click()
    await expect(unwanted).toHaveCount(0)
    await expect(anna.messageOf('ANNA', 'Nobody is called here')).toHaveCount(1)
  })
})

test('what was said stays on the device by choice alone, and is gone once its room is forgotten', async ({
  openMember,
}) => {
  const anna = await openMember({ name: 'ANNA' })
  const { page } = anna
  const code = await anna.code()
  await anna.say('Gone with the tab')
  await reload(anna)
  await expect(anna.messages).toHaveCount(0)

  await keepHistory(anna)
  await anna.say('Kept for tomorrow')
  // Who reloads within the same moment is faster than the device's memory.
  await expect.poll(() => keptTexts(page)).toContain('Kept for tomorrow')
  await reload(anna)
  await expect(anna.messageOf('ANNA', 'Kept for tomorrow')).toHaveCount(1)
  const { messages } = await anna.exported()
  expect(messages.map(({ text }) => text)).toEqual(['Kept for tomorrow'])

  await page.goto('/room')
  const rooms = page.getByRole('region', { name: 'My rooms' })
  await rooms.getByRole('link', { name: code }).click()
  await anna.expectState('ready')
  await expect(anna.messageOf('ANNA', 'Kept for tomorrow')).toHaveCount(1)

  await page.getByTestId('room-menu').click()
  await page.getByRole('button', { name: 'Forget this room…' }).click()
  await page.getByRole('button', { name: 'Forget it' }).click()
  await expect(page.getByRole('heading', { name: 'Open a room' })).toBeVisible()
  await expect(rooms).toHaveCount(0)
  await page.goto('/room')
  await expect(page.getByRole('heading', { name: 'Open a room' })).toBeVisible()
  await expect(rooms).toHaveCount(0)
  expect(await keptTexts(page)).not.toContain('Kept for tomorrow')
})

async function reload(member: Member): Promise<void> {
  await member.page.reload()
  await member.expectState('ready')
}

async function keepHistory({ page }: Member): Promise<void> {
  await page.getByTestId('room-menu').click()
  const choice = page.getByTestId('keep-history')
  await choice.click({ force: true })
  await expect(choice).toBeChecked()
  await page.keyboard.press('Escape')
}

/** Everything in all databases of the page, as text. */
function keptTexts(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
      })
    const kept: unknown[] = []
    for (const { name } of await indexedDB.databases()) {
      const database = await settle(indexedDB.open(name ?? ''))
      for (const store of database.objectStoreNames) {
        kept.push(await settle(database.transaction(store).objectStore(store).getAll()))
      }
      database.close()
    }
    return JSON.stringify(kept)
  })
}

function pastePicture(page: Page, name: string): Promise<void> {
  const file = { name, base64: readFileSync(join(folder, name)).toString('base64') }
  return page.evaluate(({ name: fileName, base64 }) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], fileName))
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, file)
}

interface Recording {
  recordedNotices?: string[]
}

/** The browser's own notices, and what each says. */
function recordNotices(page: Page): Promise<void> {
  return page.evaluate(() => {
    const recorded = ((window as Recording).recordedNotices = [] as string[])
    window.Notification = new Proxy(Notification, {
      construct: (target, [title, options]: [string, NotificationOptions | undefined]) => {
        recorded.push(options?.body ?? '')
        return new target(title, options)
      },
    })
  })
}

function notices(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as Recording).recordedNotices ?? [])
}

/** As when another window is in front: this browser says of all its pages that they have the focus. */
function lookAway(page: Page): Promise<void> {
  return page.evaluate(() => {
    document.hasFocus = () => false
  })
}

function lookBack(page: Page): Promise<void> {
  return page.evaluate(() => {
    document.hasFocus = () => true
    window.dispatchEvent(new Event('focus'))
  })
}

/** As a date field has it, in local time. */
function dayOf(ms: number): string {
  return new Intl.DateTimeFormat('sv-SE').format(ms)
}
