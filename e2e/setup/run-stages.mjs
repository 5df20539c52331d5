// Imports nothing that is not installed yet: the first stage installs it.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { npmCommand, runToEnd } from '../../server/bootstrap/child.mjs'
import { Complaint, Interrupted } from '../../server/bootstrap/complaint.mjs'
import { installWhenNeeded } from '../../server/bootstrap/packages.mjs'
import { buildWhenNeeded } from '../../server/bootstrap/pages.mjs'
import { prepareBrowsers } from './browsers.mjs'
import { countEndToEndTests, countUnitTests, verdict } from './counts.mjs'
import { findTool } from './tools.mjs'

/** No run is this long unless something hangs; two slow cores take two thirds of it. */
const STAGES_LIMIT_MS = 60 * 60_000

const ROOT = join(import.meta.dirname, '../..')
const REPORTS = join(ROOT, 'test-results')
const UNIT_REPORT = join(REPORTS, 'unit.json')
const END_TO_END_REPORT = join(REPORTS, 'e2e.json')

/** A stage failed, and has said why on its own. */
class StageFailed extends Error {}

/**
 * Everything there is to check, in order, up to the first stage that fails; ends with the counts line,
 * whatever happens, and with exit code 0 only when nothing failed.
 */
export async function runAllStages() {
  const startedAtMs = Date.now()
  const limit = AbortSignal.timeout(STAGES_LIMIT_MS)
  /** @type {import('./counts.mjs').Counts[]} */
  const counts = []
  let passed = false
  process.chdir(ROOT)
  try {
    await installWhenNeeded(ROOT)
    announce('browsers')
    Object.assign(process.env, await prepareBrowsers(ROOT))
    rmSync(REPORTS, { recursive: true, force: true })
    mkdirSync(REPORTS, { recursive: true })

    await npmRun('format:check', [], limit)
    await npmRun('lint', [], limit)
    await npmRun('types', [], limit)
    const unit = ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`]
    await npmRun('unit', unit, limit, () => {
      counts.push(countUnitTests(readReport(UNIT_REPORT), complain))
    })
    announce('build')
    await buildWhenNeeded(ROOT)
    await npmRun('e2e', [], limit, () => {
      counts.push(
        countEndToEndTests(readReport(END_TO_END_REPORT), (tool) => findTool(tool) !== null, complain),
      )
    })
    passed = true
  } catch (error) {
    const expected =
      error instanceof Complaint || error instanceof Interrupted || error instanceof StageFailed
    console.error(expected ? `shoal: ${error.message}` : error)
  }
  const { line, ok } = verdict(counts, passed)
  console.log(`\nTook ${Math.round((Date.now() - startedAtMs) / 1000)} s.`)
  console.log(line)
  process.exitCode = ok ? 0 : 1
}

/**
 * @param {string} script of package.json
 * @param {string[]} args
 * @param {AbortSignal} limit
 * @param {() => void} [count] reads what the stage reports, whether it passed or not
 * @throws {StageFailed | Interrupted}
 */
async function npmRun(script, args, limit, count) {
  announce(script)
  const npm = npmCommand()
  const { code, aborted, signal } = await runToEnd(
    npm.command,
    [...npm.args, 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])],
    { cwd: ROOT, show: true, abort: limit },
  )
  count?.()
  if (signal) throw new Interrupted(signal)
  if (aborted)
    throw new StageFailed(
      `${script} was ended: all stages together took more than ${STAGES_LIMIT_MS / 60_000} minutes.`,
    )
  if (code !== 0) throw new StageFailed(`${script} failed.`)
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new StageFailed(`there is no report in ${path}.`)
  }
}

/** @param {string} stage */
function announce(stage) {
  console.log(`\n== ${stage}`)
}

/** @param {string} line */
function complain(line) {
  console.log(line)
}
