import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'

import { signedText } from '@/lib/chat/entry'
import { encodeEntries } from '@/lib/chat/wire'
import { toBase64Url } from '@/lib/keys/base64url'
import { countedBytes } from '@/lib/keys/fixtures'
import type { Signer } from '@/lib/keys/identity'
import type { RandomBytes } from '@/lib/keys/secret'

import { MemoryIdentityStore } from './identity-store'
import { channelText } from './member-texts'
import { byAuthor, CODE, deviceOf, idOf, LONG_MS, type Member, meetThree } from './testing/company'
import { type Frame, type FrameMeddling, MaliciousRelay } from './testing/malicious-relay'

const NAMES = ['ANNA', 'BEN', 'CLEO']

async function meetByRelay() {
  const three = await meetThree({ relayed: true })
  const relay = three.company.relay ?? new MaliciousRelay()
  return { ...three, relay, refused: () => three.members.map((member) => member.relay?.refused ?? 0) }
}

function flipped(frame: Frame): Frame {
  const packet = frame.packet.slice()
  packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1
  return { ...frame, packet }
}

function third({ from, to }: Frame): string {
  return NAMES.map(idOf).find((id) => id !== from && id !== to) ?? ''
}

/** Every so many packets are for it; all others pass. */
function each(count: number, meddle: FrameMeddling): FrameMeddling {
  let n = 0
  return (frame, all) => (++n % count === 0 ? meddle(frame, all) : [frame])
}

const isBetween = ({ from, to }: Frame, a: string, b: string) =>
  (from === idOf(a) && to === idOf(b)) || (from === idOf(b) && to === idOf(a))

/** With how many packets, at least, that no page may open. */
const ATTACKS: [title: string, meddle: FrameMeddling, wrong: number][] = [
  ['passes everything on, as an honest one does,', (frame) => [frame], 0],
  ['delivers everything twice', (frame) => [frame, frame], 90],
  ['plays 100 from before with each tenth', each(10, (frame, all) => [...all.slice(-100), frame]), 500],
  ['changes one bit of a copy of each', (frame) => [flipped(frame), frame], 90],
  ['changes one bit of each third', each(3, (frame) => [flipped(frame)]), 30],
  [
    'sends a copy of each back to its author',
    (frame) => [{ ...frame, from: frame.to, to: frame.from }, frame],
    90,
  ],
  ['gives each to the third one as well', (frame) => [{ ...frame, to: third(frame) }, frame], 90],
  ['says that each third is from the other one', each(3, (frame) => [{ ...frame, from: third(frame) }]), 30],
  ['withholds each third', each(3, () => []), 0],
  ['withholds everything between two', (frame) => (isBetween(frame, 'ANNA', 'BEN') ? [] : [frame]), 0],
]

describe('a server that carries what members say', () => {
  it.each(ATTACKS)(
    '[KY14] and %s changes nothing: each text is shown once, by its author, in order; the rest is counted',
    async (_title, meddle, wrong) => {
      const { company, relay, members, refused } = await meetByRelay()
      relay.meddle = meddle
      const written = company.talk(5, 'says')
      company.run(LONG_MS)
      for (const member of members) expect(company.heard(member)).toEqual(byAuthor(written))
      expect(relay.wrong).toBeGreaterThanOrEqual(wrong)
      expect(refused().reduce((sum, count) => sum + count)).toBe(relay.wrong)
      for (const { dropped } of members) expect(dropped).toMatchObject({ forged: 0, contradicting: 0 })
    },
  )

  it('[KY6] may carry the newest first', async () => {
    const { company, relay, members, refused } = await meetByRelay()
    relay.newestFirst = true
    const written = members.flatMap((member) =>
      Array.from({ length: 20 }, (_, i) => {
        const text = `${member.name} at once ${i}`
        member.write(text)
        return text
      }),
    )
    company.run(LONG_MS)
    for (const member of members) expect(company.heard(member)).toEqual(byAuthor(written))
    expect(refused()).toEqual([0, 0, 0])
  })

  it('[CH6] and withholds everything for a while has only that', async () => {
    const { company, relay, members } = await meetByRelay()
    relay.meddle = () => []
    const written = company.talk(3, 'in the dark')
    for (const member of members) expect(Object.keys(company.heard(member))).toEqual([member.name])
    relay.meddle = (frame) => [frame]
    company.run(LONG_MS)
    for (const member of members) expect(company.heard(member)).toEqual(byAuthor(written))
  })

  it('[CH4] reads no word of it, and cannot give a private one to anybody else', async () => {
    const { company, relay, anna, ben, cleo } = await meetByRelay()
    anna.write('ANNA to Ben', ben)
    company.run()
    for (const frame of [...relay.seen]) relay.inject({ ...frame, to: cleo.id })
    company.run(LONG_MS)
    expect(company.heard(ben)).toEqual({ ANNA: ['ANNA to Ben'] })
    expect(company.heard(cleo)).toEqual({})
    expect(anna.said.filter((line) => line.startsWith(cleo.id) && line.includes('to Ben'))).toEqual([])
    const carried = relay.seen.map(({ packet }) => new TextDecoder().decode(packet)).join()
    expect(carried).not.toMatch(/ANNA|entries|chat/)
  })
})

