import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { toBase64Url } from './base64url'
import { newKeyPair } from './derive'
import { countedBytes } from './fixtures'
import type { PairOptions } from './pair-keys'
import { PairKeys } from './pair-keys'

const SECRET = new Uint8Array(16).fill(7)
const OTHER_SECRET = new Uint8Array(16).fill(8)
const SENDER = { id: 'a', instance: 'a1' }
const RECEIVER = { id: 'b', instance: 'b1' }
const [senderKey, receiverKey, evilKey] = [1, 2, 3].map((seed) => newKeyPair(countedBytes(seed)))

type Changes = Partial<PairOptions>

function sender(secret: Uint8Array | null, changes: Changes = {}): PairKeys {
  const [self, peer] = [SENDER, RECEIVER]
  return new PairKeys({
    room: 'R',
    role: 'sender',
    strict: true,
    self,
    peer,
    secret,
    ownKey: senderKey!,
    ...changes,
  })
}

function receiver(secret: Uint8Array | null, changes: Changes = {}): PairKeys {
  const [self, peer] = [RECEIVER, SENDER]
  return new PairKeys({
    room: 'R',
    role: 'receiver',
    strict: false,
    self,
    peer,
    secret,
    ownKey: receiverKey!,
    ...changes,
  })
}

const message = (text: string) => ({ type: 'message', text })
const hello = { type: 'hello', ask: false }

/** Both have said hello and heard the other's. */
function met(senderSecret: Uint8Array | null, receiverSecret: Uint8Array | null) {
  const pair = { s: sender(senderSecret), r: receiver(receiverSecret) }
  const [fromSender, fromReceiver] = [pair.s.hello(false), pair.r.hello(false)]
  pair.s.open(fromReceiver)
  pair.r.open(fromSender)
  return pair
}

/** The payload with one field changed. */
function changed(payload: string, change: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(payload) as object), ...change })
}

describe('two ends with the link', () => {
  it('[KY8] the sender’s first message needs nothing from the receiver', () => {
    const [s, r] = [sender(SECRET), receiver(SECRET)]
    expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
    expect(r.verified).toBe(true)
    expect(s.open(r.seal('answer')!)).toEqual(message('answer'))
    expect(s.verified).toBe(true)
  })

  it('[KY8] know each other from their hellos alone', () => {
    const { s, r } = met(SECRET, SECRET)
    expect([s.verified, r.verified, s.ready, r.ready]).toEqual([true, true, true, true])
  })

  it('[KY7] show nothing of what they say, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 400, unit: 'grapheme' }), (text) => {
        const [s, r] = [sender(SECRET), receiver(SECRET)]
        const payload = s.seal(text)!
        expect(payload).not.toContain(text)
        expect(r.open(payload)).toEqual(message(text))
      }),
      { numRuns: 30 },
    )
  })

  it('[KY11] stay verified whatever is said without proof', () => {
    const { s, r } = met(SECRET, SECRET)
    const impostor = sender(null, { ownKey: evilKey! })
    expect(r.open(impostor.hello(true))).toBeNull()
    impostor.open(r.hello(false))
    expect(r.open(impostor.seal('offer')!)).toBeNull()
    expect(r.dropped).toMatchObject({ unproven: 2 })
    expect([r.verified, r.spoiled]).toEqual([true, false])
    expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
  })

  it('[KY14] refuse a hello whose key is not the one that is proved', () => {
    const [s, r] = [sender(SECRET), receiver(SECRET)]
    expect(s.open(changed(r.hello(false), { key: toBase64Url(evilKey!.publicKey) }))).toBeNull()
    expect(s.dropped.altered).toBe(1)
    expect(s.verified).toBeNull()
  })

  it('[KY14] with different secrets open nothing of each other’s', () => {
    const [s, r] = [sender(SECRET), receiver(OTHER_SECRET)]
    expect(r.open(s.hello(false))).toBeNull()
    expect(r.open(s.seal('offer')!)).toBeNull()
    expect(s.open(r.hello(false))).toBeNull()
    expect([r.dropped.altered, s.dropped.altered]).toEqual([2, 1])
    expect([r.verified, s.verified]).toEqual([null, null])
  })
})

