import { describe, expect, it } from 'vitest'

import { countedBytes } from '@/lib/keys/fixtures'
import { Keyring } from '@/lib/keys/keyring'
import { encodeLinkMessage } from '@/lib/peer/link-message'

import type { Meddling, Page, Signal } from './testing/malicious-server'
import { Room } from './testing/malicious-server'

const SECRET = new Uint8Array(16).fill(7)
/** Long enough for the first attempts at a lane to time out, and others to follow. */
const LONG_MS = 60_000

function meet(senderSecret: Uint8Array | null, receiverSecret: Uint8Array | null, room = new Room()) {
  const receiver = room.join('receiver', receiverSecret, { id: 'anna' })
  const sender = room.join('sender', senderSecret, { id: 'ben' })
  return { room, receiver, sender }
}

function view(page: Page) {
  return page.peers.views[0]
}

describe('an honest server', () => {
  it('[KY8] opens lanes between two pages with the link, who are verified, and never sees an offer', () => {
    const { room, receiver, sender } = meet(SECRET, SECRET)
    room.settle()
    expect(sender.openTo).toEqual(['load0-0', 'load0-1'])
    expect(receiver.openTo).toEqual(['load1-0', 'load1-1'])
    for (const page of [receiver, sender]) {
      expect(view(page)).toMatchObject({ link: 'open', verified: true, problem: null })
    }
    expect(room.seen.map(({ payload }) => payload).join()).not.toMatch(/fingerprint|candidate|offer/)
    expect([sender.keys('anna').droppedTotal, receiver.keys('ben').droppedTotal]).toEqual([0, 0])
  })

  it.each([
    ['whose receiver has the secret', SECRET],
    ['that both came by the code', null],
  ])('[KY10] opens lanes between two pages %s, not verified', (_title, secret) => {
    const { room, receiver, sender } = meet(null, secret)
    room.settle()
    for (const page of [receiver, sender]) {
      expect(view(page)).toMatchObject({ link: 'open', verified: false, problem: null })
    }
    expect(room.seen.map(({ payload }) => payload).join()).not.toMatch(/fingerprint|candidate|offer/)
  })

  it('[KY8] carries one hello from each page more than before, and no answer to it', () => {
    const types = (room: Room) =>
      room.seen.map(({ from, payload }) => `${from} ${(JSON.parse(payload) as { type: string }).type}`)
    for (const secret of [SECRET, null]) {
      const { room } = meet(secret, SECRET)
      expect(types(room).filter((type) => type.endsWith('hello'))).toEqual(['anna hello', 'ben hello'])
      if (secret) expect(types(room)).toContain('ben sealed')
      room.run(LONG_MS)
      expect(types(room).filter((type) => type.endsWith('hello'))).toHaveLength(2)
    }
  })

  it('[KY8] that loses the hellos with a restart is asked for them again', () => {
    const room = new Room()
    let lost = 0
    room.meddle = (signal) => {
      const isHello = signal.payload.includes('"hello"')
      if (isHello && lost < 2) {
        lost++
        return []
      }
      return [signal]
    }
    const { sender, receiver } = meet(null, SECRET, room)
    room.run(LONG_MS)
    expect(lost).toBe(2)
    expect([view(sender)?.link, view(receiver)?.link]).toEqual(['open', 'open'])
  })

  it.each([SECRET, null])('[KY6] may deliver the newest signal first', (secret) => {
    const room = new Room()
    room.newestFirst = true
    const { sender, receiver } = meet(secret, SECRET, room)
    room.run(LONG_MS)
    expect([view(sender)?.link, view(receiver)?.link]).toEqual(['open', 'open'])
    expect(sender.keys('anna').droppedTotal + receiver.keys('ben').droppedTotal).toBe(0)
  })

  it('[KY9] introduces a sender with the link and a receiver without it in vain, and both say why', () => {
    const { room, receiver, sender } = meet(SECRET, null)
    room.run(LONG_MS)
    expect([...sender.openTo, ...receiver.openTo]).toEqual([])
    for (const page of [receiver, sender]) {
      expect(view(page)).toMatchObject({ problem: 'SHOAL_PEER_UNVERIFIED' })
    }
  })

  it('[KY5] brings back a member that was gone, under counters that go on', () => {
    const { room, receiver, sender } = meet(SECRET, SECRET)
    room.settle()
    const { member } = sender
    receiver.sync([])
    for (const lane of [...receiver.lanes]) lane.close()
    receiver.sync([member])
    room.run(LONG_MS)
    expect(view(receiver)).toMatchObject({ link: 'open', verified: true })
    expect(receiver.keys('ben').droppedTotal).toBe(0)
    const before = receiver.keys('ben').droppedTotal
    const replayed = room.seen.filter(({ to }) => to === 'anna')
    for (const signal of replayed) room.inject(signal)
    expect(receiver.keys('ben').dropped.replayed).toBe(before + replayed.length)
  })
})