/** What a member has said of the chat, and the entries in it. */
function entriesFrom({ said }: Member): unknown[][] {
  const texts = said
    .map((line) => line.slice(line.indexOf(' ') + 2))
    .filter((text) => text.startsWith('{"chat"'))
  return texts.flatMap((text) => (JSON.parse(text) as { entries?: unknown[][] }).entries ?? [])
}

/** The first thing that this device says in the room: that it takes this message back. */
function deletionBy(signer: Signer, id: string): string {
  const body = JSON.stringify({ type: 'delete', id, salt: '' })
  const unsigned = {
    ...{ author: signer.author, stream: 'e'.repeat(16), seq: 0, time: 1, name: 'MALLORY', to: null },
    digest: bytesToHex(sha256(utf8ToBytes(body))),
  }
  const signature = toBase64Url(signer.sign(utf8ToBytes(signedText(CODE, unsigned))))
  const [text = ''] = encodeEntries([{ ...unsigned, signature, body }])
  return channelText('chat', text)
}

describe('a server that is in an open room as a stranger', () => {
  it('[CH2] says again what it read, changed, under other names and in another order; none of it is taken', async () => {
    const { company, anna, ben, members } = await meetThree()
    const mallory = await company.join('MALLORY', { secret: null })
    company.run()
    const written = company.talk(2, 'says', members)
    company.run()
    // The room is open: it reads what is said to all.
    expect(company.heard(mallory)).toEqual(byAuthor(written))
    const entries = members.flatMap(entriesFrom)
    const lies = entries.flatMap((entry) => [
      entry,
      entry.with(0, deviceOf(entry[0] === deviceOf(anna) ? ben : anna)),
      entry.with(0, deviceOf(mallory)),
      entry.with(1, 'f'.repeat(16)),
      entry.with(2, Number(entry[2]) + 100),
      entry.with(3, Number(entry[3]) + 1000),
      entry.with(4, 'OTHER'),
      entry.with(5, deviceOf(mallory)),
      entry.with(8, String(entry[8]).replace('says', 'denies')),
      entry.with(8, null),
    ])
    for (const lie of lies.reverse()) {
      const text = channelText('chat', JSON.stringify({ chat: 'entries', entries: [lie] }))
      for (const { id } of members) mallory.page.peers.sendText(id, text)
      company.run(250)
    }
    written.push(...company.talk(2, 'goes on', members))
    company.run(LONG_MS)
    for (const member of members) {
      expect(company.heard(member)).toEqual(byAuthor(written))
      expect(member.dropped.forged).toBeGreaterThan(entries.length)
      expect(member.dropped.misplaced).toBeGreaterThan(0)
    }
  })

  it('[CH7] takes back nothing that others wrote, also while it says of itself that it owns the room', async () => {
    const { company, anna, ben, members } = await meetThree()
    const identities = new MemoryIdentityStore()
    const mallory = await company.join('MALLORY', { secret: null, identities })
    company.room.announce((member) => (member.id === mallory.id ? { ...member, owner: true } : member))
    company.run()
    expect(anna.viewOf(mallory)).toMatchObject({ owner: true, verified: false })
    const written = company.talk(2, 'says', members)
    const [victim] = anna.chat.state.messages
    // Its own page does not let it; so it signs what that would not.
    expect(mallory.chat.deleteForAll(victim?.id ?? '')).toBe('SHOAL_NOT_YOURS')
    const signer = await identities.signer(countedBytes(1))
    for (const { id } of members) mallory.page.peers.sendText(id, deletionBy(signer, victim?.id ?? ''))
    company.run(LONG_MS)
    for (const member of members) {
      expect(company.heard(member)).toEqual(byAuthor(written))
      // It was one, and signed by its author.
      expect(member.chat.state.messages).toHaveLength(written.length)
      expect(member.dropped).toMatchObject({ unreadable: 0, forged: 0, contradicting: 0, misplaced: 0 })
    }

    // The positive control: who wrote it takes it back everywhere.
    const [ofBen] = ben.chat.state.messages.filter((message) => message.own)
    expect(ben.chat.deleteForAll(ofBen?.id ?? '')).toBeNull()
    company.run()
    expect(company.heard(anna)['BEN']).toEqual(['', 'BEN says 1'])
  })
})

