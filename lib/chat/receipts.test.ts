import { beforeEach, describe, expect, it } from 'vitest'

import { AUTHORS_MAX, MARKS_PER_PEER_MAX } from './limits'
import { Receipts } from './receipts'
import { authorOf } from './testing/devices'
import type { Stream } from './stream'
import type { AuthorId } from './types'

const [self, ben, cleo] = [authorOf(0), authorOf(1), authorOf(2)]
const here = new Set<AuthorId>()
let receipts: Receipts

beforeEach(() => {
  here.clear()
  receipts = new Receipts(self, (identity) => here.has(identity))
})

function mark(next: number, { author = self, stream = 'all' } = {}) {
  return { author, stream, next }
}

function streamTo(to: AuthorId | null): Stream {
  return {
    ...{ author: self, id: 'all', to, next: 9, base: 0, lastTime: 0, ended: false },
    ...{ entries: [], held: new Map() },
  }
}

describe('who has what this device wrote', () => {
  it('is counted over all who are here, also those who have said nothing', () => {
    receipts.note(ben, mark(3))
    expect(receipts.marksOf(streamTo(null), [self, ben, cleo])).toEqual([3, 0])
  })

  it('is the other end alone where a stream is for one, here or not', () => {
    receipts.note(ben, mark(3))
    expect(receipts.marksOf(streamTo(ben), [cleo])).toEqual([3])
  })

  it('does not shrink by an older word, and says nothing of what others wrote', () => {
    receipts.note(ben, mark(3))
    receipts.note(ben, mark(2))
    receipts.note(ben, mark(7, { author: cleo }))
    expect(receipts.marksOf(streamTo(null), [ben])).toEqual([3])
  })

  it('[CH8] is kept of so many devices and streams: one that is gone makes room, streams past the bound do not count', () => {
    here.add(ben)
    receipts.note(ben, mark(1))
    for (let index = 0; index < AUTHORS_MAX; index++) receipts.note(authorOf(0x1000 + index), mark(1))
    const first = [ben, authorOf(0x1000), authorOf(0x1001)]
    expect(receipts.marksOf(streamTo(null), first)).toEqual([1, 0, 1])
    for (let index = 0; index < MARKS_PER_PEER_MAX; index++)
      receipts.note(cleo, mark(1, { stream: `${index}` }))
    receipts.note(cleo, mark(1))
    expect(receipts.marksOf(streamTo(null), [cleo])).toEqual([0])
  })
})