/** A page of the server's own that answers in another member's name, without the secret. */
function impostor(
  role: 'sender' | 'receiver',
  selfId: string,
  instance: string,
  peer: { id: string; instance: string },
) {
  const ring = new Keyring({ instance, randomBytes: countedBytes(99) })
  const keys = ring.pair({ room: 'K7QM3-XTR9B', selfId, secret: null }, peer, {
    role,
    strict: role === 'sender',
  })
  if (!keys) throw new Error('no keys')
  return keys
}

const OFFER_OF_EVIL = encodeLinkMessage({
  type: 'lane',
  lane: 0,
  attempt: 2 ** 50,
  signal: { type: 'offer', sdp: 'a=fingerprint:evil' },
})

const flip = (payload: string, at: number) =>
  payload.slice(0, at) + (payload[at] === 'A' ? 'B' : 'A') + payload.slice(at + 1)

/** Each gets everything that passes and delivers something else. */
const ATTACKS: [title: string, meddle: Meddling][] = [
  [
    'changes one symbol of each',
    (signal) => [{ ...signal, payload: flip(signal.payload, signal.payload.length - 6) }],
  ],
  [
    'puts its own offer and answer in the place of each, in clear',
    (signal) => [
      { ...signal, payload: OFFER_OF_EVIL.replace('offer', signal.to === 'anna' ? 'offer' : 'answer') },
    ],
  ],
  [
    'sends each back to where it came from',
    ({ from, to, payload }) => [{ from: to, to: from, payload: swapNames(payload) }],
  ],
  [
    'takes out the proofs and passes on nothing that is sealed',
    (signal) =>
      signal.payload.includes('"hello"')
        ? [
            {
              ...signal,
              payload: JSON.stringify({ ...(JSON.parse(signal.payload) as object), proof: undefined }),
            },
          ]
        : [],
  ],
  [
    'puts in noise',
    (signal) => [
      { ...signal, payload: '{"type":"sealed"}' },
      { ...signal, payload: '\u0000' },
    ],
  ],
  [
    'lies about which load of a page it is from',
    (signal) => [{ ...signal, payload: signal.payload.replaceAll(/load\d/g, 'load9') }],
  ],
]

function swapNames(payload: string): string {
  const { from, to, ...rest } = JSON.parse(payload) as { from: string; to: string }
  return JSON.stringify({ ...rest, from: to, to: from })
}

