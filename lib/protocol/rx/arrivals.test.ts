import { describe, expect, test } from 'vitest'

import { Arrivals } from './arrivals'

const FIVE_CHUNKS = 5

function setUp() {
  const lines: number[][] = []
  const sink = { append: (...line: number[]) => void lines.push(line) }
  const arrivals = new Arrivals(FIVE_CHUNKS, sink)
  const arrive = (packetNumber: number, now: number, queueDelayMs?: number) => {
    const packet = { packetNumber, chunkIndex: 4, payload: new Uint8Array(100) }
    return arrivals.count({ ...packet, ...(queueDelayMs !== undefined && { queueDelayMs }) }, now)
  }
  return { lines, arrivals, arrive }
}

describe('what arrives of a picture', () => {
  test('[CT2] counts once for each number, with its bytes and a line of the log', () => {
    const { lines, arrivals, arrive } = setUp()
    expect([arrive(0, 10), arrive(7, 20), arrive(7, 30)]).toEqual([true, true, false])
    expect(arrivals.counts()).toMatchObject({ packetsReceived: 2, duplicates: 1, bytesReceived: 200 })
    expect(arrivals.firstAt).toBe(10)
    expect(lines).toEqual([
      [0, 4, 100],
      [7, 4, 100],
    ])
  })

  test('[CT9] counts as late after the freeze, and as nothing else', () => {
    const { lines, arrivals, arrive } = setUp()
    arrivals.counter.freeze()
    expect(arrive(0, 10, 5)).toBe(false)
    expect(arrivals.counts()).toEqual({
      ...{ packetsReceived: 0, duplicates: 0, lateAfterFreeze: 1, bytesReceived: 0 },
      queueDelayMsP95: null,
    })
    expect([arrivals.firstAt, lines]).toEqual([null, []])
  })

  test('[CT12] says how long it stood in queues, copies aside', () => {
    const { arrivals, arrive } = setUp()
    for (let number = 0; number < 20; number++) arrive(number, 0, number)
    arrive(0, 0, 500)
    expect(arrivals.counts().queueDelayMsP95).toBe(18)
  })
})
