import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/ciphers/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { newKeyPair } from './derive'
import { countedBytes } from './fixtures'
import { signerFrom, verify } from './identity'
import { PairKeys } from './pair-keys'
import { Remembered } from './remembered'
import { RUNS_MAX, Safety } from './safety'
import { SAFETY_EMOJI, wordsFrom } from './safety-emoji'

const SECRET = new Uint8Array(16).fill(7)
const TRANSCRIPT = new Uint8Array(32).fill(5)
const signer = (seed: number) => signerFrom(new Uint8Array(32).fill(seed))!
const end = (role: 'sender' | 'receiver', seed: number, transcript = TRANSCRIPT) =>
  new Safety({ role, transcript, signer: signer(seed), randomBytes: countedBytes(seed) })

/** Passes texts until both are silent, at times that jump to the next resend; `lose` says which get lost. */
function talk(a: Safety, b: Safety, lose: (n: number) => boolean = () => false, fromMs = 0): string[] {
  const said: string[] = []
  let now = fromMs
  for (let round = 0; round < 60; round++) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      for (let text = from.pollSend(now); text !== null; text = from.pollSend(now)) {
        said.push(text)
        if (!lose(said.length)) to.handleText(text, now)
      }
    }
    now += 31_000
  }
  return said
}

const kind = (text: string) => (JSON.parse(text) as { type: string }).type

describe('a device', () => {
  it.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
  ])('[KY17] signs as RFC 8032 section 7.1 says: %s', (seed, key, text, signature) => {
    const device = signerFrom(hexToBytes(seed))!
    expect(device.author).toBe(key)
    expect(bytesToHex(device.sign(hexToBytes(text)))).toBe(signature)
    expect(verify(key, hexToBytes(text), hexToBytes(signature))).toBe(true)
    expect(verify(key, utf8ToBytes('another'), hexToBytes(signature))).toBe(false)
  })

  it('[KY17] refuses what is no key or signature, without throwing', () => {
    for (const author of ['', 'G'.repeat(64), '0'.repeat(64), 'f'.repeat(64)])
      expect(verify(author, new Uint8Array(1), new Uint8Array(64))).toBe(false)
  })

  it('[KY17] proves nothing in another pair, nor reflected', () => {
    const [s, r, other] = [end('sender', 1), end('receiver', 2), end('receiver', 3, new Uint8Array(32))]
    const proof = s.pollSend(0)!
    other.handleText(proof, 0)
    s.handleText(proof, 0)
    expect([other.identity, s.identity]).toEqual([null, null])
    expect([other.dropped.altered, s.dropped.altered]).toEqual([1, 1])
    r.handleText(proof, 0)
    expect(r.identity).toBe(signer(1).author)
    r.handleText(end('sender', 4).pollSend(0)!, 0)
    expect(r.identity).toBe(signer(1).author)
  })
})

describe('the words', () => {
  it('[KY21] are taken from a table of 64 distinct ones, six bits each', () => {
    expect(new Set(SAFETY_EMOJI.map(({ emoji }) => emoji)).size).toBe(64)
    expect(new Set(SAFETY_EMOJI.map(({ name }) => name)).size).toBe(64)
    const indices = wordsFrom(Uint8Array.of(0x04, 0x20, 0xc4, 0xff, 0xff, 0xff)).map((w) =>
      SAFETY_EMOJI.indexOf(w),
    )
    expect(indices).toEqual([1, 2, 3, 4, 63, 63, 63])
  })

  it('[KY20] are the same on both screens, whichever texts are lost', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (losses) => {
        const [s, r] = [end('sender', 1), end('receiver', 2)]
        talk(s, r, (n) => losses[n] ?? false)
        expect(s.words).not.toBeNull()
        expect(r.words).toEqual(s.words)
        expect([s.pollTimeout(), r.pollTimeout()]).toEqual([null, null])
      }),
      { numRuns: 10 },
    )
  })

  it('[KY20] are made anew when both ends ask at once, and not for ever', () => {
    const [s, r] = [end('sender', 1), end('receiver', 2)]
    talk(s, r)
    const first = s.words
    expect([s.restart(1e7), r.restart(1e7)]).toEqual([true, true])
    talk(s, r, undefined, 1e7)
    expect(s.words).not.toEqual(first)
    expect(r.words).toEqual(s.words)
    for (let run = 2; run < RUNS_MAX; run++) expect(s.restart(1e8)).toBe(true)
    expect(s.restart(1e8)).toBe(false)
  })

  it('[KY21] differ when somebody stands between two members without the secret', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (seed) => {
        const [s, toS] = [end('sender', seed), end('receiver', 200, TRANSCRIPT)]
        const between = new Uint8Array(32).fill(6)
        const [toR, r] = [end('sender', 200, between), end('receiver', seed + 61, between)]
        talk(s, toS)
        talk(toR, r)
        expect(s.words).not.toEqual(r.words)
      }),
      { numRuns: 10 },
    )
  })
})