describe('a sender with the link', () => {
  it('[KY9] takes no hello without proof, and nothing under an agreed key', () => {
    const s = sender(SECRET)
    const r = receiver(null)
    expect(s.open(r.hello(false))).toBeNull()
    r.open(sender(null).hello(false))
    expect(s.open(r.seal('answer')!)).toBeNull()
    expect(s.dropped).toMatchObject({ unproven: 2 })
    expect([s.verified, s.ready, s.unproven]).toEqual([null, false, true])
  })

  it('[KY9] goes on sealing by the secret alone', () => {
    const s = sender(SECRET)
    const r = receiver(null)
    s.open(r.hello(false))
    r.open(s.hello(false))
    expect(r.open(s.seal('offer')!)).toBeNull()
    expect(r.dropped.unproven).toBe(1)
    expect(r.unproven).toBe(true)
  })

  it('[KY9] does not take a proof away from itself: the stripped hello of a receiver who has the secret', () => {
    const [s, r] = [sender(SECRET), receiver(SECRET)]
    expect(s.open(changed(r.hello(false), { proof: undefined }))).toBeNull()
    expect([s.verified, s.unproven]).toEqual([null, true])
    expect(s.open(r.hello(false))).toEqual(hello)
    expect([s.verified, s.unproven]).toEqual([true, false])
  })
})

describe('a sender with the code alone', () => {
  for (const [who, secret] of [
    ['a receiver who has the secret', SECRET],
    ['a receiver who has none', null],
  ] as const) {
    it(`[KY10] agrees on a key with ${who}, and neither is verified`, () => {
      const { s, r } = met(null, secret)
      expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
      expect(s.open(r.seal('answer')!)).toEqual(message('answer'))
      expect([s.verified, r.verified, s.unproven, r.unproven]).toEqual([false, false, false, false])
    })
  }

  it('[KY8] can seal as soon as the receiver’s unasked hello is there', () => {
    const [s, r] = [sender(null), receiver(SECRET)]
    expect(s.seal('offer')).toBeNull()
    s.open(r.hello(false))
    expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
  })

  it('[KY8] needs no hello of its own to be opened', () => {
    const [s, r] = [sender(null), receiver(null)]
    s.open(r.hello(false))
    expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
  })

  it('[KY10] is not what a sender with a wrong proof is taken for', () => {
    const r = receiver(SECRET)
    expect(r.open(sender(OTHER_SECRET).hello(false))).toBeNull()
    expect([r.verified, r.ready]).toEqual([null, false])
    expect(r.dropped.altered).toBe(1)
  })

  it('[KY11] keeps the first key that came: another one opens nothing', () => {
    const { s, r } = met(null, SECRET)
    const impostor = sender(null, { ownKey: evilKey! })
    impostor.open(receiver(SECRET).hello(false))
    expect(r.open(impostor.hello(false))).toBeNull()
    expect(r.open(impostor.seal('offer')!)).toBeNull()
    expect(r.dropped.altered).toBe(2)
    expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
  })

  it('[KY11] with a key of low order gets nothing', () => {
    const r = receiver(SECRET)
    const forged = changed(sender(null).hello(false), { key: toBase64Url(new Uint8Array(32)) })
    expect(r.open(forged)).toBeNull()
    expect([r.verified, r.dropped.altered]).toEqual([null, 1])
    // Who has the secret is not locked out by it.
    expect(r.open(sender(SECRET).hello(false))).toEqual(hello)
  })
})

describe('a pair in which somebody stood in for a sender with the link', () => {
  it('[KY12] is spoiled as soon as the sender’s own proof comes', () => {
    const r = receiver(SECRET)
    const impostor = sender(null, { ownKey: evilKey! })
    impostor.open(r.hello(false))
    r.open(impostor.hello(false))
    expect(r.open(impostor.seal('offer')!)).toEqual(message('offer'))
    expect([r.verified, r.spoiled]).toEqual([false, false])

    expect(r.open(sender(SECRET).seal('offer')!)).toBeNull()
    expect(r.spoiled).toBe(true)
    expect(r.seal('answer')).toBeNull()
    expect(r.open(impostor.seal('offer')!)).toBeNull()
    expect(r.cipher('relay')).toBeNull()
  })
})

describe('a page that the server knows by another id', () => {
  it('[KY13] goes on with an end that is verified as before', () => {
    const r = receiver(SECRET)
    r.require(true)
    expect(r.open(sender(null).hello(false))).toBeNull()
    expect(r.dropped.unproven).toBe(1)
    expect(r.open(sender(SECRET).hello(false))).toEqual(hello)

    const unverified = receiver(SECRET)
    unverified.require(false)
    expect(unverified.open(sender(SECRET).seal('offer')!)).toBeNull()
    expect(unverified.open(sender(null).hello(false))).toEqual(hello)
    expect(unverified.verified).toBe(false)
  })

  it('[KY13] spoils a pair that is verified otherwise', () => {
    for (const verified of [true, false]) {
      const { r } = met(verified ? null : SECRET, SECRET)
      r.require(verified)
      expect(r.spoiled).toBe(true)
    }
    const s = sender(SECRET)
    s.require(false)
    expect(s.spoiled).toBe(true)
  })
})

