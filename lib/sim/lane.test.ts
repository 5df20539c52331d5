import { describe, expect, test } from 'vitest'

import { EventLoop } from './event-loop'
import { pacedOutflow, SimLane } from './lane'
import { Link } from './link'
import { Random } from './random'

function laneOf(bytesPerSecond: number) {
  const loop = new EventLoop()
  const link = new Link({ loop, random: new Random(1), impairments: [] })
  const arrivals: { bytes: Uint8Array; atMs: number }[] = []
  const drained: number[] = []
  const lane = new SimLane({
    loop,
    link,
    outflow: pacedOutflow(bytesPerSecond),
    deliver: ({ bytes }) => arrivals.push({ bytes, atMs: loop.now }),
    onDrained: () => drained.push(lane.bufferedAmount),
  })
  return { loop, lane, arrivals, drained }
}

describe('SimLane', () => {
  test('messages leave at the pace of the lane, and the buffer shrinks as they do', () => {
    const { loop, lane, arrivals } = laneOf(100_000)
    for (let i = 0; i < 3; i++) lane.send(new Uint8Array(1000))
    expect(lane.bufferedAmount).toBe(3000)
    loop.run({ untilMs: 15 })
    expect(lane.bufferedAmount).toBe(1000)
    loop.run()
    expect(lane.bufferedAmount).toBe(0)
    expect(arrivals.map(({ atMs }) => atMs)).toEqual([0, 10, 20])
  })

  test('a message is copied: what the caller does with it afterwards changes nothing', () => {
    const { loop, lane, arrivals } = laneOf(1e6)
    const message = new Uint8Array([1, 2, 3])
    lane.send(message)
    message.fill(9)
    loop.run()
    expect(arrivals[0]?.bytes).toEqual(new Uint8Array([1, 2, 3]))
  })

  test('the drained callback comes once, when the buffer has fallen to what was asked for', () => {
    const { loop, lane, drained } = laneOf(1e6)
    for (let i = 0; i < 5; i++) lane.send(new Uint8Array(1000))
    lane.notifyAt(2000)
    loop.run()
    expect(drained).toEqual([2000])
  })

  test('a closed lane takes nothing and loses what it held', () => {
    const { loop, lane, arrivals } = laneOf(1000)
    for (let i = 0; i < 3; i++) lane.send(new Uint8Array(1000))
    loop.run({ untilMs: 500 })
    lane.close()
    expect(lane.send(new Uint8Array(10))).toBe(false)
    expect(lane.bufferedAmount).toBe(0)
    loop.run()
    expect(arrivals).toHaveLength(1)
  })
})
