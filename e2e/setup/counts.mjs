import { toolOfSkip } from './tools.mjs'

/**
 * What became of the tests: `passed` and `failed` ran; `skipped` did not, for want of a tool that is not there.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Counts Vitest's JSON report. A unit test needs no tool, so one that did not run has failed.
 * @param {{ testResults: { name: string, assertionResults: { status: string, fullName: string }[] }[] }} report
 * @param {(line: string) => void} complain
 * @returns {Counts}
 */
export function countUnitTests(report, complain) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, assertionResults } of report.testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === 'passed') counts.passed++
      else counts.failed++
      if (status !== 'passed' && status !== 'failed')
        complain(`${name}: "${fullName}" did not run (${status}).`)
    }
  }
  return counts
}

/**
 * @typedef {object} PlaywrightSuite
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ title: string, file: string, line: number, tests: PlaywrightTest[] }[]} [specs]
 * @typedef {object} PlaywrightTest
 * @property {string} status expected, unexpected, flaky or skipped, whatever the number of tries
 * @property {string} projectName
 * @property {{ type: string, description?: string }[]} annotations
 */

/**
 * Counts Playwright's JSON report, each test once however often it was tried. A test that passes only now
 * and then has failed; so has one that was skipped although the tool it names is there, or that names none.
 * @param {{ suites: PlaywrightSuite[] }} report
 * @param {(tool: import('./tools.mjs').ToolName) => boolean} isThere
 * @param {(line: string) => void} complain
 * @returns {Counts}
 */
export function countEndToEndTests(report, isThere, complain) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { where, status, annotations } of report.suites.flatMap(testsOf)) {
    if (status === 'expected') counts.passed++
    else if (status !== 'skipped') counts.failed++
    else {
      const tool = toolOfSkip(annotations.find(({ type }) => type === 'skip')?.description)
      if (tool && !isThere(tool)) {
        counts.skipped++
        complain(`${where} was skipped: there is no ${tool}.`)
      } else {
        counts.failed++
        complain(
          tool
            ? `${where} was skipped although ${tool} is there.`
            : `${where} did not run, and names no tool that it needs.`,
        )
      }
    }
  }
  return counts
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {(PlaywrightTest & { where: string })[]}
 */
function testsOf({ suites = [], specs = [] }) {
  return [
    ...specs.flatMap(({ title, file, line, tests }) =>
      tests.map((test) => ({ ...test, where: `${file}:${line} "${title}" (${test.projectName})` })),
    ),
    ...suites.flatMap(testsOf),
  ]
}

/**
 * The one last line. A stage that failed without a failed test to show for it counts as one failure.
 * @param {Counts[]} counts
 * @param {boolean} everyStagePassed
 * @returns {{ line: string, ok: boolean }}
 */
export function verdict(counts, everyStagePassed) {
  const sum = (/** @type {keyof Counts} */ key) => counts.reduce((total, each) => total + each[key], 0)
  const failed = Math.max(sum('failed'), everyStagePassed ? 0 : 1)
  return { line: `${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`, ok: failed === 0 }
}
