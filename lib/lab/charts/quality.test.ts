import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { RunResult } from '../results'

import { makeResults } from './fixtures'
import { frameAt, pointAt, qualityAt, qualityCurve, reachedMs } from './quality'

const [example] = makeResults().runs

function runOf(samples: RunResult['samples']): RunResult {
  return { ...example!, samples }
}

const twoRuns = [
  runOf([
    { ms: 100, ssim: 0.5, psnrDb: 20 },
    { ms: 300, ssim: 1, psnrDb: 99 },
  ]),
  runOf([{ ms: 200, ssim: 0.7, psnrDb: 25 }]),
]

describe('qualityCurve', () => {
  it('holds each value until the next, and is nothing before there is anything', () => {
    const middles = qualityCurve(twoRuns, 'ssim').map(({ ms, middle }) => [ms, middle])
    expect(middles).toEqual([
      [0, 0],
      [100, 0.25],
      [200, 0.6],
      [300, 0.85],
    ])
  })

  it('knows no more decibels than those of the same image', () => {
    expect(qualityCurve([twoRuns[0]!], 'psnrDb').at(-1)).toEqual({ ms: 300, low: 60, middle: 60, high: 60 })
  })

  it('is empty where quality was not measured', () => {
    expect(qualityCurve([runOf([])], 'ssim')).toEqual([])
    expect(qualityCurve([], 'ssim')).toEqual([])
  })

  it('has its median within its band, in the order of time, for whatever runs', () => {
    const sample = fc.record({
      ms: fc.nat(5000),
      ssim: fc.double({ min: 0, max: 1, noNaN: true }),
      psnrDb: fc.nat(60),
    })
    const samples = fc.array(sample, { maxLength: 300 }).map((all) => all.sort((a, b) => a.ms - b.ms))
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 6 }), (runs) => {
        const curve = qualityCurve(runs.map(runOf), 'ssim')
        expect(curve.length).toBeLessThanOrEqual(400)
        curve.forEach(({ ms, low, middle, high }, i) => {
          expect(low).toBeLessThanOrEqual(middle)
          expect(high).toBeGreaterThanOrEqual(middle)
          expect(ms).toBeGreaterThan(curve[i - 1]?.ms ?? -1)
        })
      }),
      { numRuns: 50 },
    )
  })
})

describe('what is seen at a time', () => {
  it('is the last that came before it', () => {
    const curve = qualityCurve(twoRuns, 'ssim')
    expect(pointAt(curve, 250)?.middle).toBe(0.6)
    expect(pointAt([], 250)).toBeNull()
    expect(reachedMs(curve, 0.6)).toBe(200)
    expect(reachedMs(curve, 0.9)).toBe(Infinity)
    expect(qualityAt(twoRuns[0]!.samples, 'psnrDb', 1000)).toBe(60)
    expect(qualityAt(twoRuns[0]!.samples, 'ssim', 99)).toBe(0)
  })

  it('is a frame, or nothing yet', () => {
    const frames = [10, 20].map((ms) => ({ ms, picture: new Blob([String(ms)]) }))
    const trace = { key: 'a', frames, packets: [] }
    expect(frameAt(trace, 9)).toBeNull()
    expect(frameAt(trace, 10)).toBe(frames[0])
    expect(frameAt(trace, 9999)).toBe(frames[1])
  })
})
