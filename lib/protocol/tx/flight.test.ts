import { describe, expect, test } from 'vitest'

import { Flight } from './flight'

/** Packet n leaves at n ms, in turn by two lanes. */
function twoLanes(count: number): Flight {
  const flight = new Flight(1)
  const lanes = [{}, {}]
  for (let n = 0; n < count; n++) {
    flight.add(0, n)
    flight.handleCarried(lanes[n % 2] ?? {})
  }
  return flight
}

describe('Flight', () => {
  test('[AS8] a packet that a later one of its lane has overtaken is lost, and none of a lane that is merely behind', () => {
    const flight = twoLanes(8)
    flight.settle(7, { known: 0, heardTo: 6 }, (n) => n === 4 || n === 6)
    expect([0, 1, 2, 3, 5, 7].map((n) => flight.isSettled(n))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ])
  })

  test('[AS8] a lane is further behind than thought: the wait is doubled', () => {
    const flight = twoLanes(40)
    flight.settle(15, { known: 0, heardTo: 14 }, (n) => n % 2 === 0)
    expect(flight.isSettled(5)).toBe(true)
    expect(flight.isSettled(7)).toBe(false)
    // Packet 5 was not lost.
    flight.settle(31, { known: 0, heardTo: 30 }, (n) => n % 2 === 0 || n <= 5)
    expect(flight.isSettled(13)).toBe(true)
    expect(flight.isSettled(15)).toBe(false)
  })
})
