import { expect, test } from 'vitest'

import { fanOutFrom } from './fan-out-from'

test('a weak device, or a person who saves data, uploads a picture once from three receivers on', () => {
  expect(fanOutFrom({ deviceMemory: 2, hardwareConcurrency: 8 })).toBe(3)
  expect(fanOutFrom({ hardwareConcurrency: 1 })).toBe(3)
  expect(fanOutFrom({ deviceMemory: 8, connection: { saveData: true } })).toBe(3)
})

test('any other, and one that says nothing of itself, from eight on', () => {
  expect(fanOutFrom({})).toBe(8)
  expect(fanOutFrom({ deviceMemory: 4, hardwareConcurrency: 2, connection: { saveData: false } })).toBe(8)
})
