import { describe, expect, test } from 'vitest'

import { CONTROL_RETRY_MIN_MS } from '../constants'
import { chunkOf, ID, pictureOf } from '../fixtures'
import { parsePacket } from '../wire'
import { Assembler } from './assembler'
import { RepairRequests } from './repair-requests'

/** Five chunks, the last of 100 bytes. */
const BYTES = 4196

function setUp() {
  const assembler = new Assembler(BYTES)
  const picture = pictureOf(BYTES)
  const have = (chunk: number) => assembler.write(chunk, chunkOf(picture, chunk))
  have(0)
  have(2)
  return { have, requests: new RepairRequests(ID, assembler) }
}

function read(packets: readonly Uint8Array[]) {
  return packets.map((packet) => {
    const result = parsePacket(packet)
    if ('error' in result || result.packet.type !== 'repair') throw new Error('no request')
    const { round, runs } = result.packet.data
    return { round, runs: runs.map(({ start, length }) => [start, length]) }
  })
}

describe('a request for what is missing', () => {
  test('[RP2] names it as runs, under the number of a new round', () => {
    const { requests } = setUp()
    const runs = [
      [1, 1],
      [3, 2],
    ]
    expect(read(requests.begin(0))).toEqual([{ round: 1, runs }])
    expect(read(requests.begin(10))).toEqual([{ round: 2, runs }])
    expect(requests.round).toBe(2)
  })

  test('[RP3] is repeated in its round with what is missing by then, until it is answered', () => {
    const { have, requests } = setUp()
    requests.begin(0)
    have(1)
    expect(requests.handleTimeout(CONTROL_RETRY_MIN_MS - 1)).toEqual([])
    expect(read(requests.handleTimeout(CONTROL_RETRY_MIN_MS))).toEqual([{ round: 1, runs: [[3, 2]] }])
    requests.postpone(1000)
    expect(requests.dueMs).toBeGreaterThan(1000)
    requests.stop()
    expect([requests.dueMs, requests.handleTimeout(60_000)]).toEqual([null, []])
  })

  test('[RP9] is made so often that a round can be told by 16 bits', () => {
    const { requests } = setUp()
    for (let round = 1; round <= 0xffff; round++) {
      expect(requests.usedUp).toBe(false)
      requests.begin(round)
    }
    expect(requests.usedUp).toBe(true)
  })
})
