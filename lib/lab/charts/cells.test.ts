import { describe, expect, it } from 'vitest'

import { byContender, placesOf, runsAt, timesOf, timingOf, traceAt } from './cells'
import { makeResults } from './fixtures'

const results = makeResults()
const train = { network: '4g-train', picture: 'harbour.jpg' }
const groups = new Map(byContender(runsAt(results, train), results.experiment.contenders))

describe('places', () => {
  it('are each network with each picture, once', () => {
    const places = placesOf(results)
    expect(places).toHaveLength((3 + 6 + 12) * 2)
    expect(places[0]).toEqual({ network: 'home-wifi', picture: 'harbour.jpg' })
    expect(runsAt(results, train)).toHaveLength(5 * 8)
    expect(placesOf({ ...results, runs: [] })).toEqual([])
  })
})

describe('timesOf', () => {
  it('takes a run that did not end for one that never will', () => {
    expect(timesOf(groups.get('classic')!, 'exact')).toEqual(Array(8).fill(Infinity))
    expect(timesOf(groups.get('assured')!, 'exact').every(Number.isFinite)).toBe(true)
  })

  it('has no time until exact of a copy that is lossy by design', () => {
    expect(timesOf(groups.get('rtp')!, 'exact')).toEqual([])
    expect(timesOf(groups.get('rtp')!, 'ssim90')).toHaveLength(8)
  })

  it('tells what never came from what was not measured', () => {
    const unmeasured = groups.get('assured')!.map((run) => ({
      ...run,
      samples: [],
      times: { ...run.times, ssim90: null, firstPreview: null },
    }))
    expect(timesOf(unmeasured, 'ssim90')).toEqual([])
    expect(timesOf(unmeasured, 'firstPreview')).toEqual([])
    const blurred = groups.get('assured')!.map((run) => ({ ...run, times: { ...run.times, ssim90: null } }))
    expect(timesOf(blurred, 'ssim90')).toEqual(Array(8).fill(Infinity))
  })
})

describe('timingOf', () => {
  it('has the median within its interval, the same each time, and counts the runs', () => {
    const runs = groups.get('assured')!
    const { interval, ended } = timingOf(runs, 'exact')
    expect(interval.low).toBeLessThanOrEqual(interval.middle)
    expect(interval.high).toBeGreaterThanOrEqual(interval.middle)
    expect(timingOf([...runs], 'exact').interval).toEqual(interval)
    expect(ended).toBe(8)
    expect(timingOf([], 'exact')).toMatchObject({ ended: 0, runs: 0, interval: { middle: NaN } })
  })
})

describe('traceAt', () => {
  it('is of the last run that was traced', () => {
    const runs = groups.get('assured')!
    const traces = new Map([runs[2]!, runs[5]!].map(({ key }) => [key, { key, frames: [], packets: [] }]))
    expect(traceAt(results, traces, train, 'assured')?.run).toBe(runs[5])
    expect(traceAt(results, traces, train, 'repair')).toBeNull()
    expect(traceAt(results, new Map(), train, 'assured')).toBeNull()
  })
})
