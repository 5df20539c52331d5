import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatExactBytes,
  formatNames,
  formatPercent,
  formatRate,
  formatSecondsLeft,
  formatShape,
} from './format'

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

describe('figures for people', () => {
  it('groups thousands with a space that does not break', () => {
    expect(formatCount(1024)).toBe('1\u202f024')
    expect(plain(formatExactBytes(123_904))).toBe('123 904 B')
    expect(plain(formatExactBytes(999))).toBe('999 B')
  })

  it('shows three figures of bytes and never a four-figure unit', () => {
    expect(
      [0, 999, 1000, 81_250, 812_400, 999_600, 2_040_000, 1_073_741_824].map((n) => plain(formatBytes(n))),
    ).toEqual(['0 B', '999 B', '1.00 kB', '81.3 kB', '812 kB', '1.00 MB', '2.04 MB', '1.07 GB'])
  })

  it('shows rates in MB/s, slow ones in kB/s', () => {
    expect([0, 45_600, 3_400_000, 17_250_000].map((n) => plain(formatRate(n)))).toEqual([
      '0.0 kB/s',
      '45.6 kB/s',
      '3.40 MB/s',
      '17.3 MB/s',
    ])
  })

  it('never shows a loss as nothing when it is something, nor as all when it is not all', () => {
    expect([0, 0.0004, 0.4, 12.34, 99.996, 100].map((n) => plain(formatPercent(n)))).toEqual([
      '0 %',
      '< 0.01 %',
      '0.4 %',
      '12.3 %',
      '> 99.99 %',
      '100 %',
    ])
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true, minExcluded: true, maxExcluded: true }),
        (percent) => {
          expect(['0 %', '100 %']).not.toContain(plain(formatPercent(percent)))
        },
      ),
    )
  })

  it('shows spans from milliseconds to hours', () => {
    expect([84, 1320, 12_340, 125_000].map((ms) => plain(formatDuration(ms)))).toEqual([
      '84 ms',
      '1.32 s',
      '12.3 s',
      '2 min 5 s',
    ])
    expect([0.2, 59, 61, 4320].map((s) => plain(formatSecondsLeft(s)))).toEqual([
      '1 s',
      '59 s',
      '1 min 1 s',
      '1 h 12 min',
    ])
  })

  it('shows a time of day with milliseconds, and a dash for no time at all', () => {
    expect(formatClock(new Date(2026, 0, 2, 14, 3, 7, 214).getTime())).toBe('14:03:07.214')
    expect(formatClock(Number.NaN)).toBe('–')
  })

  it('gives the shape as height × width × channels', () => {
    expect(formatShape({ height: 2400, width: 3840, channels: 3 })).toBe('2400 × 3840 × 3')
  })

  it('names up to three people and counts the rest', () => {
    expect(
      [[], ['ANNA'], ['ANNA', 'BEN'], ['ANNA', 'BEN', 'CARA'], ['ANNA', 'BEN', 'CARA', 'DAN']].map(
        formatNames,
      ),
    ).toEqual(['', 'ANNA', 'ANNA and BEN', 'ANNA, BEN and CARA', 'ANNA, BEN and 2 others'])
  })
})