describe('a malicious server between two pages with the link', () => {
  it.each(ATTACKS)('[KY14] that %s opens nothing, and all is counted', (_title, meddle) => {
    const room = new Room()
    const delivered = new Map<string, number>()
    room.meddle = (signal, all) => {
      const instead = meddle(signal, all)
      for (const { to } of instead) delivered.set(to, (delivered.get(to) ?? 0) + 1)
      return instead
    }
    const { sender, receiver } = meet(SECRET, SECRET, room)
    room.run(LONG_MS)
    expect([...sender.openTo, ...receiver.openTo]).toEqual([])
    expect(sender.keys('anna').verified).not.toBe(true)
    expect(receiver.keys('ben').verified).not.toBe(true)
    expect(sender.keys('anna').droppedTotal).toBe(delivered.get('ben') ?? 0)
    // Hellos without a proof are what a receiver takes from who came by the code alone.
    const taken = receiver.keys('ben').verified === false
    expect(receiver.keys('ben').droppedTotal).toBe(taken ? 0 : delivered.get('anna'))
    expect(sender.lanes.every((lane) => lane.remote === null)).toBe(true)
    expect(receiver.lanes).toEqual([])
  })

  it.each(ATTACKS.slice(0, 3))('[KY14] that %s is called by its name on both pages', (_title, meddle) => {
    const room = new Room()
    room.meddle = meddle
    const { sender, receiver } = meet(SECRET, SECRET, room)
    room.settle()
    expect(view(sender)?.problem).toBe('SHOAL_SIGNAL_TAMPERED')
    expect(view(receiver)?.problem).toBe('SHOAL_SIGNAL_TAMPERED')
    expect(receiver.keys('ben').droppedTotal).toBeGreaterThan(0)
  })

  it('[KY14] that drops everything has only that', () => {
    const room = new Room()
    room.meddle = () => []
    const { sender, receiver } = meet(SECRET, SECRET, room)
    room.run(LONG_MS)
    expect([...sender.openTo, ...receiver.openTo]).toEqual([])
    expect(view(sender)).toMatchObject({ link: 'lost', problem: null })
  })

  it('[KY6] that delivers everything twice opens the lanes once, and every second one is counted', () => {
    const room = new Room()
    const delivered = new Map<string, number>()
    room.meddle = (signal) => {
      delivered.set(signal.to, (delivered.get(signal.to) ?? 0) + 1)
      return [signal, signal]
    }
    const { sender, receiver } = meet(SECRET, SECRET, room)
    room.settle()
    expect(sender.openTo).toEqual(['load0-0', 'load0-1'])
    expect(sender.keys('anna').dropped.replayed).toBe(delivered.get('ben'))
    expect(receiver.keys('ben').dropped.replayed).toBe(delivered.get('anna'))
  })

  it('[KY5] that plays an earlier load of the page to its next one opens nothing', () => {
    const before = meet(SECRET, SECRET)
    before.room.settle()
    const recorded = before.room.seen.filter(({ to }) => to === 'anna')

    const room = new Room()
    room.meddle = () => []
    const receiver = room.join('receiver', SECRET, { id: 'anna', instance: 'again' })
    room.join('sender', SECRET, { id: 'ben', instance: 'load1' })
    const [asTheyWere, toThisLoad] = [recorded, recorded.map((signal) => named(signal, 'load1', 'again'))]
    for (const signal of [...asTheyWere, ...toThisLoad]) room.inject(signal)
    expect(receiver.lanes).toEqual([])
    expect(receiver.keys('ben').dropped).toMatchObject({ stale: recorded.length, altered: recorded.length })
    expect(recorded.length).toBeGreaterThan(3)
  })

  it('[KY3] that splices in what was said in another room, or by another member, opens nothing', () => {
    const elsewhere = meet(SECRET, SECRET, new Room('AAAAA-BBBBB'))
    elsewhere.room.settle()
    const { room, receiver } = meet(SECRET, SECRET)
    const clara = room.join('sender', SECRET, { id: 'clara' })
    room.settle()
    const lanes = receiver.lanes.length
    const fromElsewhere = elsewhere.room.seen.filter(({ to }) => to === 'anna')
    const fromClara = room.seen.filter(({ from }) => from === 'clara')
    const before = receiver.keys('ben').droppedTotal
    for (const signal of fromElsewhere) room.inject(signal)
    for (const signal of fromClara) room.inject({ ...named(signal, 'load1', 'load0'), from: 'ben' })
    expect(receiver.keys('ben').droppedTotal).toBe(before + fromElsewhere.length + fromClara.length)
    expect(receiver.lanes).toHaveLength(lanes)
    expect(clara.openTo).toHaveLength(2)
  })

  it('[KY9] that stands in as a receiver who came by the code gets no offer it can read', () => {
    const room = new Room()
    const { sender } = meet(SECRET, SECRET, room)
    const evil = impostor('receiver', 'anna', 'load0', { id: 'ben', instance: 'load1' })
    const read: string[] = []
    room.meddle = (signal) => {
      if (signal.to !== 'anna') return [{ ...signal, payload: evil.hello(true) }]
      const opened = evil.open(signal.payload)
      if (opened?.type === 'message') read.push(opened.text)
      const answer = evil.seal(OFFER_OF_EVIL.replace('offer', 'answer'))
      return answer === null ? [] : [{ from: 'anna', to: 'ben', payload: answer }]
    }
    room.run(LONG_MS)
    expect(read).toEqual([])
    expect(sender.openTo).toEqual([])
    expect(sender.lanes.every((lane) => lane.remote === null)).toBe(true)
    expect(view(sender)).toMatchObject({ verified: null, problem: 'SHOAL_PEER_UNVERIFIED' })
    expect(sender.keys('anna').dropped.unproven).toBeGreaterThan(1)
  })

  it('[KY12] that stands in as the sender loses its lanes as soon as the sender’s own words come through', () => {
    const room = new Room()
    const { receiver } = meet(SECRET, SECRET, room)
    const evil = impostor('sender', 'ben', 'load1', { id: 'anna', instance: 'load0' })
    let held: readonly Signal[] = []
    room.meddle = (signal) => {
      if (signal.to === 'anna') held = [...held, signal]
      else evil.open(signal.payload)
      return []
    }
    room.settle()
    room.inject({ from: 'ben', to: 'anna', payload: evil.hello(false) })
    room.inject({ from: 'ben', to: 'anna', payload: evil.seal(OFFER_OF_EVIL) ?? '' })
    expect(receiver.lanes.map((lane) => lane.remote)).toEqual(['evil'])
    expect(view(receiver)).toMatchObject({ verified: false })

    for (const signal of held) room.inject(signal)
    expect(receiver.keys('ben').spoiled).toBe(true)
    expect(view(receiver)).toMatchObject({ link: 'lost', problem: 'SHOAL_SIGNAL_TAMPERED' })
    room.run(LONG_MS)
    expect(receiver.openTo).toEqual([])
  })

  it('[KY3] that tells the two different things about each other opens nothing', () => {
    const room = new Room()
    const receiver = room.join('receiver', SECRET, { id: 'anna' })
    const sender = room.join('sender', SECRET, { id: 'ben' })
    room.announce((member) => ({ ...member, instance: `${member.instance}x` }))
    room.run(LONG_MS)
    expect([...sender.openTo, ...receiver.openTo]).toEqual([])
    expect(sender.keys('anna').dropped.stale).toBeGreaterThan(0)
    expect(view(sender)).toMatchObject({ link: 'lost', problem: 'SHOAL_SIGNAL_TAMPERED' })
  })
})

/** The same signal under other instances, as a server can write them. */
function named(signal: Signal, from: string, to: string): Signal {
  return { ...signal, payload: JSON.stringify({ ...(JSON.parse(signal.payload) as object), from, to }) }
}
