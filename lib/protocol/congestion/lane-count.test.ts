import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { laneCount, LANES_MAX, LANES_MIN } from './lane-count'

const rateBytesPerMs = 2500

describe('laneCount', () => {
  test('[LN1] more loss and a longer round trip take more lanes, within bounds', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const path = fc.record({ rttMs: fc.double({ min: 0.1, max: 1000, noNaN: true }), lossRate: share })
    fc.assert(
      fc.property(path, share, ({ rttMs, lossRate }, more) => {
        const lanes = laneCount({ rttMs, lossRate, rateBytesPerMs })
        expect(lanes).toBeGreaterThanOrEqual(LANES_MIN)
        expect(lanes).toBeLessThanOrEqual(LANES_MAX)
        const worse = Math.min(1, lossRate + more)
        expect(laneCount({ rttMs, lossRate: worse, rateBytesPerMs })).toBeGreaterThanOrEqual(lanes)
        expect(laneCount({ rttMs: rttMs * (1 + more), lossRate, rateBytesPerMs })).toBeGreaterThanOrEqual(
          lanes,
        )
      }),
    )
  })

  test.each([
    ['a LAN', 2, 0.01, LANES_MIN],
    ['a clean path of 50 ms', 50, 0, 12],
    ['5 % at 50 ms', 50, 0.05, 32],
    ['20 % at 50 ms', 50, 0.2, LANES_MAX],
  ])('[LN1] %s', (_, rttMs, lossRate, lanes) => {
    expect(laneCount({ rttMs, lossRate, rateBytesPerMs })).toBe(lanes)
  })

  test('[LN1] a path nobody has measured is taken for one of 50 ms and 3 %', () => {
    expect(laneCount({ rttMs: null, lossRate: null, rateBytesPerMs: 0 })).toBe(25)
  })
})
