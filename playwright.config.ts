import { defineConfig } from '@playwright/test'

import { CHROMIUM_FLAGS } from './e2e/setup/chromium-flags.mjs'
import { findTool } from './e2e/setup/tools.mjs'

const executablePath = findTool('chromium')

/** Their tests wait by the clock, for minutes in sum, and the processor has others to serve meanwhile. */
const WAITING = /\/(emulated-link|link-cut|reconnect|relay|repair-loss|room-away)\.spec\.ts$/

export default defineConfig({
  testDir: 'e2e/specs',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  // Each page encodes, hashes and counts packets: one worker for them, and one for those that wait.
  workers: 2,
  fullyParallel: false,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    // Without the film: recording it takes the processor from the pages under test. Without snapshots: for them the
    // tool asks in the page's name for what the page has loaded, and is refused by its content security policy.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false, sources: true },
    launchOptions: { args: CHROMIUM_FLAGS, ...(executablePath ? { executablePath } : {}) },
  },
  projects: [
    { name: 'chromium', testIgnore: WAITING, workers: 1 },
    { name: 'waiting', testMatch: WAITING, workers: 1 },
  ],
})
