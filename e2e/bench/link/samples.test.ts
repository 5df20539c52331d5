import { describe, expect, it } from 'vitest'

import { carriedBetween, parseSamples, queueDelayP95 } from './samples'

const SAMPLES = Array.from({ length: 11 }, (_, i) => ({
  at: 1000 * i,
  payload: 1_448_000 * i,
  tcpSegments: 1000 * i,
  ipBytes: 1_500_000 * i + 500_000 * i,
  delaysMs: [25, 25 + i],
}))

describe('what was carried', () => {
  it('is TCP with its headers, and everything else', () => {
    expect(carriedBetween(SAMPLES, 2000, 10_000)).toEqual({
      tcpBytes: 8 * 1_500_000,
      shoalBytes: 8 * 500_000,
    })
  })

  it('is not known from fewer than two samples', () => {
    expect(carriedBetween(SAMPLES, 2000, 2500)).toBeNull()
    expect(carriedBetween([], 0, 1)).toBeNull()
  })
})

describe('queueing delay by probes', () => {
  it('is what the delay is above the least of all', () => {
    expect(queueDelayP95(SAMPLES, 5000, 10_000)).toBe(10)
    expect(queueDelayP95(SAMPLES, 20_000, 30_000)).toBeNull()
  })
})

describe('samples in an output', () => {
  it('are its whole lines of JSON', () => {
    const [first] = SAMPLES
    expect(parseSamples(`ready\n${JSON.stringify(first)}\n{"at":1`)).toEqual([first])
  })
})
