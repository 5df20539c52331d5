import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { TokenBucket } from './token-bucket'

describe('a token bucket', () => {
  it('gives its burst at once, and then at its rate', () => {
    const bucket = new TokenBucket(2, 3, 0)
    expect([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(bucket.waitMs(0)).toBe(500)
    expect([bucket.take(499), bucket.take(500), bucket.take(500)]).toEqual([false, true, false])
    expect([bucket.isFull(1999), bucket.isFull(2000)]).toEqual([false, true])
  })

  it('never gives more than burst + rate x time, and always after its own waiting time', () => {
    const steps = fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 200 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        steps,
        (rate, burst, waits) => {
          const bucket = new TokenBucket(rate, burst, 0)
          let nowMs = 0
          let forwardMs = 0
          let taken = 0
          for (const waitMs of waits) {
            nowMs += waitMs
            forwardMs += Math.max(0, waitMs)
            if (bucket.take(nowMs)) taken++
            expect(taken).toBeLessThanOrEqual(burst + (rate * forwardMs) / 1000 + 1e-6)
          }
          nowMs += bucket.waitMs(nowMs)
          expect(bucket.take(nowMs)).toBe(true)
        },
      ),
    )
  })
})
