import { beforeEach, describe, expect, it } from 'vitest'

import type { SignallingState } from '@/lib/signalling/client'

import { RoomJoin } from './room-join'
import { dropSecret, saveSecret } from './secret-store'

const HERE = 'K7QM3-XTR9B'

beforeEach(() => dropSecret(HERE))

function setUp({ direct = false } = {}) {
  const calls: unknown[] = []
  const answer: Partial<SignallingState> = { room: null, title: null, selfName: null }
  const joining = new RoomJoin({
    ...{ role: 'member', direct },
    signalling: {
      getState: () => answer as SignallingState,
      create: (options) => calls.push(['create', options]),
      join: (options) => calls.push(['join', options]),
    },
    place: {
      begin: ({ opens }) => calls.push(['begin', opens]),
      prepare: () => calls.push(['prepare']),
      linkSecret: (room) => room && `secret of ${room}`,
    },
  })
  return { joining, calls, answer }
}

describe('the way into a room', () => {
  it('asks for a new room, with a title where there is one', () => {
    const { joining, calls } = setUp()
    expect(joining.open({ name: 'Ann', title: ' ' })).toBeNull()
    expect(joining.open({ name: 'Ann', title: 'Fish' })).toBeNull()
    expect(calls).toEqual([
      ...[['begin', true], ['create', { name: 'Ann', role: 'member' }], ['prepare']],
      ...[['begin', true], ['create', { name: 'Ann', role: 'member', title: 'Fish' }], ['prepare']],
    ])
  })

  it('is in no room, under the name asked for, until the server has answered', () => {
    const { joining, answer } = setUp()
    joining.join({ room: HERE, name: 'Ann', verifiedOnly: true })
    expect([joining.room, joining.secret, joining.selfName]).toEqual([null, null, 'Ann'])
    Object.assign(answer, { room: HERE, selfName: 'Ann 2' })
    expect(joining.room).toEqual({
      ...{ code: HERE, title: null, selfName: 'Ann 2', verifiedOnly: true },
      secret: `secret of ${HERE}`,
    })
  })

  it('does not join by a link whose secret is broken', () => {
    const { joining, calls } = setUp()
    saveSecret(HERE, 'malformed')
    expect(joining.join({ room: 'k7qm3xtr9b', name: 'Ann' })).toBe('SHOAL_BAD_LINK')
    expect(calls).toEqual([])
  })

  it('asks for nothing where the browser cannot connect, unless the relay is all it is to use', () => {
    const { joining, calls } = setUp({ direct: true })
    expect(joining.open({ name: 'Ann' })).toBe('SHOAL_NO_WEBRTC')
    expect(joining.join({ room: HERE, name: 'Ann' })).toBe('SHOAL_NO_WEBRTC')
    expect(calls).toEqual([])
  })
})
