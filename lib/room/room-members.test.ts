import { describe, expect, it } from 'vitest'

import { ManualClock } from '@/lib/peer/manual-clock'
import type { TransferView } from '@/lib/transfer/types'

import { isBadLink, RoomMembers } from './room-members'
import { Room } from './testing/malicious-server'
import type { PeerView } from './types'

const SECRET = new Uint8Array(16).fill(7)

function three() {
  const room = new Room()
  const [anna, ben, cleo] = ['anna', 'ben', 'cleo'].map((id) => room.join('member', SECRET, { id }))
  if (!anna || !ben || !cleo) throw new Error('three were asked for')
  room.settle()
  return { room, anna, ben, cleo }
}

describe('three members of a room', () => {
  it('are each connected to both others, verified by the link, each pair once', () => {
    const { anna, ben, cleo } = three()
    for (const page of [anna, ben, cleo]) {
      expect(page.peers.views.map(({ link, verified, role }) => [link, verified, role])).toEqual([
        ['open', true, 'member'],
        ['open', true, 'member'],
      ])
      expect(page.lanes).toHaveLength(4)
    }
  })

  it('tell each other texts, to one alone or to each', () => {
    const { anna, ben, cleo } = three()
    expect(anna.peers.sendText('ben', 'only you')).toBe(true)
    for (const id of ['anna', 'ben']) expect(cleo.peers.sendText(id, 'hello')).toBe(true)
    expect([anna.texts, ben.texts, cleo.texts]).toEqual([
      ['cleo: hello'],
      ['anna: only you', 'cleo: hello'],
      [],
    ])
    expect(anna.peers.sendText('nobody', 'hello')).toBe(false)
  })

  it('close what they have to one that is taken out, and keep the rest', () => {
    const { anna, ben } = three()
    anna.peers.remove('cleo')
    expect(anna.peers.views.map(({ id }) => id)).toEqual(['ben'])
    expect(anna.peers.sendText('cleo', 'hello')).toBe(false)
    expect(ben.peers.views.find(({ id }) => id === 'anna')?.link).toBe('open')
  })

  it('meet a page that only sends and one that only receives, which do what they did before', () => {
    const { room, anna, ben, cleo } = three()
    const sender = room.join('sender', SECRET, { id: 'sam' })
    const receiver = room.join('receiver', SECRET, { id: 'rita' })
    room.settle()
    const rolesSeen = (views: readonly PeerView[]) => views.map(({ role }) => role).sort()
    expect(rolesSeen(sender.peers.views)).toEqual(['member', 'member', 'member', 'receiver'])
    expect(rolesSeen(receiver.peers.views)).toEqual(['member', 'member', 'member', 'sender'])
    for (const page of [anna, ben, cleo, sender, receiver]) {
      expect(page.peers.views).toHaveLength(4)
      expect(page.peers.views.every(({ link }) => link === 'open')).toBe(true)
    }
  })

  it('[KY10] with and without the link meet, not verified', () => {
    const { room, anna } = three()
    const dora = room.join('member', null, { id: 'dora' })
    room.settle()
    expect(dora.peers.views.every(({ link, verified }) => link === 'open' && verified === false)).toBe(true)
    expect(anna.peers.views.find(({ id }) => id === 'dora')).toMatchObject({ link: 'open', verified: false })
  })
})

describe('presence', () => {
  const peer: PeerView = {
    ...{ id: 'ben', name: 'BEN', role: 'member', link: 'open', away: false, verified: true, problem: null },
    ...{ lanes: { open: 2, target: 2 }, path: 'direct' },
  }
  const transfer = (changes: object) =>
    ({ peerId: 'ben', kept: false, progress: { lossPercent: 3 }, ...changes }) as TransferView

  function members(views: readonly TransferView[], lossRate: number | null = null) {
    const clock = new ManualClock()
    const asked = { times: 0, visible: true }
    const list = new RoomMembers({
      clock,
      peers: {
        views: [peer],
        memberOf: () => ({ ...peer, role: 'member', instance: 'b1', owner: true as const }),
        rttTo: () => 12.34,
        measureRtts: () => {
          asked.times++
        },
      },
      transfers: { views, pathTo: () => ({ rttMs: 12, lossRate, rateBytesPerMs: 1 }) },
      isVisible: () => asked.visible,
      onChange: () => undefined,
    })
    return { clock, asked, list }
  }

  it.each([
    [
      'the newest picture that counted any',
      [transfer({}), transfer({ progress: { lossPercent: 9 } })],
      0.5,
      3,
    ],
    ['the path, when no picture of this load did', [transfer({ kept: true })], 0.5, 50],
    ['nothing, when nothing went', [transfer({ peerId: 'cleo' })], null, null],
  ] as const)('tells the loss of %s', (_title, views, lossRate, lossPercent) => {
    expect(members(views, lossRate).list.views()).toEqual([
      { ...peer, identity: null, safety: null, rttMs: 12, lossPercent, owner: true },
    ])
  })

  it('is asked for now and then, and never by a page that nobody looks at, or that has left', () => {
    const { clock, asked, list } = members([])
    list.start()
    list.start()
    clock.advance(30_000)
    expect(asked.times).toBe(3)
    asked.visible = false
    clock.advance(30_000)
    expect(asked.times).toBe(3)
    asked.visible = true
    list.stop()
    clock.advance(30_000)
    expect(asked.times).toBe(3)
  })

  it.each([
    [{}, false],
    [{ rttMs: 900 }, true],
    [{ lossPercent: 8 }, true],
    [{ away: true }, true],
    [{ link: 'lost' }, true],
  ] as const)('a member with %j is on a bad link: %s', (changes, bad) => {
    expect(isBadLink({ link: 'open', away: false, rttMs: 20, lossPercent: null, ...changes })).toBe(bad)
  })
})
