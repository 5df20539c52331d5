import { describe, expect, it } from 'vitest'

import type { ChatMessage } from '@/lib/chat/types'

import { holdersOf, maySee, pictureMessage } from './picture-access'

const [ANNA, BEN, CLEO] = ['a', 'b', 'c'] as const
const SHA = 'd'.repeat(64)

function message(changes: Partial<ChatMessage> = {}): ChatMessage {
  const picture = {
    ...{ sha256: SHA, name: 'sea.jpg', type: 'image/jpeg', bytes: 10, width: 2, height: 1, placeholder: '' },
  }
  return {
    ...{ id: 'm1', author: ANNA, authorName: 'Anna', own: false, sentAtMs: 1, to: null },
    ...{ body: { type: 'picture', picture }, deleted: false, mentionsMe: false, delivered: null },
    ...changes,
  }
}

describe('the picture of a message', () => {
  it('is found by the message, unless its author took it back', () => {
    expect(pictureMessage([message()], 'm1')?.body.picture.sha256).toBe(SHA)
    expect(pictureMessage([message()], 'm2')).toBeNull()
    expect(pictureMessage([message({ deleted: true })], 'm1')).toBeNull()
    expect(pictureMessage([message({ body: { type: 'text', text: 'hello' } })], 'm1')).toBeNull()
  })

  it('may be seen by all for whom it is', () => {
    const forAll = [message()]
    const forBen = [message({ to: BEN })]
    expect([ANNA, BEN, CLEO].map((identity) => maySee(identity, forAll, SHA))).toEqual([true, true, true])
    expect([ANNA, BEN, CLEO].map((identity) => maySee(identity, forBen, SHA))).toEqual([true, true, false])
    expect(maySee(BEN, forAll, 'e'.repeat(64))).toBe(false)
    expect(maySee(BEN, [message({ deleted: true })], SHA)).toBe(false)
  })

  it('is asked for from its author first, and from nobody who cannot have it', () => {
    const members = new Map([
      ['p1', CLEO],
      ['p2', ANNA],
      ['p3', BEN],
    ])
    expect(holdersOf(message(), members)).toEqual(['p2', 'p1', 'p3'])
    expect(holdersOf(message({ to: BEN }), members)).toEqual(['p2', 'p3'])
  })
})
