import { expect, test } from 'vitest'

import { PEER_SILENT_MS } from './constants'
import { PeerLiveness } from './peer-liveness'
import { SilenceWatch } from './silence-watch'

test('[EP6] a transfer that hears nothing of its own lives by what others of the peer hear', () => {
  const peer = new PeerLiveness()
  const waiting = new SilenceWatch(peer, 0)
  new SilenceWatch(peer, 0).handleHeard(700)
  expect(waiting.peerDueMs).toBe(700 + PEER_SILENT_MS)
  expect(waiting.transferDueMs).toBe(PEER_SILENT_MS)
})

test('[TX5] silence that begins anew is no sign of life of the peer', () => {
  const peer = new PeerLiveness()
  const watch = new SilenceWatch(peer, 0)
  watch.restart(500)
  expect([watch.transferDueMs, watch.peerDueMs]).toEqual([500 + PEER_SILENT_MS, 500 + PEER_SILENT_MS])
  expect(peer.lastHeardAt).toBe(-Infinity)
})
