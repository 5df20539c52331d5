import { describe, expect, it } from 'vitest'

import { backoffMs } from './backoff'

describe('the back-off', () => {
  it('grows from 250-500 ms to 2.5-5 s, whatever the chance', () => {
    const range = (failures: number) => [
      backoffMs(failures, () => 0),
      backoffMs(failures, () => 1 - 2 ** -52),
    ]
    expect([1, 2, 3, 4, 5, 1000].map((failures) => range(failures).map(Math.round))).toEqual([
      [250, 500],
      [500, 1000],
      [1000, 2000],
      [2000, 4000],
      [2500, 5000],
      [2500, 5000],
    ])
  })
})
