import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { shareLanes } from './lane-budget'

describe('the lanes of a page', () => {
  it('are as many as each link wants, while they suffice', () => {
    expect(shareLanes([48, 8, 1, 0])).toEqual([48, 8, 1, 0])
  })

  it('go to the first links, and the others keep two', () => {
    expect(shareLanes([48, 48, 48, 48])).toEqual([48, 44, 2, 2])
  })

  it('are never more than 96, two counted for each link that wants fewer', () => {
    const wishes = fc.array(fc.integer({ min: 0, max: 48 }), { maxLength: 48 })
    fc.assert(
      fc.property(wishes, (wanted) => {
        const given = shareLanes(wanted)
        expect(given.reduce((sum, lanes) => sum + Math.max(2, lanes), 0)).toBeLessThanOrEqual(96)
        given.forEach((lanes, i) => expect(lanes).toBeLessThanOrEqual(wanted[i]!))
      }),
    )
  })
})
