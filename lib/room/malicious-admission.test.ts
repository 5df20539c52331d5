import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'

import { toBase64Url } from '@/lib/keys/base64url'

import { MemoryIdentityStore } from './identity-store'
import { channelText } from './member-texts'
import { byAuthor, Company, deviceOf, idOf, LONG_MS, type Member, meetThree } from './testing/company'
import type { Meddling } from './testing/malicious-server'

const [ANNA, DORA] = [idOf('ANNA'), idOf('DORA')]

/** Anna opened the room, Dora typed its code; the honest server introduces them. */
async function meetByCode(options: { verifiedOnly?: boolean } = {}) {
  const company = new Company()
  const anna = await company.join('ANNA', options)
  const dora = await company.join('DORA', { ...options, secret: null })
  company.run()
  return { company, anna, dora }
}

/** The server tells each of the two that a page of its own is the other one. */
async function meetBetween(options: { verifiedOnly?: boolean } = {}) {
  const [front, back] = [new Company(), new Company({ seed: 400 })]
  // The better for it: the same device on both sides.
  const identities = new MemoryIdentityStore()
  const anna = await front.join('ANNA', { ...options, instance: 'anna1' })
  const asDora = await front.join('MALLORY', { id: DORA, instance: 'dora1', secret: null, identities })
  const dora = await back.join('DORA', { ...options, instance: 'dora1', secret: null })
  const asAnna = await back.join('MALLORY', { id: ANNA, instance: 'anna1', secret: null, identities })
  const run = (ms?: number) => {
    front.run(ms)
    back.run(ms)
  }
  run()
  return { front, back, anna, dora, asAnna, asDora, run }
}

const safetyOf = ({ chat }: Member, peerId: string) => chat.identityOf(peerId).safety

describe('one who comes by the typed code', () => {
  it('[KY21] sees the same words as who opened the room, with nobody between', async () => {
    const { company, anna, dora } = await meetByCode()
    const words = safetyOf(anna, DORA)?.words
    expect(words).toHaveLength(7)
    expect(safetyOf(dora, ANNA)?.words).toEqual(words)
    expect(anna.viewOf(dora)).toMatchObject({ link: 'open', verified: false, identity: deviceOf(dora) })
    const written = company.talk(2, 'says')
    expect(company.heard(anna)).toEqual(byAuthor(written))
    expect(company.heard(dora)).toEqual(byAuthor(written))
  })

  it('[KY21] and a server that puts itself between sees other words on each side, and nobody verified', async () => {
    const { front, back, anna, dora, asAnna, asDora, run } = await meetBetween()
    const [words, others] = [safetyOf(anna, DORA)?.words, safetyOf(dora, ANNA)?.words]
    expect([words?.length, others?.length]).toEqual([7, 7])
    expect(words).not.toEqual(others)
    const unverified = { verified: false, safety: { byLink: false, compared: false, failed: false } }
    expect(anna.views).toMatchObject([unverified])
    expect(dora.views).toMatchObject([unverified])
    // It is shown as the device that it is, and no other.
    expect(anna.views[0]?.identity).toBe(deviceOf(asDora))
    expect(dora.views[0]?.identity).toBe(deviceOf(asAnna))
    // They have compared, and found that the words differ.
    anna.chat.compare(DORA, false)
    dora.chat.compare(ANNA, false)
    run()
    expect([safetyOf(anna, DORA)?.compared, safetyOf(dora, ANNA)?.compared]).toEqual([false, false])
    expect(safetyOf(anna, DORA)?.words).not.toEqual(safetyOf(dora, ANNA)?.words)
    dora.write('DORA says')
    run()
    expect([front.heard(anna), back.heard(dora)]).toEqual([{}, { DORA: ['DORA says'] }])
  })

  it('[KY17] and a server between that passes on every text as it came has proved no device to either', async () => {
    const [front, back] = [new Company(), new Company({ seed: 400 })]
    const anna = await front.join('ANNA', { instance: 'anna1' })
    const asDora = front.room.join('member', null, { id: DORA, instance: 'dora1' })
    const dora = await back.join('DORA', { instance: 'dora1', secret: null })
    const asAnna = back.room.join('member', null, { id: ANNA, instance: 'anna1' })
    asDora.onText = (_from, text) => void asAnna.peers.sendText(DORA, text)
    asAnna.onText = (_from, text) => void asDora.peers.sendText(ANNA, text)
    front.run(LONG_MS)
    back.run(LONG_MS)
    front.run(LONG_MS)
    expect(asDora.texts.length + asAnna.texts.length).toBeGreaterThan(4)
    for (const member of [anna, dora]) {
      expect(member.views).toMatchObject([{ link: 'open', verified: false, identity: null, safety: null }])
      member.write(`${member.name} says`)
    }
    front.run()
    back.run()
    expect([front.heard(anna), back.heard(dora)]).toEqual([{ ANNA: ['ANNA says'] }, { DORA: ['DORA says'] }])
  })

  it('[KY10] and a room for verified members only has nothing for who stands between', async () => {
    const { front, back, anna, dora, asAnna, asDora, run } = await meetBetween({ verifiedOnly: true })
    const members = [anna, dora, asAnna, asDora]
    for (const member of members) member.write(`${member.name} says`)
    run(LONG_MS)
    expect(front.heard(anna)).toEqual({ ANNA: ['ANNA says'] })
    expect(back.heard(dora)).toEqual({ DORA: ['DORA says'] })
    expect([front.heard(asDora), back.heard(asAnna)].map(Object.keys)).toEqual([['MALLORY'], ['MALLORY']])
    // The positive control: both say that the words were the same, and are heard.
    const honest = await meetByCode({ verifiedOnly: true })
    honest.anna.chat.compare(DORA, true)
    honest.dora.chat.compare(ANNA, true)
    const written = honest.company.talk(1, 'says')
    honest.company.run()
    for (const member of [honest.anna, honest.dora])
      expect(honest.company.heard(member)).toEqual(byAuthor(written))
  })
})

