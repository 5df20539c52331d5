import { expect, test } from 'vitest'

import type { LaneSignal } from './lane'
import { throughAddress, withoutCandidates } from './through'

const CANDIDATE: LaneSignal = {
  type: 'candidate',
  candidate: { candidate: 'candidate:1 1 udp 1 aa.local 5 typ host', sdpMLineIndex: 0, sdpMid: '0' },
}
const LINES = [
  'v=0',
  'a=ice-ufrag:abcd',
  'a=candidate:1 1 udp 1 aa.local 5 typ host',
  'a=end-of-candidates',
  'a=mid:0',
  '',
]
const OFFER: LaneSignal = { type: 'offer', sdp: LINES.join('\r\n') }
const BARE: LaneSignal = { type: 'offer', sdp: ['v=0', 'a=ice-ufrag:abcd', 'a=mid:0', ''].join('\r\n') }

test('what is told says nothing of where this end is', () => {
  expect(withoutCandidates(CANDIDATE)).toBeNull()
  expect(withoutCandidates(OFFER)).toEqual(BARE)
})

test('what is heard has the given address as its only candidate', () => {
  expect(throughAddress(CANDIDATE, { address: '127.0.0.1', port: 4000 })).toEqual([])
  expect(throughAddress(OFFER, { address: '127.0.0.1', port: 4000 })).toEqual([
    BARE,
    {
      type: 'candidate',
      candidate: {
        candidate: 'candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host',
        sdpMLineIndex: 0,
        sdpMid: null,
      },
    },
  ])
})
