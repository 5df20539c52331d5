import { describe, expect, test } from 'vitest'

import { EventLoop } from './event-loop'
import type { Impairment } from './impairments'
import { Link } from './link'
import { Random } from './random'
import { SctpLane } from './sctp-lane'

const MESSAGE_BYTES = 1048
const DELAY: Impairment = (bytes) => [{ bytes, delayMs: 25 }]

/** A lane over a link that loses the packets whose place in the order of sending `isLost` says. */
function laneOver(isLost: (packet: number) => boolean = () => false) {
  const loop = new EventLoop(0)
  const random = new Random(1)
  const packets: number[] = []
  const watch: Impairment = (bytes) => {
    packets.push(bytes.length)
    return isLost(packets.length - 1) ? [] : [{ bytes, delayMs: 0 }]
  }
  const delivered: number[] = []
  const lane = new SctpLane({
    loop,
    link: new Link({ loop, random, impairments: [watch, DELAY] }),
    reverse: new Link({ loop, random, impairments: [DELAY] }),
    deliver: ({ bytes }) => delivered.push(bytes[0] ?? 0),
    onDrained: () => undefined,
  })
  const send = (from: number, count: number) => {
    for (let i = from; i < from + count; i++) lane.send(new Uint8Array(MESSAGE_BYTES).fill(i))
  }
  return { loop, lane, packets, delivered, send }
}

describe('SctpLane', () => {
  test('messages that find room leave whole, each in a packet of its own', () => {
    const { loop, lane, packets, delivered, send } = laneOver()
    send(0, 11)
    expect(lane.bufferedAmount).toBe(0)
    loop.run()
    expect(packets).toEqual(new Array<number>(11).fill(MESSAGE_BYTES))
    expect(delivered).toEqual(Array.from({ length: 11 }, (_, i) => i))
  })

  test('a large window waits until it has room for a whole packet, then the beginning of what waits fills it up', () => {
    const { loop, lane, packets, delivered, send } = laneOver()
    send(0, 13)
    expect(lane.bufferedAmount).toBe(2 * MESSAGE_BYTES)
    loop.run()
    expect(packets.slice(11, 13)).toEqual([MESSAGE_BYTES + 96, MESSAGE_BYTES - 96])
    expect(delivered).toEqual(Array.from({ length: 13 }, (_, i) => i))
  })

  test('a message in two parts is lost with one of them', () => {
    const { loop, lane, delivered, send } = laneOver((packet) => packet === 12)
    send(0, 13)
    loop.run()
    expect(delivered).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expect(lane.bufferedAmount).toBe(0)
  })

  test('after a timeout the window has one packet, and less than that of the second message', () => {
    const { loop, lane, packets, send } = laneOver((packet) => packet < 11)
    send(0, 11)
    loop.run({ untilMs: 600 })
    send(11, 2)
    expect(packets.slice(11)).toEqual([MESSAGE_BYTES, 108])
    expect(lane.bufferedAmount).toBe(MESSAGE_BYTES - 108)
  })

  test('what was not sent of a message is given up with its first part', () => {
    const { loop, lane, delivered, send } = laneOver((packet) => packet < 11 || packet === 12)
    send(0, 11)
    loop.run({ untilMs: 600 })
    send(11, 2)
    loop.run()
    expect(delivered).toEqual([11])
    expect(lane.bufferedAmount).toBe(0)
  })
})