const ofType = (type: string) => (text: string) => text.startsWith(`s{"type":"${type}"`)
const changed = (text: string, field: string) =>
  text.replace(new RegExp(`"${field}":"...`), `"${field}":"AAA`)
const revealed = (text: string) => text.replace('"commit"', '"reveal"').replace('"digest"', '"nonce"')

/** A commitment that fits, and what it is to; chosen when the other end has already answered. */
function chosenLate(member: Member, peerId: string, reveal: string): string[] {
  const { run } = JSON.parse(reveal.slice(1)) as { run: number }
  const { transcript } = member.page.keys(peerId)
  const nonce = new Uint8Array(32).fill(1)
  const device = hexToBytes(deviceOf(member))
  const parts = [transcript ?? nonce, Uint8Array.of(run), device, nonce]
  const digest = toBase64Url(sha256(concatBytes(utf8ToBytes('shoal commit 1 '), ...parts)))
  return [
    channelText('safety', JSON.stringify({ type: 'commit', run, digest })),
    channelText('safety', JSON.stringify({ type: 'reveal', run, nonce: toBase64Url(nonce) })),
  ]
}

/** What the one that commits says instead of its reveal. */
const CHEATS: [
  title: string,
  cheat: (member: Member, peerId: string, reveal: string) => readonly string[],
][] = [
  ['reveals another nonce', (_member, _peerId, reveal) => [changed(reveal, 'nonce')]],
  ['commits anew once it was answered', chosenLate],
]

describe('the words with who stands between', () => {
  it.each(CHEATS)(
    '[KY18] are shown to neither when it %s, and cannot be confirmed',
    async (_title, cheat) => {
      const { run, dora, asAnna } = await meetBetween()
      expect(safetyOf(dora, ANNA)?.words).toHaveLength(7)
      asAnna.say = (to, text) => (ofType('reveal')(text) ? cheat(asAnna, to, text) : [text])
      asAnna.chat.compare(DORA, false)
      run(LONG_MS)
      expect(safetyOf(asAnna, DORA)).toMatchObject({ failed: true, words: null })
      expect(safetyOf(dora, ANNA)).toMatchObject({ failed: true, words: null })
      dora.chat.compare(ANNA, true)
      expect(safetyOf(dora, ANNA)?.compared).toBe(false)

      // The positive control: once it keeps to the exchange there are words again, the same for these two.
      asAnna.say = (_to, text) => [text]
      dora.chat.compare(ANNA, false)
      run(LONG_MS)
      expect(safetyOf(dora, ANNA)).toMatchObject({ failed: false, words: safetyOf(asAnna, DORA)?.words })
      expect(safetyOf(dora, ANNA)?.words).toHaveLength(7)
    },
  )

  it('[KY18] are not made of a nonce that it never committed to', async () => {
    const { run, dora, asAnna } = await meetBetween()
    const { words } = safetyOf(dora, ANNA) ?? {}
    const answers = () => dora.said.filter((line) => line.includes('"answer"')).length
    expect(answers()).toBe(1)
    asAnna.say = (_to, text) => (ofType('commit')(text) ? [revealed(text)] : [text])
    asAnna.chat.compare(DORA, false)
    run(LONG_MS)
    expect(asAnna.said.filter((line) => line.includes('"run":2')).length).toBeGreaterThan(1)
    expect([answers(), safetyOf(dora, ANNA)?.words]).toEqual([1, words])
  })

  it('[KY18] are made of a nonce that it hears only after its own', async () => {
    const { run, anna, asDora } = await meetBetween()
    const reveals = () => anna.said.filter((line) => line.includes('"reveal"')).length
    expect(reveals()).toBe(1)
    asDora.say = (_to, text) => (ofType('answer')(text) ? [] : [text])
    anna.chat.compare(DORA, false)
    run(LONG_MS)
    expect([reveals(), safetyOf(anna, DORA)?.words]).toEqual([1, null])

    // It answers late: as much as it likes, but once.
    let answer = ''
    asDora.say = (_to, text) => {
      if (ofType('answer')(text)) answer = text
      return [text]
    }
    run(LONG_MS)
    expect([reveals(), safetyOf(anna, DORA)?.words?.length]).toEqual([2, 7])
    asDora.page.peers.sendText(ANNA, changed(answer, 'nonce'))
    run()
    expect(safetyOf(anna, DORA)).toMatchObject({ words: null, failed: true })
  })
})