/** Signing is most of what a flood costs who makes it: past what anybody verifies it does not bother. */
class HastyStore extends MemoryIdentityStore {
  override async signer(randomBytes: RandomBytes): Promise<Signer> {
    const real = await super.signer(randomBytes)
    const first: Uint8Array[] = []
    return {
      author: real.author,
      sign: (bytes) => {
        const signature = first.length < 1500 ? real.sign(bytes) : (first[0] ?? bytes)
        first.push(signature)
        return signature
      },
    }
  }
}

describe('a member that floods', () => {
  it('[CH8] with 10 000 texts at once is heard no faster than others, and not at all once its owner has taken it out', async () => {
    const { company, anna, ben, members } = await meetThree()
    const mallory = await company.join('MALLORY', { identities: new HastyStore() })
    company.ownerId = anna.id
    company.run()
    // The positive control: what a person writes is heard whole.
    const spoken = Array.from({ length: 40 }, (_, i) => `MALLORY says ${i}`)
    for (const text of spoken) mallory.write(text)
    company.run(LONG_MS)
    for (const { chat, dropped } of members) {
      expect(company.heard(ben)).toEqual({ MALLORY: spoken })
      expect([chat.droppedFrom(mallory.id), dropped.flood]).toEqual([0, 0])
    }

    const written = company.talk(3, 'before', members)
    company.run(LONG_MS)
    for (let i = 0; i < 10_000; i++) mallory.write(`MALLORY spam ${i}`)
    for (const member of members) {
      expect(company.heard(member)['MALLORY']?.length).toBeLessThanOrEqual(600)
      // Of what comes before the link cuts it off most is not looked at; of that the log takes what its own bound allows.
      expect(member.chat.droppedFrom(mallory.id)).toBeGreaterThanOrEqual(1500)
      expect(member.dropped.flood).toBeGreaterThanOrEqual(400)
    }
    written.push(...company.talk(3, 'meanwhile', members))

    // Only its owner can have it removed.
    ben.chat.removeMember(mallory.id)
    expect(ben.viewOf(mallory)?.link).toBe('open')
    anna.chat.removeMember(mallory.id)
    for (const member of members) expect(member.viewOf(mallory)).toBeUndefined()
    const readByMallory = company.shown(mallory).length
    written.push(...company.talk(5, 'after', members))
    mallory.write('MALLORY is gone')
    company.run(LONG_MS)

    const { MALLORY: heard = [], ...others } = company.heard(anna)
    expect(others).toEqual(byAuthor(written))
    expect(heard).not.toContain('MALLORY is gone')
    for (const member of members) expect(company.shown(member)).toEqual(company.shown(anna))
    expect(company.shown(mallory)).toHaveLength(readByMallory + 1)
  }, 60_000)
})
