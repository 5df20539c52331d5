/**
 * Chromium takes the last list of features it is given, so those that Playwright turns off are named again beside
 * the two of ours: with every window, and so with every context of a test, Chromium loads pages of its own for the
 * address bar, hundreds of modules each, where there is nobody to type.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

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
  `--disable-features=${FEATURES_OFF.join(',')}`,
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
