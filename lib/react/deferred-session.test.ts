import { describe, expect, it, vi } from 'vitest'

import type { RoomSession, RoomState } from '@/lib/room/types'

import { DeferredSession } from './deferred-session'
import { roomState } from './fixtures'

interface FakeSession extends RoomSession {
  readonly calls: string[]
  announce(state: RoomState): void
}

function fakeSession(): FakeSession {
  const calls: string[] = []
  const listeners = new Set<() => void>()
  let state = roomState({ phase: 'idle' })
  return {
    calls,
    chat: null,
    announce(next) {
      state = next
      for (const listener of listeners) listener()
    },
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    open: ({ name }) => void calls.push(`open ${name}`),
    join: ({ room, name }) => void calls.push(`join ${room} ${name}`),
    prepare: ({ mode }) => void calls.push(`prepare ${mode}`),
    leave: () => void calls.push('leave'),
    hurry: () => void calls.push('hurry'),
    send: () => ['k'],
    sendText: (peerId, text) => Boolean(calls.push(`text ${peerId} ${text}`)),
    onText: () => () => undefined,
    handlePreviewShown: (key) => void calls.push(`shown ${key}`),
    cancel: (key) => void calls.push(`cancel ${key}`),
    repair: (key) => void calls.push(`repair ${key}`),
    remove: (key) => void calls.push(`remove ${key}`),
    close: () => void calls.push('close'),
  }
}

describe('DeferredSession', () => {
  it('loads nothing before someone opens or joins a room', () => {
    const load = vi.fn(() => Promise.resolve<RoomSession>(fakeSession()))
    const session = new DeferredSession('sender', load, 1)
    expect(session.getState()).toMatchObject({ phase: 'idle', role: 'sender', maxPictureBytes: 1 })
    expect(load).not.toHaveBeenCalled()
  })

  it('is connecting while the code is on its way, then passes the last wish on', async () => {
    const inner = fakeSession()
    const session = new DeferredSession('sender', () => Promise.resolve(inner), 1)
    session.join({ room: 'OLD', name: 'BEN' })
    session.join({ room: 'NEW', name: 'BEN' })
    expect(session.getState()).toMatchObject({ phase: 'connecting', selfName: 'BEN' })
    await vi.waitFor(() => expect(inner.calls).toEqual(['join NEW BEN']))
  })

  it('announces what the real session announces', async () => {
    const inner = fakeSession()
    const session = new DeferredSession('receiver', () => Promise.resolve(inner), 1)
    const seen: string[] = []
    session.open({ name: 'ANNA' })
    await vi.waitFor(() => expect(inner.calls).toEqual(['open ANNA']))
    session.subscribe(() => void seen.push(session.getState().phase))
    inner.announce(roomState({ phase: 'joined' }))
    expect(seen).toEqual(['joined'])
    session.repair('k')
    expect(inner.calls).toEqual(['open ANNA', 'repair k'])
  })

  it('says so when the code cannot be loaded, and tries again with the next wish', async () => {
    const inner = fakeSession()
    const load = vi
      .fn(() => Promise.resolve<RoomSession>(inner))
      .mockImplementationOnce(() => Promise.reject(new Error('offline')))
    const session = new DeferredSession('sender', load, 1)
    session.join({ room: 'R', name: 'BEN' })
    await vi.waitFor(() => {
      expect(session.getState()).toMatchObject({ phase: 'failed', errorCode: 'SHOAL_SERVER_UNREACHABLE' })
    })
    session.join({ room: 'R', name: 'BEN' })
    await vi.waitFor(() => expect(inner.calls).toEqual(['join R BEN']))
  })

  it('closes a session that arrives after it was closed, and can be used again', async () => {
    const made: FakeSession[] = []
    const load = () => {
      const next = fakeSession()
      made.push(next)
      return Promise.resolve<RoomSession>(next)
    }
    const session = new DeferredSession('sender', load, 1)
    session.join({ room: 'R', name: 'BEN' })
    session.close()
    session.join({ room: 'R', name: 'BEN' })
    await vi.waitFor(() => expect(made.map((inner) => inner.calls)).toEqual([['close'], ['join R BEN']]))
  })
})
