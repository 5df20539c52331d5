import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { runToEnd } from './child.mjs'
import { Complaint, Interrupted, throwIfFailed } from './complaint.mjs'
import { complaintAboutNode } from './node-version.mjs'
import { packagesAreInstalled } from './packages.mjs'
import { fingerprintOfSources, pagesAreBuilt, recordBuild } from './pages.mjs'
import { checkPort } from './port.mjs'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shoal bootstrap '))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '21.0.0', '22.12.0', '26.1.0'])('takes %s', (version) => {
    expect(complaintAboutNode(version)).toBeNull()
  })

  it.each(['12.22.12', '18.20.8', '20.18.3'])('refuses %s in one line that names it', (version) => {
    const complaint = complaintAboutNode(version)
    expect(complaint).toContain(version)
    expect(complaint).not.toContain('\n')
  })
})

describe('the packages', () => {
  const lock = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-darwin': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  }

  beforeEach(() => {
    write('package-lock.json', JSON.stringify({ packages: lock }))
    write(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/a': lock['node_modules/a'] } }),
    )
    write('node_modules/a/package.json', '{}')
  })

  it('are installed when npm has recorded what the lockfile asks for, other platforms aside', () => {
    expect(packagesAreInstalled(root)).toBe(true)
  })

  it('are not installed on a fresh clone', () => {
    rmSync(join(root, 'node_modules'), { recursive: true })
    expect(packagesAreInstalled(root)).toBe(false)
  })

  it('are not installed once the lockfile asks for another version', () => {
    const other = { ...lock, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-c' } }
    write('package-lock.json', JSON.stringify({ packages: other }))
    expect(packagesAreInstalled(root)).toBe(false)
  })

  it('are not installed when a folder has been deleted', () => {
    rmSync(join(root, 'node_modules/a'), { recursive: true })
    expect(packagesAreInstalled(root)).toBe(false)
  })

  it('are not installed when the record is cut short', () => {
    write('node_modules/.package-lock.json', '{ "packages": {')
    expect(packagesAreInstalled(root)).toBe(false)
  })
})

describe('the pages', () => {
  beforeEach(() => {
    write('app/page.tsx', 'one')
    write('lib/deep/down.ts', 'two')
    write('.next/BUILD_ID', 'id')
    recordBuild(root, fingerprintOfSources(root))
  })

  it('are built when nothing has changed since', () => {
    expect(pagesAreBuilt(root)).toBe(true)
  })

  it('are not built after a source was changed, added, deleted or renamed', () => {
    const changes = [
      () => write('lib/deep/down.ts', 'TWO'),
      () => write('lib/deep/new.ts', ''),
      () => rmSync(join(root, 'lib/deep/down.ts')),
      () => write('next.config.ts', ''),
    ]
    for (const change of changes) {
      recordBuild(root, fingerprintOfSources(root))
      expect(pagesAreBuilt(root)).toBe(true)
      change()
      expect(pagesAreBuilt(root)).toBe(false)
    }
  })

  it('stay built when only a test or a text about the code has changed', () => {
    write('lib/deep/down.test.ts', 'three')
    write('lib/deep/SPEC.md', 'four')
    expect(pagesAreBuilt(root)).toBe(true)
  })

  it('are not built when the build left no id', () => {
    rmSync(join(root, '.next/BUILD_ID'))
    expect(pagesAreBuilt(root)).toBe(false)
  })
})

describe('the port', () => {
  it('is complained about in one line when it is taken, and not when it is free', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const env = { PORT: String((taken.address() as AddressInfo).port), HOST: '127.0.0.1' }
    await expect(checkPort(env)).rejects.toThrow(/^port \d+ is taken\. .*PORT=\d+ npm start$/)
    await once(taken.close(), 'close')
    await expect(checkPort(env)).resolves.toBeUndefined()
  })

  it('is left to the server to judge when it is no port', async () => {
    await expect(checkPort({ PORT: 'seventy' })).resolves.toBeUndefined()
  })
})

describe('a failed step', () => {
  const failed = { code: 1, signal: null }
  const ROOMY = 1e12

  it('names a full disk without the noise of the command', () => {
    const output = 'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write'
    expect(() => throwIfFailed('install', { ...failed, output }, ROOMY)).toThrow(/^the disk is full/)
    expect(() => throwIfFailed('build', { ...failed, output }, ROOMY)).toThrow(/^the disk is full/)
  })

  it('is a full disk as well when the command claims success and no room is left', () => {
    expect(() => throwIfFailed('install', { code: 0, output: '', signal: null }, 4096)).toThrow(
      /^the disk is full/,
    )
  })

  it('names a missing connection, but only where one is needed', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const output = 'npm error request to the registry failed, reason: getaddrinfo ENOTFOUND'
    expect(() => throwIfFailed('install', { ...failed, output }, ROOMY)).toThrow(/could not be downloaded/)
    expect(print).not.toHaveBeenCalled()
    expect(() => throwIfFailed('build', { ...failed, output }, ROOMY)).toThrow(/building the pages failed/)
    expect(print).toHaveBeenCalledExactlyOnceWith(output)
    print.mockRestore()
  })

  it('passes for nothing when it succeeded, and for an interruption when a signal came', () => {
    expect(() => throwIfFailed('build', { code: 0, output: 'ENOSPC', signal: null }, ROOMY)).not.toThrow(
      Complaint,
    )
    expect(() => throwIfFailed('build', { code: 1, output: '', signal: 'SIGINT' }, ROOMY)).toThrow(
      Interrupted,
    )
  })
})

describe('a command', () => {
  it('is run to its end, with its output and its code', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(3)'
    const { code, output, aborted } = await runToEnd(process.execPath, ['-e', script], { cwd: root })
    expect({ code, lines: output.trim().split('\n').sort(), aborted }).toEqual({
      code: 3,
      lines: ['err', 'out'],
      aborted: false,
    })
  })

  it('takes what it started down with it when it is aborted', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const abort = new AbortController()
    const grandchild = once(server, 'connection').then(([socket]) => {
      abort.abort()
      // A killed process resets its connection; that is news enough.
      return once(socket as Socket, 'close').catch(() => undefined)
    })
    const connect = `require('net').connect(${(server.address() as AddressInfo).port}, '127.0.0.1').resume()`
    const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(connect)}]); setInterval(() => 0, 1000)`

    const result = await runToEnd(process.execPath, ['-e', script], { cwd: root, abort: abort.signal })
    await grandchild
    server.close()
    expect(result.aborted).toBe(true)
  })

  it('that does not exist is a failure and not an exception', async () => {
    const { code, output } = await runToEnd('shoal-has-no-such-command', [], { cwd: root })
    expect(code).toBe(127)
    expect(output).toContain('ENOENT')
  })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
