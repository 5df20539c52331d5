import { expect, test } from 'vitest'

import { RepairParts } from './repair-parts'

test('[RP5] copies of a part are ignored, and a round has all its parts when each was here once', () => {
  const parts = new RepairParts(2, 50)
  expect([parts.add(1), parts.add(1), parts.complete]).toEqual([true, false, false])
  expect([parts.add(0), parts.complete]).toEqual([true, true])
})

test('a round that nobody asked for has no parts to wait for', () => {
  expect(new RepairParts(0, -Infinity).complete).toBe(true)
})
