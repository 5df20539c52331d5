import { join } from 'node:path'

import { defineConfig } from '@playwright/test'

import { CHROMIUM_FLAGS } from '@/e2e/setup/chromium-flags.mjs'
import { findTool } from '@/e2e/setup/tools.mjs'
import { buildWhenNeeded } from '@/server/bootstrap/pages.mjs'

const ROOT = join(import.meta.dirname, '../..')

await buildWhenNeeded(ROOT)
const executablePath = findTool('chromium')

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  // Emptied by Playwright when a run begins: what is found there belongs to this run.
  outputDir: join(ROOT, 'test-results/bench'),
  reporter: 'list',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 30 * 60_000,
  use: {
    trace: 'off',
    launchOptions: { args: CHROMIUM_FLAGS, ...(executablePath ? { executablePath } : {}) },
  },
  projects: [{ name: 'bench' }],
})
