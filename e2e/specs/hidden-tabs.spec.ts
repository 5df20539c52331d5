import { readFileSync } from 'node:fs'

import type { Browser, Page } from 'puppeteer-core'

import { sha256 } from '@/e2e/fixtures/people'
import { PuppeteerReceiver, PuppeteerSender } from '@/e2e/fixtures/puppeteer-people'
import { expect, skipUnless, test } from '@/e2e/fixtures/real-browsers'
import { plainPicture } from '@/e2e/photos/plain-png'

// Two tabs of one window, of which one is hidden: the normal case on one computer. How fast it goes is the
// bench's to say (npm run bench); here the hidden page's timers do not run at all, and it must go all the same.

skipUnless('xvfb')

for (const hidden of ['receiver', 'sender'] as const) {
  test(`5 MB arrive exactly while the ${hidden}'s tab is hidden and its timers and frames stand still`, async ({
    windowedChromium,
    server,
  }) => {
    const picture = await plainPicture(5)
    const { receiver, sender } = await openTabs(windowedChromium, server.origin)
    await sender.pick(picture.path)

    const [behind, front] =
      hidden === 'receiver' ? [receiver.page, sender.page] : [sender.page, receiver.page]
    await hide(behind, front)
    await stopTimers(behind)
    await sender.send()

    const report = await receiver.report()
    expect(await sender.report()).toEqual(report)
    const digest = sha256(readFileSync(picture.path))
    expect(report).toMatchObject({ exact: true, mode: 'repair', bytes: picture.bytes, sha256: digest })
    expect(await receiver.image(report.transferId)).toMatchObject({ sha256: digest, complete: true })
    await Promise.all([receiver.expectState('done'), sender.expectState('done')])
    const after = await behind.evaluate(() => [document.visibilityState, (window as TabWindow).tab?.wasShown])
    expect(after).toEqual(['hidden', false])
  })
}

type Timer = (callback: (...given: unknown[]) => void, ...rest: unknown[]) => number

interface TabWindow extends Window {
  tab?: { stopped: boolean; wasShown: boolean }
}

async function openTabs(
  browser: Browser,
  origin: string,
): Promise<{ receiver: PuppeteerReceiver; sender: PuppeteerSender }> {
  const receiver = new PuppeteerReceiver(await newTab(browser))
  await receiver.open(origin, 'ANNA')
  const sender = new PuppeteerSender(await newTab(browser))
  await sender.open(origin, await receiver.code(), 'BEN')
  return { receiver, sender }
}

/** A tab whose page can be told to leave all its timers and frames waiting. */
async function newTab(browser: Browser): Promise<Page> {
  const page = await browser.newPage()
  await page.evaluateOnNewDocument(() => {
    const state = { stopped: false, wasShown: false }
    const tab: TabWindow = window
    tab.tab = state
    const timers = window as unknown as Record<string, Timer>
    for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback']) {
      const own = timers[name]?.bind(window)
      if (!own) continue
      timers[name] = (callback, ...rest) =>
        own(
          (...given) => {
            if (!state.stopped) callback(...given)
          },
          ...rest,
        )
    }
    document.addEventListener('visibilitychange', () => {
      if (state.stopped && document.visibilityState === 'visible') state.wasShown = true
    })
  })
  return page
}

async function hide(behind: Page, front: Page): Promise<void> {
  await front.bringToFront()
  await behind.waitForFunction(() => document.visibilityState === 'hidden', { polling: 200 })
  expect(await front.evaluate(() => document.visibilityState)).toBe('visible')
}

/** From now on until the page is closed. */
async function stopTimers(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { tab } = window as TabWindow
    if (tab) tab.stopped = true
  })
}
