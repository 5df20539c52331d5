import { expect, skipUnless, test } from '@/e2e/fixtures/real-browsers'

// What the other specs rely on, and what a new version of a browser could take away without a word.

test.describe('a window with two tabs', () => {
  skipUnless('xvfb')

  test('hides and throttles the tab in the background', async ({ windowedChromium, server }) => {
    const behind = await windowedChromium.newPage()
    await behind.goto(server.origin)
    const front = await windowedChromium.newPage()
    await front.goto(server.origin)
    await front.bringToFront()

    await behind.waitForFunction(() => document.visibilityState === 'hidden', { polling: 500 })
    expect(await front.evaluate(() => document.visibilityState)).toBe('visible')
    // Chromium wakes a hidden page's timers once a second; 20 ticks of 15 ms take a visible page 0.3 s.
    const tookMs = await behind.evaluate(async () => {
      const startedAtMs = performance.now()
      for (let tick = 0; tick < 20 && performance.now() - startedAtMs < 3000; tick++) {
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
      return performance.now() - startedAtMs
    })
    expect(tookMs).toBeGreaterThan(1000)
  })
})

test.describe('Firefox', () => {
  skipUnless('firefox')

  test('opens the page and has what the main job needs', async ({ firefox, server }) => {
    const page = await firefox.newPage()
    await page.goto(server.lanOrigin ?? server.origin)
    expect(await page.evaluate(() => typeof RTCPeerConnection)).toBe('function')
    expect(await page.title()).toContain('Shoal')
  })
})

test('an address of the network is no secure context, as on a phone', async ({ page, server }) => {
  test.fail(server.lanOrigin === null, 'this machine has no network')
  await page.goto(server.lanOrigin ?? server.origin)
  expect(await page.evaluate(() => [isSecureContext, 'subtle' in crypto])).toEqual([false, false])
})