describe('what is dropped', () => {
  it('[KY14] is counted as replayed when it comes again', () => {
    const [s, r] = [sender(SECRET), receiver(SECRET)]
    const payloads = [s.hello(false), s.seal('offer')!]
    for (const payload of payloads) expect(r.open(payload)).not.toBeNull()
    for (const payload of payloads) expect(r.open(payload)).toBeNull()
    expect(r.dropped).toMatchObject({ replayed: 2 })
    expect(r.droppedTotal).toBe(2)
  })

  it('[KY14] is counted as altered when it is our own, or another pair’s', () => {
    const s = sender(SECRET)
    const own = changed(s.seal('offer')!, { from: 'b1', to: 'a1' })
    expect(s.open(own)).toBeNull()
    const elsewhere = receiver(SECRET, { room: 'S' })
    expect(s.open(elsewhere.hello(false))).toBeNull()
    expect(s.dropped.altered).toBe(2)
  })

  it('[KY14] is counted as stale when it is between other loads', () => {
    const [s, r] = [sender(SECRET), receiver(SECRET, { self: { id: 'b', instance: 'b2' } })]
    expect(r.open(s.seal('offer')!)).toBeNull()
    expect(r.dropped).toMatchObject({ stale: 1, altered: 0 })
  })

  it('[KY7] is anything that is no envelope, and nothing throws', () => {
    const r = receiver(SECRET)
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((value) => JSON.stringify(value)),
    )
    let tried = 0
    fc.assert(
      fc.property(anything, (payload) => {
        tried++
        expect(r.open(payload)).toBeNull()
      }),
    )
    expect(r.dropped.unreadable).toBe(tried)
    const plainOffer = JSON.stringify({
      type: 'lane',
      lane: 0,
      attempt: 1,
      signal: { type: 'offer', sdp: 'v=0' },
    })
    expect(r.open(plainOffer)).toBeNull()
  })

  it('[KY14] is every payload with any of its characters changed', () => {
    const payloads = [
      sender(SECRET).hello(false),
      sender(SECRET).seal('offer')!,
      met(null, SECRET).s.seal('offer')!,
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...payloads),
        fc.nat(),
        fc.constantFrom('A', '"', '7', '{', ' '),
        (payload, at, by) => {
          const index = at % payload.length
          const forged = payload.slice(0, index) + by + payload.slice(index + 1)
          if (sameMeaning(forged, payload)) return
          // One that has agreed on no key yet with the end without the secret: its key in clear is taken as it is.
          const r = met(payload.includes('"data"') && payload.includes('"key"') ? null : SECRET, SECRET).r
          const before = r.droppedTotal
          const opened = r.open(forged)
          if (opened === null) expect(r.droppedTotal).toBe(before + 1)
          else expect(onlyAskChanged(forged, payload)).toBe(true)
        },
      ),
    )
  })
})

describe('the relay’s cipher', () => {
  for (const [who, secret] of [
    ['with the link', SECRET],
    ['with the code alone', null],
  ] as const) {
    it(`[KY15] is there as soon as the hellos are, for two ends ${who}, and apart from the signals`, () => {
      const { s, r } = met(secret, SECRET)
      const [ours, theirs] = [s.cipher('relay')!, r.cipher('relay')!]
      expect(s.cipher('relay')).toBe(ours)
      expect(theirs.open(ours.seal(Uint8Array.of(1, 2)))).toEqual(Uint8Array.of(1, 2))
      expect(ours.open(theirs.seal(Uint8Array.of(3)))).toEqual(Uint8Array.of(3))
      expect(r.open(s.seal('offer')!)).toEqual(message('offer'))
    })
  }

  it('[KY15] is not there before the other end’s key is', () => {
    expect(sender(SECRET).cipher('relay')).toBeNull()
    expect(sender(null).cipher('relay')).toBeNull()
  })

  it('[KY15] cannot be had from the secret and what passed through the server', () => {
    const { s } = met(SECRET, SECRET)
    const sealed = s.cipher('relay')!.seal(Uint8Array.of(1))
    const eavesdropper = receiver(SECRET, { ownKey: evilKey! })
    eavesdropper.open(sender(SECRET).hello(false))
    expect(eavesdropper.cipher('relay')!.open(sealed)).toBeNull()
  })
})

function sameMeaning(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))
  } catch {
    return false
  }
}

/** `ask` only makes the other end say its hello once more. */
function onlyAskChanged(a: string, b: string): boolean {
  return sameMeaning(changed(a, { ask: false }), changed(b, { ask: false }))
}
