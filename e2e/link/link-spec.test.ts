import { describe, expect, it } from 'vitest'

import { formatLinkSpec, limitMs, parseLinkSpec } from './link-spec'

const LINK = { oneWayMs: 25, lossPercent: 5, mbit: 20, queuePackets: 200, meanBurst: 1 }

describe('a link on the command line', () => {
  it('is four numbers, or five with bursts, and is written as it was read', () => {
    expect(parseLinkSpec('25,5,20,200')).toEqual(LINK)
    expect(parseLinkSpec('25, 0.5, 20, 200, 4')).toEqual({ ...LINK, lossPercent: 0.5, meanBurst: 4 })
    for (const text of ['25,5,20,200', '25,0.5,20,200,4']) {
      const spec = parseLinkSpec(text)
      expect(spec && formatLinkSpec(spec)).toBe(text)
    }
  })

  it.each(['', '25,5,20', '25,5,20,200,4,1', '25,x,20,200', '25,-5,20,200', '25,100,20,200', '25,5,0,200'])(
    'is not "%s"',
    (text) => {
      expect(parseLinkSpec(text)).toBeNull()
    },
  )
})

describe("the link's limit", () => {
  it('is every byte once on the wire, lost ones once more, and one way', () => {
    expect(limitMs({ ...LINK, lossPercent: 0 }, 300_000)).toBeCloseTo((1.09 * 300_000 * 8) / 20_000 + 25, 6)
    expect(limitMs({ ...LINK, lossPercent: 20 }, 300_000)).toBeCloseTo(
      (1.09 * 300_000 * 8) / 20_000 / 0.8 + 25,
      6,
    )
  })
})
