import { describe, expect, it, vi } from 'vitest'

import { countEndToEndTests, countUnitTests, verdict } from './counts.mjs'

const nothing = () => undefined

describe('counting unit tests', () => {
  const report = (...statuses: string[]) => ({
    testResults: statuses.map((status) => ({
      name: 'a.test.ts',
      assertionResults: [{ status, fullName: 'it' }],
    })),
  })

  it('counts what passed and what failed', () => {
    expect(countUnitTests(report('passed', 'failed', 'passed'), nothing)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
    })
  })

  it('takes a test that did not run for a failure, and says so', () => {
    const complain = vi.fn()
    expect(countUnitTests(report('passed', 'skipped', 'todo', 'pending'), complain)).toEqual({
      passed: 1,
      failed: 3,
      skipped: 0,
    })
    expect(complain).toHaveBeenCalledTimes(3)
  })
})

describe('counting end-to-end tests', () => {
  const test = (status: string, ...annotations: { type: string; description?: string }[]) => ({
    status,
    projectName: 'chromium',
    annotations,
    results: [{}, {}, {}],
  })
  const report = (...tests: ReturnType<typeof test>[]) => ({
    suites: [{ suites: [{ specs: [{ title: 'it', file: 'a.spec.ts', line: 1, tests }] }] }],
  })
  const needs = (tool: string) => ({ type: 'skip', description: `needs the tool ${tool}` })

  it('counts each test once, however often it was tried', () => {
    expect(countEndToEndTests(report(test('expected'), test('unexpected')), () => true, nothing)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
  })

  it('takes a test that passed only now and then for a failure', () => {
    expect(countEndToEndTests(report(test('flaky')), () => true, nothing)).toMatchObject({
      passed: 0,
      failed: 1,
    })
  })

  it('takes a skip for a skip only while the tool that it names is missing', () => {
    const skipped = report(test('skipped', needs('firefox')))
    expect(countEndToEndTests(skipped, () => false, nothing)).toEqual({ passed: 0, failed: 0, skipped: 1 })
    const complain = vi.fn()
    expect(countEndToEndTests(skipped, (tool) => tool === 'firefox', complain)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    })
    expect(complain).toHaveBeenCalledExactlyOnceWith(
      'a.spec.ts:1 "it" (chromium) was skipped although firefox is there.',
    )
  })

  it('takes a skip without a tool for a failure', () => {
    const skips = report(
      test('skipped'),
      test('skipped', { type: 'fixme' }),
      test('skipped', { type: 'skip', description: 'later' }),
    )
    expect(countEndToEndTests(skips, () => false, nothing)).toEqual({ passed: 0, failed: 3, skipped: 0 })
  })
})

describe('the verdict', () => {
  const unit = { passed: 10, failed: 0, skipped: 0 }
  const endToEnd = { passed: 5, failed: 0, skipped: 2 }

  it('adds up what ran', () => {
    expect(verdict([unit, endToEnd], true)).toEqual({ line: '15 passed, 0 failed, 2 skipped', ok: true })
  })

  it('is never good when a stage failed, even one without tests', () => {
    expect(verdict([], false)).toEqual({ line: '0 passed, 1 failed, 0 skipped', ok: false })
    expect(verdict([unit, { ...endToEnd, failed: 3 }], false)).toEqual({
      line: '15 passed, 3 failed, 2 skipped',
      ok: false,
    })
  })

  it('is never good when a test failed, even where its stage passed', () => {
    expect(verdict([{ ...endToEnd, failed: 1 }], true).ok).toBe(false)
  })
})
