import { expect, test } from 'vitest'

import { LaneLag } from './lane-lag'

test('[AS8] the wait doubles each time it was too short, up to 64 ms', () => {
  const lag = new LaneLag()
  expect(lag.ms).toBe(8)
  for (let i = 0; i < 5; i++) lag.widen()
  expect(lag.ms).toBe(64)
})

test('[AS8] the next picture begins with it, and with half of it after one that was never wrong', () => {
  const lag = new LaneLag()
  lag.begin()
  lag.widen()
  lag.widen()
  lag.begin()
  expect(lag.ms).toBe(32)
  lag.begin()
  expect(lag.ms).toBe(16)
  for (let i = 0; i < 3; i++) lag.begin()
  expect(lag.ms).toBe(8)
})
