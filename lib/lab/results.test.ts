import { describe, expect, test } from 'vitest'

import { EXPERIMENT, makeResults } from './charts/fixtures'
import { formatResults, mergeResults, parseResults } from './results'
import type { LabResults } from './results'

const [FIRST] = EXPERIMENT.networks
const HERE = makeResults({ ...EXPERIMENT, networks: [FIRST!], repetitions: 1 })
const PHONE: LabResults = {
  ...HERE,
  receiver: { type: 'second-device', browser: 'Safari on iPhone' },
  runs: HERE.runs.map((run) => ({ ...run, clock: { offsetMs: -1234.5, boundMs: 1.25 } })),
}

describe('results with a second device', () => {
  test('are a file like any other, as are those without', () => {
    expect(parseResults(formatResults(PHONE))).toEqual(PHONE)
    expect(parseResults(formatResults(HERE))).toEqual(HERE)
    expect(HERE).not.toHaveProperty('receiver')
  })

  test('become one with their own kind alone', () => {
    const half = { ...PHONE, runs: PHONE.runs.slice(0, 3) }
    expect(mergeResults(half, { ...PHONE, runs: PHONE.runs.slice(3) })).toEqual(PHONE)
    expect(mergeResults(half, HERE)).toBeNull()
    expect(mergeResults(HERE, half)).toBeNull()
    const other = { ...PHONE, receiver: { type: 'second-device' as const, browser: 'Firefox' } }
    expect(mergeResults(half, other)).toBeNull()
  })

  test.each([
    ['a bound below 0', { clock: { offsetMs: 0, boundMs: -1 } }],
    ['an offset that is none', { clock: { offsetMs: null, boundMs: 1 } }],
  ])('with %s are none', (_what, change) => {
    const [run, ...others] = PHONE.runs
    expect(parseResults(JSON.stringify({ ...PHONE, runs: [{ ...run, ...change }, ...others] }))).toBeNull()
  })
})
