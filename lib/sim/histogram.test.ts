import fc from 'fast-check'
import { expect, test } from 'vitest'

import { DueHeap } from './due-heap'
import { Histogram } from './histogram'

test('quantiles are true to a fortieth, or to a fortieth of a millisecond', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const histogram = new Histogram()
        for (const value of values) histogram.add(value)
        const sorted = [...values].sort((a, b) => a - b)
        const truth = sorted[Math.ceil(share * values.length) - 1] ?? 0
        expect(Math.abs(histogram.quantile(share) - truth)).toBeLessThan(0.026 * truth + 0.026)
        expect(histogram.summary().maxMs).toBe(sorted.at(-1))
      },
    ),
  )
})

test('of nothing everything is nothing, and what is endless counts as long', () => {
  const histogram = new Histogram()
  expect(histogram.summary()).toEqual({
    ...{ count: 0, meanMs: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0, buckets: [] },
  })
  histogram.add(1e9)
  histogram.add(-1)
  expect(histogram.summary().buckets.map(([, count]) => count)).toEqual([1, 1])
})

test('a heap gives in the order of time, and in that of adding at the same time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
      const heap = new DueHeap<number>()
      times.forEach((time, index) => heap.add(time, index))
      const sorted = times
        .map((dueMs, value) => ({ dueMs, value }))
        .sort((a, b) => a.dueMs - b.dueMs || a.value - b.value)
      const seen = []
      for (let next = heap.poll(20); next; next = heap.poll(20))
        seen.push({ dueMs: next.dueMs, value: next.value })
      expect(seen).toEqual(sorted)
      expect(heap.nextDueMs).toBe(Infinity)
      expect(heap.poll(1e9)).toBeNull()
    }),
  )
})
