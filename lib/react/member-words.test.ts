import { describe, expect, it } from 'vitest'

import { memberView } from './fixtures'
import { assuranceOf, badLinkWords, presenceOf } from './member-words'

const SAFETY = { words: null, byLink: false, compared: false, changed: false, failed: false }

describe('the presence of a member', () => {
  it.each([
    [{ link: 'open' }, 'here'],
    [{ link: 'open', away: true }, 'here'],
    [{ link: 'lost', away: true }, 'away'],
    [{ link: 'connecting' }, 'connecting'],
    [{ link: 'lost' }, 'unreachable'],
  ] as const)('with %j is %s', (changes, presence) => {
    expect(presenceOf(memberView(changes))).toBe(presence)
  })
})

describe('a bad link', () => {
  it.each([
    [{ rttMs: 340, lossPercent: 12 }, 'slow link: 340\u00a0ms, 12\u00a0% lost'],
    [{ rttMs: 340 }, 'slow link: 340\u00a0ms'],
    [{ rttMs: 20, lossPercent: 12 }, 'lossy link: 20\u00a0ms, 12\u00a0% lost'],
    [{ rttMs: 20, lossPercent: 0 }, null],
    [{ rttMs: null }, null],
    [{ rttMs: 900, link: 'lost' }, null],
  ] as const)('with %j is said as %s', (changes, words) => {
    expect(badLinkWords(memberView(changes))).toBe(words)
  })
})

describe('how sure one may be of a member', () => {
  it.each([
    [{ verified: null }, 'unknown'],
    [{ verified: true }, 'link'],
    [{ verified: false }, 'none'],
    [{ verified: true, safety: { ...SAFETY, byLink: true } }, 'link'],
    [{ verified: false, safety: { ...SAFETY, compared: true } }, 'compared'],
    [{ verified: true, safety: { ...SAFETY, byLink: true, changed: true } }, 'changed'],
  ] as const)('with %j is %s', (changes, assurance) => {
    expect(assuranceOf(memberView(changes))).toBe(assurance)
  })
})
