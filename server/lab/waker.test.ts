import { describe, expect, it } from 'vitest'

import { Waker } from './waker'
import type { Sleeper, WakerClock } from './waker'

/** Time that moves when told, in timers of whole milliseconds. */
class SteppedClock implements WakerClock {
  nowMs = 0
  timers = new Map<() => void, number>()

  now(): number {
    return this.nowMs
  }

  schedule(afterMs: number, run: () => void): () => void {
    expect(Number.isInteger(afterMs) && afterMs >= 1).toBe(true)
    this.timers.set(run, this.nowMs + afterMs)
    return () => this.timers.delete(run)
  }

  runTo(untilMs: number): void {
    for (;;) {
      const next = [...this.timers].sort(([, a], [, b]) => a - b)[0]
      if (!next || next[1] > untilMs) break
      this.timers.delete(next[0])
      this.nowMs = next[1]
      next[0]()
    }
    this.nowMs = untilMs
  }
}

class Plan implements Sleeper {
  readonly woken: number[] = []
  constructor(private readonly due: number[]) {}

  pollTimeout(): number {
    return this.due[0] ?? Infinity
  }

  add(dueMs: number): void {
    this.due.push(dueMs)
    this.due.sort((a, b) => a - b)
  }

  handleTimeout(now: number): void {
    this.woken.push(now)
    while (this.pollTimeout() <= now + 0.5) this.due.shift()
  }
}

describe('Waker', () => {
  it('wakes each sleeper half a millisecond early or late at most, with one timer', () => {
    const clock = new SteppedClock()
    const waker = new Waker(clock)
    const times = [3.2, 7.49, 7.51, 40, 1000.9]
    const plans = [new Plan([...times]), new Plan([5, 1e9])]
    for (const plan of plans) {
      waker.add(plan)
      waker.handleChange(plan.pollTimeout())
    }
    expect(clock.timers.size).toBe(1)
    clock.runTo(2000)
    for (const time of times)
      expect(Math.min(...plans[0]!.woken.map((woken) => Math.abs(woken - time)))).toBeLessThanOrEqual(0.5)
    expect(plans[0]!.woken.length).toBeLessThanOrEqual(times.length)
    expect(plans[1]!.woken).toHaveLength(1)
    expect(clock.timers.size).toBe(1)
  })

  it('is set anew for what is due earlier, and stops when nobody is left', () => {
    const clock = new SteppedClock()
    const waker = new Waker(clock)
    const plan = new Plan([100])
    const leave = waker.add(plan)
    waker.handleChange(100)
    plan.add(5)
    waker.handleChange(5)
    clock.runTo(50)
    expect(plan.woken).toEqual([5])
    leave()
    expect(clock.timers.size).toBe(0)
  })
})
