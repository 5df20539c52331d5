import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { runToEnd } from '../../server/bootstrap/child.mjs'
import { Complaint, Interrupted } from '../../server/bootstrap/complaint.mjs'
import { TOOLS, findAll, thisSystem } from './tools.mjs'

/** A browser that cannot say its version in this time will not run tests either. */
const VERSION_LIMIT_MS = 30_000
const DOWNLOAD_LIMIT_MS = 240_000
const PACKAGE_LIMIT_MS = 300_000

/** Firefox speaks to us by WebDriver BiDi, so Playwright's own patched one is of no use. */
/** @typedef {'chromium' | 'firefox' | 'xvfb' | 'turnserver'} Wanted */

/** @type {{ name: Wanted, required: boolean }[]} */
const WANTED = [
  { name: 'chromium', required: true },
  { name: 'firefox', required: false },
  { name: 'xvfb', required: false },
  { name: 'turnserver', required: false },
]

/**
 * @typedef {(command: string, args: string[], limitMs: number) => Promise<boolean>} Run
 *   whether the command ended well
 */

/**
 * Finds what the end-to-end tests need, or installs it: by Playwright's download, else by the system's
 * packages. A Chromium there must be; what needs the others is skipped where they cannot be had.
 * @param {string} root the repository
 * @param {{ system?: import('./tools.mjs').System, run?: Run, isRoot?: boolean }} [fakes]
 * @returns {Promise<Record<string, string>>} environment variables that name what was found to work
 * @throws {Complaint} when there is no Chromium
 */
export async function prepareBrowsers(
  root,
  { system = thisSystem, run = runnerIn(root), isRoot = amRoot() } = {},
) {
  /** @type {Record<string, string>} */
  const found = {}
  for (const { name, required } of WANTED) {
    const { env, use } = TOOLS[name]
    const path = (await findWorking(name, system, run)) ?? (await install(name, system, run, isRoot))
    if (path) found[env] = path
    else if (required)
      throw new Complaint(`there is no ${name} that works, and none could be installed. ${use}`)
    console.log(
      `${name}: ${path ?? `none, and none could be installed; the tests that need it are skipped. ${use}`}`,
    )
  }
  return found
}

/**
 * @param {Wanted} name
 * @param {import('./tools.mjs').System} system
 * @param {Run} run
 * @returns {Promise<string | null>}
 */
async function findWorking(name, system, run) {
  for (const path of findAll(name, system)) {
    // A stub that only says "install the snap", or a download without its libraries, fails here.
    if (await run(path, [name === 'xvfb' ? '-help' : '--version'], VERSION_LIMIT_MS)) return path
  }
  return null
}

/**
 * @param {Wanted} name
 * @param {import('./tools.mjs').System} system
 * @param {Run} run
 * @param {boolean} isRoot
 * @returns {Promise<string | null>}
 */
async function install(name, system, run, isRoot) {
  if (name === 'chromium') {
    console.log('chromium: none found; asking Playwright for its own.')
    await run(process.execPath, [playwrightCli(), 'install', 'chromium'], DOWNLOAD_LIMIT_MS)
    const path = await findWorking(name, system, run)
    if (path) return path
  }
  if (!isRoot || !(await run('apt-get', ['--version'], VERSION_LIMIT_MS))) return null
  console.log(`${name}: none found; asking the system's packages.`)
  await run('apt-get', ['update'], PACKAGE_LIMIT_MS)
  for (const package_ of TOOLS[name].packages) {
    const args = ['install', '-y', '--no-install-recommends', package_]
    if (!(await run('apt-get', args, PACKAGE_LIMIT_MS))) continue
    const path = await findWorking(name, system, run)
    if (path) return path
  }
  return null
}

/**
 * @param {string} root
 * @returns {Run}
 */
function runnerIn(root) {
  return async (command, args, limitMs) => {
    const { code, signal } = await runToEnd(command, args, {
      cwd: root,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      abort: AbortSignal.timeout(limitMs),
    })
    if (signal) throw new Interrupted(signal)
    return code === 0
  }
}

function playwrightCli() {
  return join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js')
}

function amRoot() {
  return process.getuid?.() === 0
}
