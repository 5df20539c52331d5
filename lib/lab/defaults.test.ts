import { statSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { BUILT_IN_PICTURE, DEFAULT_EXPERIMENT, extentOf } from './defaults'
import { experimentSchema, plannedRuns } from './experiment'
import type { Experiment } from './experiment'

test('the page opens with an experiment that can be run', () => {
  expect(experimentSchema.safeParse(DEFAULT_EXPERIMENT).success).toBe(true)
})

test('the picture that is built in is the file that the server has', () => {
  const file = join(import.meta.dirname, '../../public', BUILT_IN_PICTURE.path)
  expect(statSync(file).size).toBe(BUILT_IN_PICTURE.bytes)
})

describe('the extent of an experiment', () => {
  test('has as many runs as are made, also in a sweep', () => {
    const over = { parameter: 'lossPercent' as const, values: [0, 10, 20] }
    const experiment: Experiment = {
      ...DEFAULT_EXPERIMENT,
      networks: [...DEFAULT_EXPERIMENT.networks, { type: 'sweep', base: 'lte', over }],
    }
    expect(extentOf(experiment).runs).toBe(plannedRuns(experiment).length)
  })

  test('lies between a picture at the rate of its link and a deadline for each run', () => {
    const experiment: Experiment = {
      ...DEFAULT_EXPERIMENT,
      contenders: ['assured'],
      networks: [{ type: 'preset', name: '3g' }],
      pictures: [{ name: 'a', bytes: 200_000 }],
      repetitions: 10,
      start: 'cold',
    }
    // 1.6 Mbit/s, 150 ms one way: 1 s for the picture, 2.1 s of round trips, and 1 s around a run.
    expect(extentOf(experiment).leastMs).toBeCloseTo(10 * (1000 + 2100 + 1000 + 150), 6)
    expect(extentOf(experiment).mostMs).toBeCloseTo(10 * (20_000 + 2100 + 1000), 6)
    expect(extentOf({ ...experiment, start: 'warm' }).mostMs).toBeCloseTo(10 * (40_000 + 2100 + 1000), 6)
  })

  test('never takes less than nothing, nor is anything but a number, while fields are empty', () => {
    const empty = extentOf({ ...DEFAULT_EXPERIMENT, repetitions: NaN, deadlineMs: NaN })
    expect(empty).toEqual({ runs: 0, leastMs: 0, mostMs: 0 })
    expect(extentOf({ ...DEFAULT_EXPERIMENT, networks: [] }).runs).toBe(0)
  })
})
