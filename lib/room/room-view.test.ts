import { beforeEach, describe, expect, it } from 'vitest'

import type { ErrorCode } from '@/lib/protocol/errors'
import type { SignallingState } from '@/lib/signalling/client'
import { NO_PATHS } from '@/lib/signalling/paths'

import { RoomView } from './room-view'
import type { PathChoice, PeerView } from './types'

const JOINED: SignallingState = {
  ...{ phase: 'joined', errorCode: null, room: 'K7QM3-XTR9B', selfId: 'aaaa', selfName: 'Ann', title: null },
  ...{ owner: true, members: [], addresses: [], limits: null, paths: NO_PATHS, ignored: 0 },
}
const BEN: PeerView = {
  ...{ id: 'bbbb', name: 'Ben', role: 'receiver', link: 'connecting', away: false, verified: null },
  ...{ problem: null, lanes: { open: 0, target: 2 }, path: null },
}

let signalling: SignallingState
let peers: PeerView[]
let relayError: ErrorCode | null

beforeEach(() => {
  signalling = JOINED
  peers = [BEN]
  relayError = null
})

function setUp(relayChoice: PathChoice['relay'] = 'auto') {
  const transfers = { views: [] }
  const view = new RoomView({
    ...{ role: 'sender', relayChoice, transfers, chat: null },
    signalling: { getState: () => signalling },
    joining: { selfName: 'Ann', secret: 'abc', verifiedOnly: false },
    peers: {
      get views() {
        return peers.map((peer) => ({ ...peer }))
      },
    },
    members: { views: () => [] },
    relay: {
      get errorCode() {
        return relayError
      },
    },
  })
  const told = { times: 0 }
  view.subscribe(() => told.times++)
  return { view, told }
}

describe('what the page shows of its room', () => {
  it('is an idle page before anything is known', () => {
    expect(setUp().view.getState()).toMatchObject({ phase: 'idle', code: null, role: 'sender', peers: [] })
  })

  it('is told of a change once, and not of none', () => {
    const { view, told } = setUp()
    view.update()
    const { peers: before } = view.getState()
    view.update()
    expect([told.times, view.getState().peers === before]).toEqual([1, true])
    peers = [{ ...BEN, link: 'open' }]
    view.update()
    expect([told.times, view.getState().peers[0]?.link]).toEqual([2, 'open'])
    expect(view.getState()).toMatchObject({
      code: 'K7QM3-XTR9B',
      secret: 'abc',
      selfName: 'Ann',
      owner: true,
    })
  })

  it('says why there is no way into a room', () => {
    const { view } = setUp()
    view.fail('SHOAL_BAD_LINK')
    expect(view.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_BAD_LINK' })
  })

  it('says that the relay is off only where it is all there is', () => {
    for (const [choice, errorCode] of [['only', 'SHOAL_RELAY_OFF'] as const, ['auto', null] as const]) {
      const { view } = setUp(choice)
      view.update()
      expect(view.getState().errorCode).toBe(errorCode)
    }
  })

  it('says that the relay is used up while somebody cannot be reached otherwise', () => {
    relayError = 'SHOAL_RELAY_USED_UP'
    const { view } = setUp()
    view.update()
    expect(view.getState().errorCode).toBe('SHOAL_RELAY_USED_UP')
    peers = [{ ...BEN, link: 'open' }]
    view.update()
    expect(view.getState().errorCode).toBeNull()
  })
})
