import { expect, test } from 'vitest'

import { statusOf } from '../fixtures'
import { ReceiverView } from './receiver-view'

const CHUNKS = 5

test('[TX6] a REPORT of an earlier round or of fewer arrivals is stale', () => {
  const view = new ReceiverView(CHUNKS)
  view.update(statusOf({ repairRounds: 1, packetsReceived: 3 }))
  const stale = (packetsReceived: number, repairRounds: number, round: number) =>
    view.isStale(statusOf({ packetsReceived, repairRounds }), round)
  expect([stale(2, 1, 1), stale(4, 1, 1), stale(4, 1, 2)]).toEqual([true, false, true])
})

test('[TX8] a receiver is whole when it says so, and no longer when it asks for a round', () => {
  const view = new ReceiverView(CHUNKS)
  view.update(statusOf({ chunksHeld: CHUNKS }))
  expect(view.whole).toBe(false)
  view.update(statusOf({ chunksHeld: CHUNKS, phase: 'whole' }))
  expect(view.whole).toBe(true)
  view.reopen()
  expect(view.whole).toBe(false)
})

test('[RS5] MANIFEST is answered by a REPORT, and where chunks were here before, by all parts of what is wanted', () => {
  const view = new ReceiverView(CHUNKS)
  expect(view.answered).toBe(false)
  view.update(statusOf({ resumed: 2, chunksHeld: 2 }))
  const [first, second] = [
    { start: 0, length: 1 },
    { start: 3, length: 2 },
  ]
  expect(view.addWanted({ round: 0, part: 1, parts: 2, runs: [second] })).toBe(false)
  expect(view.answered).toBe(false)
  expect(view.addWanted({ round: 0, part: 0, parts: 2, runs: [first] })).toBe(true)
  expect([view.answered, view.wanted]).toEqual([true, [first, second]])
})