describe('an exchange that is not kept to', () => {
  const met = () => {
    const [s, r] = [end('sender', 1), end('receiver', 2)]
    const said = talk(s, r, () => false)
    return { s, r, said }
  }
  const changed = (text: string, change: object) =>
    JSON.stringify({ ...(JSON.parse(text) as object), ...change })

  it('[KY18] fails when the reveal is not what was committed to', () => {
    const { said } = met()
    const [s, r] = [end('sender', 1), end('receiver', 2)]
    for (const text of said.filter((t) => ['identity', 'commit'].includes(kind(t)))) r.handleText(text, 0)
    const reveal = said.find((text) => kind(text) === 'reveal')!
    r.handleText(changed(reveal, { nonce: 'A'.repeat(43) }), 0)
    expect([r.failed, r.words]).toEqual([true, null])
    expect(r.dropped.altered).toBeGreaterThan(0)
    expect(s.failed).toBe(false)
  })

  it('[KY19] fails by a second commitment or a second answer', () => {
    const { s, r, said } = met()
    r.handleText(
      changed(
        said.find((text) => kind(text) === 'commit')!,
        { digest: 'A'.repeat(43) },
      ),
      0,
    )
    s.handleText(
      changed(
        said.find((text) => kind(text) === 'answer')!,
        { nonce: 'A'.repeat(43) },
      ),
      0,
    )
    expect([s.failed, r.failed, s.words, r.words]).toEqual([true, true, null, null])
  })

  it('[KY19] that it failed at one end is told the other, also when that is lost twice', () => {
    const { s, r, said } = met()
    const answer = said.find((text) => kind(text) === 'answer')!
    s.handleText(changed(answer, { nonce: 'A'.repeat(43) }), 0)
    expect([s.failed, r.words !== null]).toEqual([true, true])
    let lost = 0
    talk(s, r, () => lost++ < 2, 1e6)
    expect([r.failed, r.words]).toEqual([true, null])
    expect([s.pollTimeout(), r.pollTimeout()]).toEqual([null, null])
  })

  it.each(['s', 'r'] as const)('[KY20] is begun anew after it failed, by %s', (who) => {
    const { s, r, said } = met()
    const answer = said.find((text) => kind(text) === 'answer')!
    s.handleText(changed(answer, { nonce: 'A'.repeat(43) }), 0)
    talk(s, r, undefined, 1e6)
    expect({ s, r }[who].restart(2e6)).toBe(true)
    talk(s, r, undefined, 2e6)
    expect([s.failed, r.failed]).toEqual([false, false])
    expect(s.words).toEqual(r.words)
    expect(s.words).not.toBeNull()
  })

  it('[KY19] drops what is replayed or no message, and counts it', () => {
    const { s, said } = met()
    const words = s.words
    s.handleText(
      said.find((text) => kind(text) === 'commit')!,
      0,
    )
    s.handleText('{}', 0)
    s.handleText('x'.repeat(500), 0)
    expect(s.dropped).toMatchObject({ stale: 1, unreadable: 2 })
    expect(s.words).toBe(words)
  })
})

describe('two members', () => {
  const [a, b] = [
    { id: 'a', instance: 'a1' },
    { id: 'b', instance: 'b1' },
  ]
  const keys = (role: 'sender' | 'receiver', secret: Uint8Array | null) =>
    new PairKeys({
      room: 'R',
      role,
      strict: false,
      secret,
      self: role === 'sender' ? a : b,
      peer: role === 'sender' ? b : a,
      ownKey: newKeyPair(countedBytes(role === 'sender' ? 1 : 2)),
    })

  it.each([
    [SECRET, SECRET, true],
    [SECRET, null, false],
    [null, SECRET, false],
    [null, null, false],
  ])('[KY10] [KY16] meet, with one transcript (%#)', (first, second, verified) => {
    const [s, r] = [keys('sender', first), keys('receiver', second)]
    expect(s.transcript).toBeNull()
    const [fromS, fromR] = [s.hello(false), r.hello(false)]
    s.open(fromR)
    r.open(fromS)
    expect(r.open(s.seal('x')!)).toEqual({ type: 'message', text: 'x' })
    expect([s.verified, r.verified, s.unproven, r.unproven]).toEqual([verified, verified, false, false])
    expect(s.transcript).toEqual(r.transcript)
  })

  it('[KY12] with the link are spoiled when the proof that was taken away comes later', () => {
    const [s, r] = [keys('sender', SECRET), keys('receiver', SECRET)]
    s.open(changedHello(r.hello(false)))
    expect([s.verified, s.spoiled]).toEqual([false, false])
    s.open(r.hello(false))
    expect([s.spoiled, s.transcript]).toEqual([true, null])
  })
})

function changedHello(payload: string): string {
  return JSON.stringify({ ...(JSON.parse(payload) as object), proof: undefined })
}

describe('who was compared', () => {
  it('[KY22] is known by the key, and a name under another key is announced', () => {
    const remembered = new Remembered([{ identity: 'k1', name: 'Ann', atMs: 1 }])
    expect([remembered.isCompared('k1'), remembered.isChanged('k1', 'Bob')]).toEqual([true, false])
    expect([remembered.isCompared('k2'), remembered.isChanged('k2', 'Ann')]).toEqual([false, true])
    remembered.forget('k1')
    expect([remembered.isCompared('k1'), remembered.isChanged('k2', 'Ann')]).toEqual([false, false])
  })
})
