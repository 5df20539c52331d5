import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { chromium } from '@playwright/test'
import type { Page } from '@playwright/test'

import { ServerProcess } from '@/e2e/fixtures/server-process'
import { CHROMIUM_FLAGS } from '@/e2e/setup/chromium-flags.mjs'
import { findTool } from '@/e2e/setup/tools.mjs'
import { LAB_RUN_EVENT } from '@/lib/lab/automation'
import { BUILT_IN_PICTURE } from '@/lib/lab/defaults'
import { plannedRuns } from '@/lib/lab/experiment'
import type { Experiment } from '@/lib/lab/experiment'
import { encodeExperiment } from '@/lib/lab/experiment-link'
import { formatResults, runResultSchema } from '@/lib/lab/results'
import type { RunResult } from '@/lib/lab/results'

import type { HeadlessBench } from './headless'

/** What the page needs for the slowest run there may be, beyond its deadline: connections, warming and measuring. */
const AROUND_A_RUN_MS = 240_000

const STARTS_MAX_MS = 10_000

/** The lab's own page in a Chromium, over the emulator of a server of its own: as a person would run it. */
export async function openEmulated(
  experimentFile: string,
): Promise<HeadlessBench & { close(): Promise<void> }> {
  const path = findTool('chromium')
  if (path === null)
    throw new Error('there is no Chromium; let CHROMIUM_PATH name one, or run npm test first')
  const browser = await chromium.launch({
    ...{ executablePath: path, args: CHROMIUM_FLAGS },
    // The page is asked to stop first.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  })
  const server = await ServerProcess.start({ env: { SHOAL_LAB: 'on' } })
  return {
    means: 'emulator',
    browser: `Chromium ${browser.version()}`,
    async make(signal, experiment, made, onRun) {
      const page = await browser.newPage()
      const results = new Map(made.runs.map((run) => [run.key, run]))
      const take = (result: RunResult) => {
        if (results.has(result.key)) return
        results.set(result.key, result)
        onRun(result)
      }
      await listen(page, take)
      await page.goto(`${server.origin}/lab#${encodeExperiment(experiment)}`)
      if (made.runs.length > 0) {
        const name = 'results.json'
        // The page goes on only with what the same browser has made.
        const userAgent = await page.evaluate(() => navigator.userAgent)
        const file = formatResults({ ...made, browser: userAgent })
        await page
          .getByTestId('lab-open')
          .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(file) })
      }
      await page.getByTestId('lab-pictures').setInputFiles(picturesOf(experiment, dirname(experimentFile)))
      const run = page.getByTestId('lab-run')
      await run.click({ timeout: 60_000 })
      const stop = () =>
        void page
          .getByTestId('lab-stop')
          .click()
          .catch(() => undefined)
      signal.addEventListener('abort', stop, { once: true })
      const progress = page.getByTestId('lab-progress')
      // Where nothing is left to be made it never runs.
      const running = page.locator('[data-testid="lab-progress"][data-phase="running"]')
      await running.waitFor({ timeout: STARTS_MAX_MS }).catch(() => undefined)
      for (;;) {
        const before = results.size
        const idle = page.locator('[data-testid="lab-progress"][data-phase="idle"]')
        const isOver = await idle.waitFor({ timeout: experiment.deadlineMs + AROUND_A_RUN_MS }).then(
          () => true,
          () => false,
        )
        if (isOver) break
        if (results.size === before) throw new Error(`stuck: ${await progress.innerText()}`)
      }
      const error = page.getByTestId('lab-error')
      if (await error.isVisible()) process.stderr.write(`${await error.innerText()}\n`)
      await page.close()
      return plannedRuns(experiment).filter(({ key }) => !results.has(key))
    },
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

/** The files of an experiment's pictures lie beside it; the built-in one is the page's own. */
function picturesOf(experiment: Experiment, folder: string): string[] {
  return experiment.pictures
    .filter(({ name, bytes }) => name !== BUILT_IN_PICTURE.name || bytes !== BUILT_IN_PICTURE.bytes)
    .map(({ name }) => {
      const file = join(folder, name)
      if (!existsSync(file)) throw new Error(`${file}: the experiment's picture is not there`)
      return file
    })
}

async function listen(page: Page, take: (result: RunResult) => void): Promise<void> {
  await page.exposeFunction('takeLabRun', (given: unknown) => {
    take(runResultSchema.parse(given))
  })
  await page.addInitScript((event) => {
    window.addEventListener(event, (made) => {
      const { takeLabRun } = window as unknown as { takeLabRun: (run: unknown) => void }
      takeLabRun((made as CustomEvent).detail)
    })
  }, LAB_RUN_EVENT)
}
