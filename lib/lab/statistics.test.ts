import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Random } from '@/lib/sim/random'

import { median, medianInterval, pairedRatio, percentile, shareInterval } from './statistics'

describe('median', () => {
  it('is the middle of an odd number, and between the two middles of an even one', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('takes a run that never ended for the slowest', () => {
    expect(median([Infinity, 2, 1])).toBe(2)
    expect(median([Infinity, Infinity, 1])).toBe(Infinity)
  })
})

describe('percentile', () => {
  it('is a value that was measured, which the share does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1)
    expect(percentile(values, 0.95)).toBe(95)
    expect(percentile([3, 1, 2], 0.95)).toBe(3)
    expect(percentile([3, 1, 2], 0)).toBe(1)
    expect(percentile([], 0.5)).toBeNaN()
  })

  it('has at least its share of the values at or below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = percentile(values, share)
          const below = values.filter((value) => value <= found).length
          expect(below / values.length).toBeGreaterThanOrEqual(share - 1e-9)
        },
      ),
    )
  })
})

describe('the ratio of paired medians', () => {
  const pairs = Array.from({ length: 10 }, (_, i) => [50 + i, 100 + 2 * i] as const)

  it('is exact, without a width, where every pair has the same ratio', () => {
    const { low, middle, high } = pairedRatio(pairs, randomFrom(1))
    expect([low, middle, high]).toEqual([0.5, 0.5, 0.5])
  })

  it('has an interval that holds the ratio, wider the more the pairs differ', () => {
    const spread = [0.3, 0.4, 0.5, 0.6, 0.7].map((share) => [100 * share, 100] as const)
    const { low, middle, high } = pairedRatio(spread, randomFrom(1))
    expect(low).toBeLessThan(0.5)
    expect(middle).toBeCloseTo(0.5, 5)
    expect(high).toBeGreaterThan(0.5)
  })

  it('is the same again from the same numbers', () => {
    const noisy = pairs.map(([own, other], i) => [own + 7 * (i % 3), other] as const)
    expect(pairedRatio(noisy, randomFrom(3))).toEqual(pairedRatio(noisy, randomFrom(3)))
  })

  it('counts what never ended as slowest, and says nothing of nothing', () => {
    expect(pairedRatio([[Infinity, 1]], randomFrom(1)).middle).toBe(Infinity)
    expect(pairedRatio([[1, Infinity]], randomFrom(1)).middle).toBe(0)
    expect(pairedRatio([[Infinity, Infinity]], randomFrom(1)).middle).toBeNaN()
    expect(pairedRatio([], randomFrom(1)).middle).toBeNaN()
  })
})

function randomFrom(seed: number): () => number {
  const random = new Random(seed)
  return () => random.next()
}

describe('the interval of a median', () => {
  it('lies within what was measured and holds the middle', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(values, fc.integer(), (measured, seed) => {
        const { low, middle, high } = medianInterval(measured, randomFrom(seed))
        expect(low).toBeGreaterThanOrEqual(Math.min(...measured))
        expect(high).toBeLessThanOrEqual(Math.max(...measured))
        expect(middle).toBe(median(measured))
        expect(low).toBeLessThanOrEqual(high)
      }),
      { numRuns: 30 },
    )
  })

  it('reaches to never where enough runs never ended', () => {
    expect(medianInterval([1, 2, 3, Infinity, Infinity], randomFrom(1)).high).toBe(Infinity)
  })
})

describe('the interval of a share', () => {
  it('is Wilson’s: 8 of 10 is 49.0 to 94.3 %, 0 of 10 is 0 to 27.8 %', () => {
    const { low, middle, high } = shareInterval(8, 10)
    expect([low, middle, high].map((value) => value.toFixed(3))).toEqual(['0.490', '0.800', '0.943'])
    expect(shareInterval(0, 10).low).toBeCloseTo(0, 10)
    expect(shareInterval(0, 10).high).toBeCloseTo(0.2775, 3)
    expect(shareInterval(0, 0).middle).toBeNaN()
  })
})
