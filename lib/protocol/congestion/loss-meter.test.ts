import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { LossMeter } from './loss-meter'

describe('LossMeter', () => {
  test('tells the share of what was lost, and nothing before anything was counted', () => {
    const meter = new LossMeter()
    expect([meter.measured, meter.rate]).toEqual([false, 0])
    meter.count(30, 10)
    expect([meter.measured, meter.rate]).toEqual([true, 0.25])
    meter.count(0, -10)
    expect(meter.rate).toBe(0)
  })

  test('forgets what is long ago, and is a share whatever it is told', () => {
    const counts = fc.tuple(fc.nat(500), fc.integer({ min: -500, max: 500 }))
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 50 }), (all) => {
        const meter = new LossMeter()
        for (const [arrived, lost] of all) meter.count(arrived, lost)
        expect(meter.rate).toBeGreaterThanOrEqual(0)
        expect(meter.rate).toBeLessThanOrEqual(1)
        for (let i = 0; i < 40; i++) meter.count(100, 0)
        expect(meter.rate).toBeLessThan(0.001)
      }),
    )
  })
})
