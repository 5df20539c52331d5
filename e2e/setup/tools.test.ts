import { delimiter } from 'node:path'

import { beforeEach, describe, expect, it, vi } from 'vitest'

import { Complaint } from '../../server/bootstrap/complaint.mjs'

import { prepareBrowsers } from './browsers.mjs'
import { SKIP_REASON, findTool, toolOfSkip } from './tools.mjs'

/** A computer with these files, where Playwright would keep its Chromium in /pw/chrome. */
function computerWith(files: string[], env: Record<string, string> = {}) {
  const present = new Set(files)
  return {
    present,
    env: { PATH: ['/usr/local/bin', '/usr/bin'].join(delimiter), ...env },
    exists: (path: string) => present.has(path),
    playwrightChromium: () => '/pw/chrome',
  }
}

describe('finding a tool', () => {
  it('takes the one that the environment names', () => {
    const system = computerWith(['/opt/my chrome', '/pw/chrome', '/usr/bin/chromium'], {
      CHROMIUM_PATH: '/opt/my chrome',
    })
    expect(findTool('chromium', system)).toBe('/opt/my chrome')
  })

  it('takes no other when the environment names one that is not there', () => {
    const system = computerWith(['/usr/bin/chromium'], { CHROMIUM_PATH: '/gone' })
    expect(() => findTool('chromium', system)).toThrow('CHROMIUM_PATH names /gone')
  })

  it("prefers Playwright's own Chromium to the system's", () => {
    expect(findTool('chromium', computerWith(['/pw/chrome', '/usr/bin/chromium']))).toBe('/pw/chrome')
  })

  it('looks along the PATH for every name a Chromium goes by', () => {
    expect(findTool('chromium', computerWith(['/usr/bin/google-chrome-stable']))).toBe(
      '/usr/bin/google-chrome-stable',
    )
    expect(findTool('chromium', computerWith(['/usr/bin/google-chrome', '/usr/local/bin/chromium']))).toBe(
      '/usr/local/bin/chromium',
    )
  })

  it('finds Firefox and Xvfb as well, but never takes a Chromium for them', () => {
    const system = computerWith(['/pw/chrome', '/usr/bin/firefox-esr', '/usr/bin/Xvfb'])
    expect(findTool('firefox', system)).toBe('/usr/bin/firefox-esr')
    expect(findTool('xvfb', system)).toBe('/usr/bin/Xvfb')
    expect(findTool('firefox', computerWith(['/pw/chrome']))).toBeNull()
  })

  it('knows the photographs and the link tool by their variables alone', () => {
    expect(findTool('photos', computerWith(['/photos']))).toBeNull()
    expect(findTool('photos', computerWith(['/photos'], { SHOAL_PHOTOS: '/photos' }))).toBe('/photos')
    expect(findTool('link-tool', computerWith(['/two'], { SHOAL_LINK_TOOL: '/two' }))).toBe('/two')
  })

  it('has a link of its own where there is a compiler and hosts may be made', () => {
    const system = computerWith(['/usr/bin/cc'])
    expect(findTool('own-link', { ...system, mayMakeHosts: () => true })).toBe('/usr/bin/cc')
    expect(findTool('own-link', { ...system, mayMakeHosts: () => false })).toBeNull()
    expect(findTool('own-link', { ...computerWith([]), mayMakeHosts: () => true })).toBeNull()
  })
})

describe('preparing the browsers', () => {
  const everything = ['/usr/bin/chromium', '/usr/bin/firefox-esr', '/usr/bin/Xvfb', '/usr/bin/turnserver']
  const print = vi.spyOn(console, 'log')

  beforeEach(() => {
    print.mockReset().mockImplementation(() => undefined)
  })

  it('installs nothing where everything works', async () => {
    const run = vi.fn(async () => true)
    const found = await prepareBrowsers('/repo', { system: computerWith(everything), run, isRoot: true })
    expect(found).toEqual({
      CHROMIUM_PATH: '/usr/bin/chromium',
      FIREFOX_PATH: '/usr/bin/firefox-esr',
      XVFB_PATH: '/usr/bin/Xvfb',
      TURNSERVER_PATH: '/usr/bin/turnserver',
    })
    expect(run.mock.calls.map((call: unknown[]) => call[0])).toEqual(everything)
  })

  it("passes over Playwright's Chromium when its libraries are missing", async () => {
    const system = computerWith(['/pw/chrome', ...everything])
    const run = async (command: string) => command !== '/pw/chrome'
    expect(await prepareBrowsers('/repo', { system, run, isRoot: true })).toMatchObject({
      CHROMIUM_PATH: '/usr/bin/chromium',
    })
  })

  it("asks Playwright for its own first, then root's packages", async () => {
    const system = computerWith(everything.slice(1))
    const commands: string[] = []
    const run = async (command: string, args: string[]) => {
      commands.push([command === process.execPath ? 'playwright' : command, ...args.slice(-2)].join(' '))
      if (command === process.execPath) return false
      if (args.includes('chromium')) system.present.add('/usr/bin/chromium')
      return true
    }
    const found = await prepareBrowsers('/repo', { system, run, isRoot: true })
    expect(found['CHROMIUM_PATH']).toBe('/usr/bin/chromium')
    expect(commands.slice(0, 5)).toEqual([
      'playwright install chromium',
      'apt-get --version',
      'apt-get update',
      'apt-get --no-install-recommends chromium',
      '/usr/bin/chromium --version',
    ])
  })

  it('says what to do when there is no Chromium at all, and runs no apt-get without the right to', async () => {
    const run = vi.fn(async (_command: string) => false)
    const prepared = prepareBrowsers('/repo', { system: computerWith([]), run, isRoot: false })
    await expect(prepared).rejects.toThrow(Complaint)
    await expect(prepared).rejects.toThrow(/Install Chromium or Chrome, or let CHROMIUM_PATH name one/)
    expect(run.mock.calls.map(([command]) => command)).toEqual([process.execPath])
  })

  it('goes on without Firefox, Xvfb and a TURN server, and says what is skipped', async () => {
    const run = async (command: string) => command === '/usr/bin/chromium'
    const found = await prepareBrowsers('/repo', {
      system: computerWith(['/usr/bin/chromium']),
      run,
      isRoot: true,
    })
    expect(found).toEqual({ CHROMIUM_PATH: '/usr/bin/chromium' })
    expect(
      print.mock.calls
        .flat()
        .filter((line) => /^(firefox|xvfb|turnserver): none.*skipped/.test(String(line))),
    ).toHaveLength(3)
  })
})

describe('the reason of a skip', () => {
  it('is understood when it names a tool', () => {
    expect(toolOfSkip(`${SKIP_REASON}firefox`)).toBe('firefox')
  })

  it.each([undefined, '', 'flaky', SKIP_REASON, `${SKIP_REASON}patience`, `${SKIP_REASON}toString`])(
    'is no reason when it is %j',
    (description) => {
      expect(toolOfSkip(description)).toBeNull()
    },
  )
})
