import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { EventLoop } from './event-loop'

describe('EventLoop', () => {
  test('events run in the order of their times, and in the order planned at the same time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
        const loop = new EventLoop()
        const seen: { time: number; index: number }[] = []
        times.forEach((time, index) => {
          loop.schedule(time, () => {
            expect(loop.now).toBe(time)
            seen.push({ time, index })
          })
        })
        expect(loop.run()).toBe('rest')
        const sorted = times
          .map((time, index) => ({ time, index }))
          .sort((a, b) => a.time - b.time || a.index - b.index)
        expect(seen).toEqual(sorted)
      }),
    )
  })

  test('time jumps, and an event may plan others', () => {
    const loop = new EventLoop(1000)
    const seen: number[] = []
    loop.schedule(5_000_000, () => {
      seen.push(loop.now)
      loop.schedule(loop.now + 1, () => seen.push(loop.now))
      // A time in the past means now.
      loop.schedule(3, () => seen.push(loop.now))
    })
    loop.run()
    expect(seen).toEqual([5_000_000, 5_000_000, 5_000_001])
  })

  test('a cancelled event does not run and does not keep the loop from its rest', () => {
    const loop = new EventLoop()
    let ran = false
    const cancel = loop.schedule(10, () => (ran = true))
    cancel()
    expect(loop.run({ untilMs: 5 })).toBe('rest')
    expect(ran).toBe(false)
  })

  test('limits stop it before the next event, and it can go on from there', () => {
    const loop = new EventLoop()
    const seen: number[] = []
    for (const time of [1, 2, 3, 4]) loop.schedule(time, () => seen.push(time))
    expect(loop.run({ untilMs: 2.5 })).toBe('time')
    expect(loop.now).toBe(2.5)
    expect(loop.run({ maxEvents: 1 })).toBe('events')
    expect(seen).toEqual([1, 2, 3])
    expect(loop.run()).toBe('rest')
    expect(seen).toEqual([1, 2, 3, 4])
  })
})
