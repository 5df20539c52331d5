/**
 * How every Chromium of the tests is started. Nothing here hides what a user has: local addresses stay
 * behind mDNS names, hidden tabs stay throttled, the sandbox is off only where there is none to be had.
 */
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/**
 * What Playwright and Puppeteer add so that a hidden tab runs like a visible one; a test of hidden tabs
 * passes this list as `ignoreDefaultArgs`.
 */
export const FLAGS_AGAINST_THROTTLING = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]
