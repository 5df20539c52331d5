import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { npmCommand, runToEnd } from './child.mjs'
import { diskFull, throwIfFailed } from './complaint.mjs'
import { FULL_BYTES, INSTALL_BYTES, freeBytes } from './disk.mjs'

/** npm's own record of what it installed, written last. */
const RECORD = 'node_modules/.package-lock.json'

/**
 * Installs exactly what the lockfile says, unless that is what stands in node_modules already.
 * @param {string} root the repository
 * @throws {import('./complaint.mjs').Complaint}
 */
export async function installWhenNeeded(root) {
  if (packagesAreInstalled(root)) return
  if (freeBytes(root) < INSTALL_BYTES) throw diskFull('install')
  console.log('Installing the packages; this takes a minute, once.')
  const npm = npmCommand()
  const result = await runToEnd(
    npm.command,
    [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    // npm does not listen to Ctrl-C while it unpacks, and leaves nothing that a next run would trust.
    { cwd: root, graceMs: 1_000 },
  )
  const free = freeBytes(root)
  // Its record would vouch for files that are cut short.
  if (free < FULL_BYTES) rmSync(join(root, RECORD), { force: true })
  throwIfFailed('install', result, free)
}

/**
 * Whether node_modules holds what package-lock.json asks for, entry by entry by npm's own record, so that
 * an `npm install` by hand counts too.
 * @param {string} root
 */
export function packagesAreInstalled(root) {
  const wanted = readLock(join(root, 'package-lock.json'))
  const installed = readLock(join(root, RECORD))
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(([path, entry]) => {
    // The root itself, and binaries for other platforms.
    if (path === '' || entry.optional) return true
    const found = installed[path]
    return (
      found !== undefined &&
      found.version === entry.version &&
      found.integrity === entry.integrity &&
      existsSync(join(root, path, 'package.json'))
    )
  })
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockEntry
 * @param {string} path
 * @returns {Record<string, LockEntry> | null}
 */
function readLock(path) {
  try {
    const { packages } = JSON.parse(readFileSync(path, 'utf8'))
    return packages ?? null
  } catch {
    return null
  }
}
