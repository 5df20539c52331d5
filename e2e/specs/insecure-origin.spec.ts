import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generatePhotos, WHOLE } from '@/e2e/photos/generate'
import { sha256 } from '@/e2e/fixtures/people'
import { expect, test } from '@/e2e/fixtures/test'
import { CHROMIUM_FLAGS } from '@/e2e/setup/chromium-flags.mjs'
import { findTool } from '@/e2e/setup/tools.mjs'

const executablePath = findTool('chromium')
const folder = await generatePhotos()

/** A name that is no localhost, at an address that any machine has: what a phone on the Wi-Fi gets, a page without a secure context. */
test.use({
  launchOptions: {
    args: [...CHROMIUM_FLAGS, '--host-resolver-rules=MAP lan.test 127.0.0.1'],
    ...(executablePath ? { executablePath } : {}),
  },
  baseURL: async ({ server }, use) => {
    await use(`http://lan.test:${server.port}`)
  },
})

for (const { title, compress, photo } of [
  { title: 'as it is', compress: 'off', photo: WHOLE.medium },
  { title: 'compressed', compress: undefined, photo: WHOLE.large },
] as const) {
  test(`a photo arrives exactly over plain http, ${title}`, async ({ openReceiver, openSender }) => {
    const receiver = await openReceiver()
    const sender = await openSender(await receiver.code(), { compress })
    for (const { page } of [receiver, sender]) {
      expect(new URL(page.url()).hostname).toBe('lan.test')
      expect(await page.evaluate(() => [isSecureContext, 'subtle' in crypto])).toEqual([false, false])
    }
    await sender.sendPicture(join(folder, photo))
    const report = await receiver.report()
    expect(await sender.report()).toEqual(report)
    await receiver.expectState('done', null)
    await sender.expectState('done', null)
    const saved = await receiver.save()
    expect(saved.sha256).toBe(report.sha256)
    if (compress === 'off') expect(saved.sha256).toBe(sha256(readFileSync(join(folder, photo))))
  })
}
