import { expect, test } from 'vitest'

import { CONTROL_RETRY_MIN_MS, REPAIR_PARTS_WAIT_MS } from '../constants'
import { SendingRound } from './sending-round'

const request = (round: number) => ({ round, part: 0, parts: 2, runs: [] })

test('[RP4] the next round has a higher number; after a silence the same one may be asked for again', () => {
  const round = new SendingRound()
  round.open(2, 1, 0)
  expect([1, 2, 3].map((number) => round.isNext(request(number), false))).toEqual([false, false, true])
  expect([1, 2, 3].map((number) => round.isNext(request(number), true))).toEqual([false, true, true])
})

test('[RP5] a round is asked for when all parts of its request are here, or were waited for', () => {
  const round = new SendingRound()
  expect(round.isAsked(0)).toBe(true)
  round.open(1, 2, 100)
  expect([round.addPart(1), round.addPart(1), round.isAsked(100)]).toEqual([true, false, false])
  expect(round.isAsked(100 + REPAIR_PARTS_WAIT_MS)).toBe(true)
  expect([round.addPart(0), round.isAsked(100)]).toEqual([true, true])
})

test('[RP6] END answers at most every 150 ms', () => {
  const round = new SendingRound()
  round.handleEndSent(10)
  const later = 10 + CONTROL_RETRY_MIN_MS
  expect([10, later - 1, later].map((now) => round.mayAnswer(now))).toEqual([false, false, true])
})
