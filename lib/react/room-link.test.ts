import { describe, expect, it } from 'vitest'

import { cleanTitle, PLAIN_ROOM, roomFactsIn, roomLink, TITLE_MAX_CHARS } from './room-link'

const ORIGIN = 'http://192.0.2.7:3000'
const ROOM = { code: 'K7QM3-XTR9B', secret: 'AAECAwQFBgcICQoLDA0ODw' }

describe('the invitation of a room', () => {
  it('has the secret where no server sees it', () => {
    expect(roomLink(ORIGIN, ROOM, PLAIN_ROOM)).toBe(`${ORIGIN}/room/K7QM3-XTR9B#k=${ROOM.secret}`)
  })

  it('brings the title and the wish for verified members with it', () => {
    const facts = { title: 'Sea & salt 50 %', verifiedOnly: true }
    const link = new URL(roomLink(ORIGIN, ROOM, facts))
    expect(link.pathname).toBe('/room/K7QM3-XTR9B')
    expect(link.search).toBe('')
    expect(roomFactsIn(link.hash)).toEqual(facts)
  })

  it('says nothing but the address for who has no secret', () => {
    expect(roomLink(ORIGIN, { ...ROOM, secret: null }, { title: 'Sea', verifiedOnly: true })).toBe(
      `${ORIGIN}/room/K7QM3-XTR9B`,
    )
  })
})

describe('a fragment', () => {
  it.each(['', '#', '#content', '#t=Sea&v=1'])('without a secret is no invitation: %s', (fragment) => {
    expect(roomFactsIn(fragment)).toBeNull()
  })

  it('with a title that cannot be read has none', () => {
    expect(roomFactsIn('#k=x&t=%E0%A4%A')).toEqual(PLAIN_ROOM)
  })
})

describe('a title', () => {
  it('is one inert line', () => {
    expect(cleanTitle(' Sea\u202e\n and\u0000 salt\u2067 ')).toBe('Sea and salt')
  })

  it('is cut between characters, not in one', () => {
    expect(Array.from(cleanTitle('🐟'.repeat(200)))).toHaveLength(TITLE_MAX_CHARS)
  })
})
