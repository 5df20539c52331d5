import { describe, expect, test } from 'vitest'

import { LaneChoice, SYMBOL_BUFFER_BYTES } from './lane-choice'

class FakeLane {
  bufferedAmount = 0
  asked = 0
  askedFor: number | null = null

  notifyAt(bytes: number): void {
    this.asked++
    this.askedFor = bytes
  }
}

const lanesOf = (count: number) => Array.from({ length: count }, () => new FakeLane())

describe('LaneChoice', () => {
  test('[LN2] goes round the lanes, the least loaded first', () => {
    const lanes = lanesOf(3)
    const choice = new LaneChoice<FakeLane>(() => 0)
    expect([0, 1, 2].map(() => lanes.indexOf(choice.choose(lanes, 0)!))).toEqual([0, 1, 2])
    lanes[0]!.bufferedAmount = 100
    lanes[1]!.bufferedAmount = 100
    expect(choice.choose(lanes, 0)).toBe(lanes[2])
  })

  test('[LN2] gives nothing to lanes that have enough, and asks them to say when that changes', () => {
    const lanes = lanesOf(2)
    const choice = new LaneChoice<FakeLane>(() => 0)
    for (const lane of lanes) lane.bufferedAmount = SYMBOL_BUFFER_BYTES
    expect(choice.choose(lanes, 0)).toBeNull()
    expect(lanes.map((lane) => lane.asked)).toEqual([1, 1])
    expect(choice.choose([], 0)).toBeNull()
  })

  test('[LN2] lets nothing wait in a lane where much is lost', () => {
    const lanes = lanesOf(2)
    const choice = new LaneChoice<FakeLane>(() => 0.1)
    lanes[0]!.bufferedAmount = 1
    expect([0, 0].map(() => choice.choose(lanes, 0))).toEqual([lanes[1], lanes[1]])
    lanes[1]!.bufferedAmount = 1
    expect(choice.choose(lanes, 0)).toBeNull()
    expect(lanes.map((lane) => lane.askedFor)).toEqual([0, 0])
  })

  test('[LN2] passes a lane by whose buffer does not move, until it does', () => {
    const lanes = lanesOf(2)
    const choice = new LaneChoice<FakeLane>(() => 0)
    lanes[0]!.bufferedAmount = 100
    lanes[1]!.bufferedAmount = 4000
    expect(choice.choose(lanes, 0)).toBe(lanes[0])
    lanes[1]!.bufferedAmount = 3000
    expect(choice.choose(lanes, 40)).toBe(lanes[1])
    lanes[0]!.bufferedAmount = 50
    expect(choice.choose(lanes, 50)).toBe(lanes[0])
  })

  test('[LN2] gives nothing away while all lanes are stuck', () => {
    const lanes = lanesOf(2)
    const choice = new LaneChoice<FakeLane>(() => 0)
    for (const lane of lanes) lane.bufferedAmount = 100
    expect(choice.choose(lanes, 0)).not.toBeNull()
    expect(choice.choose(lanes, 100)).toBeNull()
    expect(lanes.map((lane) => lane.asked)).toEqual([1, 1])
  })

  test('[LN3] names lanes that have been through a timeout, once', () => {
    const lanes = lanesOf(3)
    const choice = new LaneChoice<FakeLane>(() => 0)
    lanes[0]!.bufferedAmount = 100
    lanes[1]!.bufferedAmount = 100
    choice.choose(lanes, 0)
    lanes[1]!.bufferedAmount = 50
    choice.choose(lanes, 299)
    expect(choice.takeWorn()).toEqual([])
    choice.choose(lanes, 300)
    expect(choice.takeWorn()).toEqual([lanes[0]])
    expect(choice.takeWorn()).toEqual([])
  })
})
