import { describe, expect, it } from 'vitest'

import { parseResults, formatResults } from '../results'
import { EXPERIMENT, makePackets, makeResults } from './fixtures'

describe('the results that charts are tested with', () => {
  it('are results as a file would hold them', () => {
    const results = makeResults()
    expect(parseResults(formatResults(results))).toEqual(results)
    expect(results.experiment).toBe(EXPERIMENT)
    expect(makePackets(10)).toHaveLength(10)
  })
})
