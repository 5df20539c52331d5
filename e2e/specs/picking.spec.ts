import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from '@playwright/test'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { formatExactBytes } from '@/lib/react/format'

const folder = await generatePhotos()
const path = join(folder, WHOLE.small)

test('a picked picture is described before it is sent: name, type, bytes, height x width x channels, thumbnail', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const { page, pickImage } = await openSender(await receiver.code())
  await pickImage.setInputFiles(path)
  const card = page.getByRole('region', { name: 'The picked picture' })
  await expect(card.getByRole('heading')).toHaveText(WHOLE.small)
  await expect(card).toContainText('image/jpeg')
  await expect(card).toContainText(formatExactBytes(statSync(path).size))
  await expect(card).toContainText('600 × 800 × 3')
  const thumbnail = card.getByRole('img', { name: `Preview of ${WHOLE.small}` })
  await expect.poll(() => thumbnail.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
})

for (const { title, bring } of [
  { title: 'dropped on the page', bring: drop },
  { title: 'pasted', bring: paste },
]) {
  test(`a picture ${title} is sent like a picked one`, async ({ openReceiver, openSender }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code())
    await bring(sender.page, [WHOLE.small])
    await sender.send.click()
    expect(await receiver.report()).toMatchObject({ exact: true, sha256: sha256(readFileSync(path)) })
  })
}

test('several pictures picked together go one after the other at one press', async ({
  openReceiver,
  openSender,
}) => {
  const receiver = await openReceiver()
  const sender = await openSender(await receiver.code())
  const pictures = [WHOLE.small, WHOLE.alpha, WHOLE.webp]
  await sender.pickImage.setInputFiles(pictures.map((name) => join(folder, name)))
  await expect(sender.send).toHaveText('Send 3 pictures')
  await sender.send.click()
  await receiver.report(pictures.length)
  const names = await receiver.finalReports.evaluateAll((reports) =>
    reports.map((report) => (JSON.parse(report.getAttribute('data-report') ?? '') as { name: string }).name),
  )
  expect(names).toEqual(pictures.toReversed())
})

function drop(page: Page, names: readonly string[]): Promise<void> {
  return page.evaluate((files) => {
    const dataTransfer = new DataTransfer()
    for (const { name, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name))
    }
    const init = { dataTransfer, bubbles: true, cancelable: true }
    document.body.dispatchEvent(new DragEvent('dragover', init))
    document.body.dispatchEvent(new DragEvent('drop', init))
  }, names.map(inBase64))
}

function paste(page: Page, names: readonly string[]): Promise<void> {
  return page.evaluate((files) => {
    const clipboardData = new DataTransfer()
    for (const { name, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      clipboardData.items.add(new File([bytes], name))
    }
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, names.map(inBase64))
}

function inBase64(name: string): { name: string; base64: string } {
  return { name, base64: readFileSync(join(folder, name)).toString('base64') }
}
