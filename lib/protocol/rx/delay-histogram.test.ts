import { describe, expect, test } from 'vitest'

import { DelayHistogram } from './delay-histogram'

describe('DelayHistogram', () => {
  test('[CT12] a percentile is the delay that this share of all stays within', () => {
    const delays = new DelayHistogram()
    expect(delays.percentile(0.95)).toBeNull()
    for (let ms = 1; ms <= 100; ms++) delays.add(ms)
    expect(delays.percentile(0.95)).toBe(95)
    expect(delays.percentile(0.5)).toBe(50)
  })

  test('[CT12] what is longer than two seconds counts as two seconds, and nothing is shorter than none', () => {
    const delays = new DelayHistogram()
    delays.add(1e9)
    expect(delays.percentile(1)).toBe(2000)
    delays.add(-5)
    expect(delays.percentile(0.5)).toBe(0)
  })
})
