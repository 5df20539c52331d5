import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { npmCommand, runToEnd } from './child.mjs'
import { throwIfFailed } from './complaint.mjs'
import { freeBytes } from './disk.mjs'

/** What the build is made of; a folder stands for every file in it. */
const SOURCES = [
  'app',
  'lib',
  'public',
  'next.config.ts',
  'package.json',
  'package-lock.json',
  'postcss.config.mjs',
  'tsconfig.json',
]

const NOT_BUILT = /\.test\.tsx?$|\.md$|\.tsbuildinfo$/

/** In the build folder, which Next empties first: a build that fails leaves no record. */
const RECORD = '.next/shoal-sources'

/**
 * Builds the pages unless the last build was made of these very sources. Times are not compared: a file
 * that is deleted, or checked out with an old date, changes the pages as well.
 * @param {string} root the repository
 * @throws {import('./complaint.mjs').Complaint}
 */
export async function buildWhenNeeded(root) {
  if (pagesAreBuilt(root)) return
  console.log('Building the pages; this takes half a minute after each change.')
  const npm = npmCommand()
  const result = await runToEnd(npm.command, [...npm.args, 'run', 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  throwIfFailed('build', result, freeBytes(root))
}

/** @param {string} root */
export function pagesAreBuilt(root) {
  const record = join(root, RECORD)
  return (
    existsSync(join(root, '.next/BUILD_ID')) &&
    existsSync(record) &&
    readFileSync(record, 'utf8') === fingerprintOfSources(root)
  )
}

/**
 * @param {string} root
 * @param {string} fingerprint taken before the build began
 */
export function recordBuild(root, fingerprint) {
  writeFileSync(join(root, RECORD), fingerprint)
}

/**
 * SHA-256 over the names and bytes of all sources, and over where they are: the build holds absolute paths.
 * @param {string} root
 */
export function fingerprintOfSources(root) {
  const hash = createHash('sha256').update(root)
  for (const path of SOURCES.flatMap((source) => filesOf(root, source))) {
    const bytes = readFileSync(join(root, path))
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {string} source
 * @returns {string[]}
 */
function filesOf(root, source) {
  const stats = statSync(join(root, source), { throwIfNoEntry: false })
  if (!stats) return []
  if (stats.isFile()) return [source]
  return readdirSync(join(root, source))
    .sort()
    .flatMap((name) => (NOT_BUILT.test(name) ? [] : filesOf(root, `${source}/${name}`)))
}
