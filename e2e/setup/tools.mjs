import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/**
 * What a test may need beside the project itself. Each is looked for in the environment variable first,
 * then (a browser) where Playwright keeps its own, then on this computer.
 *
 * @typedef {'chromium' | 'firefox' | 'xvfb' | 'turnserver' | 'photos' | 'link-tool' | 'own-link'} ToolName
 * @typedef {object} Tool
 * @property {string} env the variable that names its path
 * @property {string[]} commands names to look for on the PATH, best first
 * @property {string[]} places full paths outside the PATH
 * @property {string[]} packages names of the system's package, best first
 * @property {string} use what to do when it is missing
 */

/** @type {Record<ToolName, Tool>} */
export const TOOLS = {
  chromium: {
    env: 'CHROMIUM_PATH',
    commands: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      'chrome',
      'microsoft-edge',
    ],
    places: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
    packages: ['chromium', 'chromium-browser'],
    use: 'Install Chromium or Chrome, or let CHROMIUM_PATH name one.',
  },
  firefox: {
    env: 'FIREFOX_PATH',
    commands: ['firefox', 'firefox-esr'],
    places: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
    packages: ['firefox-esr', 'firefox'],
    use: 'Install Firefox, or let FIREFOX_PATH name one.',
  },
  xvfb: {
    env: 'XVFB_PATH',
    commands: ['Xvfb'],
    places: [],
    packages: ['xvfb'],
    use: 'Install Xvfb, or let XVFB_PATH name it.',
  },
  turnserver: {
    env: 'TURNSERVER_PATH',
    commands: ['turnserver'],
    places: [],
    packages: ['coturn'],
    use: 'Install coturn, or let TURNSERVER_PATH name its turnserver.',
  },
  photos: {
    env: 'SHOAL_PHOTOS',
    commands: [],
    places: [],
    packages: [],
    use: 'Let SHOAL_PHOTOS name a folder of photographs.',
  },
  'link-tool': {
    env: 'SHOAL_LINK_TOOL',
    commands: [],
    places: [],
    packages: [],
    use: 'Let SHOAL_LINK_TOOL name the program that joins two hosts by a bad link.',
  },
  'own-link': {
    env: 'SHOAL_CC',
    commands: ['cc', 'gcc', 'clang'],
    places: [],
    packages: [],
    use: 'On Linux, run as root with iproute2 and a C compiler installed: the emulated link is made of those.',
  },
}

/**
 * The part of the computer that the search looks at; a test hands in its own.
 * @typedef {object} System
 * @property {Record<string, string | undefined>} env
 * @property {(path: string) => boolean} exists an executable file, or a folder
 * @property {() => string | null} playwrightChromium where Playwright would keep its own Chromium
 * @property {() => boolean} [mayMakeHosts] whether this process may make network namespaces and TUN devices
 */

/** @type {System} */
export const thisSystem = {
  env: process.env,
  exists: (path) => {
    try {
      accessSync(path, constants.X_OK)
      return statSync(path, { throwIfNoEntry: false }) !== undefined
    } catch {
      return false
    }
  },
  playwrightChromium: () => {
    try {
      return createRequire(import.meta.url)('@playwright/test').chromium.executablePath()
    } catch {
      return null
    }
  },
  mayMakeHosts: () => {
    if (process.platform !== 'linux' || !existsSync('/dev/net/tun')) return false
    // In a container root is not always root: only trying tells.
    const netns = (/** @type {string} */ verb) =>
      spawnSync('ip', ['netns', verb, `shoal-try-${process.pid}`], { stdio: 'ignore' }).status === 0
    return netns('add') && netns('delete')
  },
}

/**
 * Where a tool is, or null. A variable that names what is not there is an error, not a reason to take another.
 * @param {ToolName} name
 * @param {System} [system]
 * @returns {string | null}
 */
export function findTool(name, system = thisSystem) {
  return findAll(name, system)[0] ?? null
}

/**
 * Every place that has the tool, best first; the one that its variable names stands alone.
 * @param {ToolName} name
 * @param {System} [system]
 * @returns {string[]}
 */
export function findAll(name, system = thisSystem) {
  const { env, commands, places } = TOOLS[name]
  if (name === 'own-link' && !system.mayMakeHosts?.()) return []
  const named = system.env[env]
  if (named) {
    if (system.exists(named)) return [named]
    throw new Error(`${env} names ${named}, and there is nothing that can be used.`)
  }
  const own = name === 'chromium' ? system.playwrightChromium() : null
  const folders = (system.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  return [...(own ? [own] : []), ...onPath, ...places].filter((path) => system.exists(path))
}

/** Begins the reason of every test that is skipped for want of a tool; the runner accepts no other reason. */
export const SKIP_REASON = 'needs the tool '

/**
 * The tool that a test was skipped for, or null when it was skipped for any other reason.
 * @param {string | undefined} description of Playwright's `skip` annotation
 * @returns {ToolName | null}
 */
export function toolOfSkip(description) {
  const name = description?.startsWith(SKIP_REASON) ? description.slice(SKIP_REASON.length) : ''
  return Object.hasOwn(TOOLS, name) ? /** @type {ToolName} */ (name) : null
}
