import { expect, test } from 'vitest'

import { estimateClock, measureClock, ROUND_TRIPS } from './clock-offset'

test('the offset is that of the fastest trip, and half of it is the bound', () => {
  const trips = [
    // 700 ms ahead, 4 ms there and 40 ms back: the middle is 18 ms off.
    { askedAt: 1000, answeredAt: 1704, heardAt: 1044 },
    { askedAt: 2000, answeredAt: 2703, heardAt: 2007 },
    { askedAt: 3000, answeredAt: 3720, heardAt: 3021 },
  ]
  expect(estimateClock(trips)).toEqual({ offsetMs: 699.5, boundMs: 3.5 })
})

test('however a trip is divided, the true offset is within the bound', () => {
  for (const offset of [-86_400_000, -3.25, 0, 12, 5e9]) {
    for (const [there, back] of [
      [0, 30],
      [30, 0],
      [2, 3],
      [17, 4],
    ] as const) {
      const askedAt = 1_000_000
      const answeredAt = askedAt + there + offset
      const estimate = estimateClock([{ askedAt, answeredAt, heardAt: askedAt + there + back }])
      expect(Math.abs(estimate!.offsetMs - offset)).toBeLessThanOrEqual(estimate!.boundMs + 1e-6)
    }
  }
})

test('without a trip there is no estimate; a clock that stepped back gives no negative bound', () => {
  expect(estimateClock([])).toBeNull()
  expect(estimateClock([{ askedAt: 10, answeredAt: 5, heardAt: 9 }])?.boundMs).toBe(0)
})

test('trips are made one after the other', async () => {
  let under = 0
  let made = 0
  const estimate = await measureClock(async () => {
    expect(++under).toBe(1)
    await Promise.resolve()
    under--
    made++
    return { askedAt: 0, answeredAt: made, heardAt: 2 * (ROUND_TRIPS - made) }
  })
  expect(made).toBe(ROUND_TRIPS)
  expect(estimate).toEqual({ offsetMs: ROUND_TRIPS, boundMs: 0 })
})
