import fc from 'fast-check'
import { expect, it } from 'vitest'

import { parseStoredPlace } from './place'

const place = { token: 't', room: 'K7QM3-XTR9B', name: 'ANNA', role: 'sender' as const }

it('a stored place is read back', () => {
  expect(parseStoredPlace(JSON.stringify(place))).toEqual(place)
})

it('whatever else lies in the storage is no place', () => {
  expect([null, '', '{}', 'null', JSON.stringify({ ...place, role: 'admin' })].map(parseStoredPlace)).toEqual(
    [...[null, null, null, null, null]],
  )
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseStoredPlace(text)))
})
