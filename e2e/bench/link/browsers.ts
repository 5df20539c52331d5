import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { chromium } from '@playwright/test'
import type { Browser } from '@playwright/test'

import type { Host } from '@/e2e/link/link'
import { CHROMIUM_FLAGS } from '@/e2e/setup/chromium-flags.mjs'
import { findTool } from '@/e2e/setup/tools.mjs'

/** Starts Chromium on a host, by a script of its own in the folder. Playwright speaks to it through inherited pipes, so no network of ours is needed. */
export async function openChromium(host: Host, folder: string, name: string): Promise<Browser> {
  const path = findTool('chromium')
  if (path === null) throw new Error('there is no Chromium; let CHROMIUM_PATH name one')
  const wrapper = join(folder, `chromium-${name}`)
  writeFileSync(wrapper, `#!/bin/sh\nexec ${host.wrap(path, []).map(quote).join(' ')} "$@"\n`)
  chmodSync(wrapper, 0o755)
  return chromium.launch({
    executablePath: wrapper,
    args: CHROMIUM_FLAGS,
    // Whoever opened it closes it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
