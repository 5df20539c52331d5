import { beforeEach, describe, expect, it } from 'vitest'

import type { Entry } from './entry'
import { Floors } from './floors'
import { FLOOR_DOUBTED_MS, FLOOR_WAIT_MS } from './limits'
import { authorOf } from './testing/devices'
import type { Stream } from './stream'

let floors: Floors
let stream: Stream

beforeEach(() => {
  floors = new Floors()
  const held = new Map([5, 8].map((seq) => [seq, { seq } as Entry]))
  stream = {
    ...{ author: authorOf(1), id: 'f'.repeat(16), to: null, next: 2, base: 0, lastTime: 0, ended: false },
    ...{ entries: [], held },
  }
})

function peer(name: string, has: number) {
  return { peer: name, hasOf: () => has }
}

describe('a beginning that a peer no longer has', () => {
  it('[CH8] is left out after a while, up to the first entry that is here', () => {
    floors.handleFloor('ben', stream, 8, 0)
    floors.handleFloor('cleo', stream, 5, 1000)
    expect(floors.pollTimeout()).toBe(FLOOR_WAIT_MS)
    expect(floors.pollSkips([], FLOOR_WAIT_MS - 1)).toEqual([])
    expect(floors.pollSkips([], FLOOR_WAIT_MS)).toEqual([{ stream, next: 5 }])
    expect(floors.pollTimeout()).toBe(Infinity)
  })

  it('[CH8] is waited for longer while somebody else seems to have it', () => {
    floors.handleFloor('ben', stream, 5, 0)
    const peers = [peer('ben', 9), peer('cleo', 9)]
    for (let now = FLOOR_WAIT_MS; now < FLOOR_DOUBTED_MS; now += FLOOR_WAIT_MS)
      expect(floors.pollSkips(peers, now)).toEqual([])
    expect(floors.pollSkips(peers, FLOOR_DOUBTED_MS)).toEqual([{ stream, next: 5 }])
  })

  it('is not waited for on the word of who says that it is gone', () => {
    floors.handleFloor('ben', stream, 5, 0)
    expect(floors.pollSkips([peer('ben', 9), peer('cleo', 2)], FLOOR_WAIT_MS)).toHaveLength(1)
  })

  it('stays when nothing that is here follows it, when it came after all, and when it is no gap', () => {
    floors.handleFloor('ben', stream, 6, 0)
    expect(floors.pollSkips([], FLOOR_WAIT_MS)).toEqual([])
    floors.handleFloor('ben', stream, 5, FLOOR_WAIT_MS)
    stream.next = 3
    expect(floors.pollSkips([], 2 * FLOOR_WAIT_MS)).toEqual([])
    floors.handleFloor('ben', stream, 3, 2 * FLOOR_WAIT_MS)
    expect(floors.pollTimeout()).toBe(Infinity)
  })
})
