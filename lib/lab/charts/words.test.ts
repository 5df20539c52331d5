import { describe, expect, it } from 'vitest'

import { linksOf } from '../experiment'

import { EXPERIMENT, makeResults } from './fixtures'
import {
  axisDuration,
  duration,
  durationWithInterval,
  networkTitles,
  percent,
  rate,
  receiverWords,
} from './words'

/** Spaces that do not break are spaces to a reader. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [4.26, '4.3 ms'],
    [84.4, '84 ms'],
    [999.7, '1.00 s'],
    [1320, '1.32 s'],
    [9996, '10.0 s'],
    [Infinity, 'never'],
    [NaN, '–'],
  ])('of %d is %s', (ms, words) => {
    expect(plain(duration(ms))).toBe(words)
  })

  it('has its interval in brackets, unless that has no width', () => {
    expect(plain(durationWithInterval({ low: 80, middle: 84, high: 90 }))).toBe('84 ms (80 ms to 90 ms)')
    expect(plain(durationWithInterval({ low: 84, middle: 84, high: 84 }))).toBe('84 ms')
    expect(durationWithInterval({ low: Infinity, middle: Infinity, high: Infinity })).toBe('never')
  })
})

describe('other words', () => {
  it('are short on an axis', () => {
    expect([0.5, 500, 1500, 20_000].map((ms) => plain(axisDuration(ms)))).toEqual([
      '0.5 ms',
      '500 ms',
      '1.5 s',
      '20 s',
    ])
  })

  it('never make none of a little, nor all of nearly all', () => {
    expect([0, 0.0012, 0.12, 0.9987, 1, NaN].map((share) => plain(percent(share)))).toEqual([
      '0 %',
      '0.12 %',
      '12 %',
      '99.87 %',
      '100 %',
      '–',
    ])
    expect([12_345, 2_500_000].map((value) => plain(rate(value)))).toEqual(['12.3 kB/s', '2.50 MB/s'])
  })
})

describe('networkTitles', () => {
  it('names every link of an experiment, each by another name', () => {
    const titles = networkTitles(EXPERIMENT)
    const labels = EXPERIMENT.networks.flatMap(linksOf).map(({ label }) => label)
    expect([...titles.keys()]).toEqual(labels)
    expect(new Set(titles.values()).size).toBe(labels.length)
    expect(titles.get('home-wifi')).toBe('Home Wi-Fi')
    expect([...titles.values()].map(plain)).toContain('4G, standing, loss 5 %')
    expect([...titles.values()].map(plain)).toContain('4G, standing, delay one way 150 ms, loss 3 %')
  })
})

describe('the receiver', () => {
  const { runs } = makeResults({ ...EXPERIMENT, networks: EXPERIMENT.networks.slice(0, 1), repetitions: 1 })

  it('is not named where it was the page that sent', () => {
    expect(receiverWords({ runs })).toBe('')
  })

  it('is named with the worst bound of its clock', () => {
    const clocked = runs.map((run, i) => ({ ...run, clock: { offsetMs: 9e5, boundMs: 1 + i / 10 } }))
    const words = receiverWords({ receiver: { type: 'second-device', browser: 'Firefox' }, runs: clocked })
    expect(plain(words)).toContain('a second device (Firefox), whose clock was known to 1.9 ms or better')
  })
})
