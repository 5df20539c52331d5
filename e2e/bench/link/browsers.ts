import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { chromium } from '@playwright/test'
import type { Browser } from '@playwright/test'

import type { Host } from '@/e2e/link/link'
import { CHROMIUM_FLAGS } from '@/e2e/setup/chromium-flags.mjs'
import { findTool } from '@/e2e/setup/tools.mjs'

/** Starts Chromium on a host. Playwright speaks to it through inherited pipes, so no network of ours is needed. */
export async function openChromium(host: Host): Promise<Browser> {
  const path = findTool('chromium')
  if (path === null) throw new Error('there is no Chromium; let CHROMIUM_PATH name one')
  const folder = mkdtempSync(join(tmpdir(), 'shoal-chromium-'))
  const wrapper = join(folder, 'chromium')
  writeFileSync(wrapper, `#!/bin/sh\nexec ${host.wrap(path, []).map(quote).join(' ')} "$@"\n`)
  chmodSync(wrapper, 0o755)
  const browser = await chromium.launch({ executablePath: wrapper, args: CHROMIUM_FLAGS })
  browser.on('disconnected', () => rmSync(folder, { recursive: true, force: true }))
  return browser
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
