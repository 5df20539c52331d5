import { describe, expect, it } from 'vitest'

import { carryingPath, laneCount } from './carrying-path'
import { peerView, roomState, transferView } from './fixtures'

describe('the path that the page names', () => {
  it('is none while nobody can be reached', () => {
    expect(carryingPath(roomState())).toBeNull()
    expect(carryingPath(roomState({ peers: [peerView({ link: 'lost', path: 'direct' })] }))).toBeNull()
  })

  it('is the least direct one of several peers', () => {
    const peers = [peerView(), peerView({ id: 'p2', path: 'turn' })]
    expect(carryingPath(roomState({ peers }))).toBe('turn')
    expect(carryingPath(roomState({ peers: [...peers, peerView({ id: 'p3', path: 'relay' })] }))).toBe(
      'relay',
    )
  })

  it('is that of the peer whose picture is under way', () => {
    const peers = [peerView({ path: 'direct' }), peerView({ id: 'p2', path: 'relay' })]
    expect(carryingPath(roomState({ peers, transfers: [transferView({ peerId: 'p1' })] }))).toBe('direct')
    const done = [transferView({ peerId: 'p1', state: 'done' })]
    expect(carryingPath(roomState({ peers, transfers: done }))).toBe('relay')
  })
})

describe('the lanes that the page counts', () => {
  it('are those to everyone who can be reached', () => {
    const peers = [
      peerView({ lanes: { open: 16, target: 32 } }),
      peerView({ id: 'p2', lanes: { open: 2, target: 8 } }),
      peerView({ id: 'p3', link: 'lost', lanes: { open: 0, target: 48 } }),
    ]
    expect(laneCount(roomState({ peers }))).toEqual({ open: 18, target: 40 })
    expect(laneCount(roomState())).toEqual({ open: 0, target: 0 })
  })
})
