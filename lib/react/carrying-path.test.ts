import { describe, expect, it } from 'vitest'

import { carryingPath } from './carrying-path'
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