/** Takes the proof of the link's secret out of every hello, and passes on the rest. */
const withoutProofs: Meddling = (signal) => {
  const envelope = JSON.parse(signal.payload) as { type: string; proof?: string }
  return [{ ...signal, payload: JSON.stringify({ ...envelope, proof: undefined }) }]
}

async function meetWithoutProofs(verifiedOnly: boolean) {
  const company = new Company()
  company.room.meddle = withoutProofs
  const anna = await company.join('ANNA', { verifiedOnly })
  const ben = await company.join('BEN', { verifiedOnly })
  company.run()
  return { company, anna, ben }
}

describe('a room for verified members only', () => {
  it('[KY10] whose server takes out the proofs carries nothing, and nobody is shown as verified', async () => {
    for (const verifiedOnly of [false, true]) {
      const { company, anna, ben } = await meetWithoutProofs(verifiedOnly)
      const written = company.talk(2, 'says')
      company.run(LONG_MS)
      for (const [member, other] of [
        [anna, ben],
        [ben, anna],
      ] as const) {
        expect(member.viewOf(other)).toMatchObject({
          link: 'open',
          verified: false,
          safety: { byLink: false },
        })
        const own = written.filter((text) => text.startsWith(member.name))
        // The positive control: where everyone is heard, so are these.
        expect(company.heard(member)).toEqual(byAuthor(verifiedOnly ? own : written))
        const told = member.said.filter((line) => !line.startsWith(`${other.id} s`))
        if (verifiedOnly) expect(told).toEqual([])
        else expect(told.length).toBeGreaterThan(2)
      }
    }
  })

  it('[KY10] takes no word of its server’s for who is verified, or whether that counts', async () => {
    const { company, anna, ben } = await meetThree({ verifiedOnly: true })
    const dora = await company.join('DORA', { secret: null })
    company.room.announce((member) => ({
      ...member,
      ...{ owner: true, verified: true, verifiedOnly: false, compared: true, name: 'BEN' },
    }))
    company.run()
    expect(anna.viewOf(dora)).toMatchObject({ owner: true, name: 'BEN', verified: false })
    const said = [{ verified: true }, { type: 'identity', key: deviceOf(ben) }, { type: 'done', run: 1 }]
    for (const text of said) dora.page.peers.sendText(anna.id, channelText('safety', JSON.stringify(text)))
    dora.write('DORA says')
    dora.write('DORA to Anna', anna)
    anna.write('ANNA says')
    anna.write('ANNA to Dora', dora)
    company.run(LONG_MS)
    expect(anna.viewOf(dora)).toMatchObject({ verified: false, safety: { byLink: false, compared: false } })
    expect(company.heard(anna)).toEqual({ ANNA: ['ANNA says', 'ANNA to Dora'] })
    expect(company.heard(ben)).toEqual({ ANNA: ['ANNA says'] })
    expect(Object.keys(company.heard(dora))).toEqual(['DORA'])
  })

  it('[KY11] is not brought down to less once a proof was there', async () => {
    const { company, anna, ben, members } = await meetThree({ verifiedOnly: true })
    const hellos = company.room.seen.filter(({ payload }) => payload.includes('"hello"'))
    for (const hello of hellos) for (const stripped of withoutProofs(hello, [])) company.room.inject(stripped)
    company.run()
    expect(anna.viewOf(ben)).toMatchObject({ link: 'open', verified: true, safety: { byLink: true } })
    expect(anna.page.keys(ben.id).dropped.unproven).toBe(1)
    const written = company.talk(2, 'says')
    company.run()
    for (const member of members) expect(company.heard(member)).toEqual(byAuthor(written))
  })

  it('[CH6] hears one that a member has compared by way of that member', async () => {
    const { company, anna, ben, cleo, members } = await meetThree({ verifiedOnly: true })
    const dora = await company.join('DORA', { secret: null })
    company.run()
    ben.chat.compare(dora.id, true)
    const written = company.talk(2, 'says', [...members, dora])
    company.run(LONG_MS)
    for (const member of [anna, cleo]) {
      expect(member.viewOf(dora)).toMatchObject({ verified: false, safety: { compared: false } })
      expect(member.said.filter((line) => line.startsWith(`${dora.id} c`))).toEqual([])
    }
    for (const member of [...members, dora]) expect(company.heard(member)).toEqual(byAuthor(written))
  })
})
