import { describe, expect, test } from 'vitest'

import { CONTROL_RETRY_MAX_MS, CONTROL_RETRY_MIN_MS } from './constants'
import { earliest, RetryTimer } from './retry'

describe('RetryTimer', () => {
  test('[RP3] repeats come slower and slower, to a bound', () => {
    const timer = new RetryTimer()
    timer.start(0)
    const gaps: number[] = []
    let before = 0
    for (let i = 0; i < 12; i++) {
      const due = timer.dueMs!
      expect(timer.handleTimeout(due - 0.001)).toBe(false)
      expect(timer.handleTimeout(due)).toBe(true)
      gaps.push(due - before)
      before = due
    }
    expect(gaps[0]).toBe(CONTROL_RETRY_MIN_MS)
    expect(gaps.at(-1)).toBe(CONTROL_RETRY_MAX_MS)
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
  })

  test('[EP9] a stopped timer is never due, and stays so when it is postponed', () => {
    const timer = new RetryTimer()
    timer.start(0)
    timer.stop()
    timer.postpone(10)
    expect(timer.dueMs).toBeNull()
    expect(timer.handleTimeout(1e9)).toBe(false)
  })

  test('[RP3] signs of work put the repeat off without making it faster', () => {
    const timer = new RetryTimer()
    timer.start(0)
    timer.handleTimeout(CONTROL_RETRY_MIN_MS)
    timer.postpone(1000)
    expect(timer.dueMs).toBe(1000 + CONTROL_RETRY_MIN_MS * 1.5)
  })
})

test('[EP1] the earliest time is never when there is none', () => {
  expect(earliest()).toBeNull()
  expect(earliest(null, null)).toBeNull()
  expect(earliest(null, 5, 3, null)).toBe(3)
})
