import { describe, expect, it } from 'vitest'

import { keyOf, planRuns } from './plan'

const ENTRIES = [
  { contender: 'assured', state: 'open', runs: 3 },
  { contender: 'classic', state: 'open', runs: 1 },
  { contender: 'ws-1', state: 'open', runs: 3 },
] as const

describe('the order of runs', () => {
  it('goes round by round, and is turned round in every other one', () => {
    const order = planRuns(ENTRIES, new Set()).map(({ contender, round }) => `${round} ${contender}`)
    expect(order).toEqual(['0 assured', '0 classic', '0 ws-1', '1 ws-1', '1 assured', '2 assured', '2 ws-1'])
  })

  it('leaves out what is there already', () => {
    const all = planRuns(ENTRIES, new Set())
    const made = new Set(all.slice(0, 5).map(keyOf))
    expect(planRuns(ENTRIES, made)).toEqual(all.slice(5))
    expect(planRuns(ENTRIES, new Set(all.map(keyOf)))).toEqual([])
  })
})
