import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { VALUES_MAX } from './experiment'
import { stepsOf, sweepValues } from './sweep'

describe('the values of a sweep', () => {
  test('go from one number to the other by a step, and not past it', () => {
    expect(sweepValues({ from: 0, to: 40, step: 10 })).toEqual([0, 10, 20, 30, 40])
    expect(sweepValues({ from: 0, to: 10, step: 4 })).toEqual([0, 4, 8])
    expect(sweepValues({ from: 0.1, to: 0.5, step: 0.1 })).toEqual([0.1, 0.2, 0.3, 0.4, 0.5])
    expect(sweepValues({ from: 3, to: 3, step: 0 })).toEqual([3])
  })

  test('are none where no step leads from one to the other', () => {
    for (const steps of [
      { from: 5, to: 1, step: 1 },
      { from: 0, to: 1, step: 0 },
      { from: 0, to: 1, step: -1 },
      { from: NaN, to: 1, step: 1 },
      { from: 0, to: Infinity, step: 1 },
    ]) {
      expect(sweepValues(steps)).toEqual([])
    }
  })

  test('stop one past what an experiment takes, however small the step is', () => {
    expect(sweepValues({ from: 0, to: 49, step: 1 })).toHaveLength(VALUES_MAX)
    expect(sweepValues({ from: 0, to: 1e6, step: 1e-9 })).toHaveLength(VALUES_MAX + 1)
  })

  test('say by which steps they were made, unless these are not even', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 100 }),
        (from, span, step) => {
          const values = sweepValues({ from: from / 10, to: (from + span) / 10, step: step / 10 })
          fc.pre(values.length <= VALUES_MAX)
          const steps = stepsOf(values)
          expect(steps && sweepValues(steps)).toEqual(values)
        },
      ),
    )
    expect(stepsOf([0, 5, 40])).toBeNull()
    expect(stepsOf([5, 0])).toBeNull()
    expect(stepsOf([])).toBeNull()
  })
})
