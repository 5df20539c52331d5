import { describe, expect, it } from 'vitest'

import { ROLES } from '@/lib/signalling/messages'

import { meets, pairEnd } from './pairing'

describe('pairEnd', () => {
  const pairs = ROLES.flatMap((a) => ROLES.map((b) => [a, b] as const))

  it.each(pairs)('%s and %s have one end each, or do not meet', (a, b) => {
    const ends = [
      pairEnd({ id: '1', role: a }, { id: '2', role: b })?.role,
      pairEnd({ id: '2', role: b }, { id: '1', role: a })?.role,
    ]
    expect(ends.sort()).toEqual(meets(a, b) ? ['receiver', 'sender'] : [undefined, undefined])
  })

  it('a sender opens the lanes to whomever it sends, and a receiver never does', () => {
    expect(pairEnd({ id: '2', role: 'sender' }, { id: '1', role: 'member' })?.role).toBe('sender')
    expect(pairEnd({ id: '1', role: 'receiver' }, { id: '2', role: 'member' })?.role).toBe('receiver')
  })

  it('only a sender insists on the secret', () => {
    expect(pairEnd({ id: '1', role: 'sender' }, { id: '2', role: 'receiver' })?.strict).toBe(true)
    expect(pairEnd({ id: '1', role: 'member' }, { id: '2', role: 'receiver' })?.strict).toBe(false)
  })

  it('two of a kind that only send, or only receive, do not meet', () => {
    expect(pairEnd({ id: '1', role: 'sender' }, { id: '2', role: 'sender' })).toBeNull()
    expect(pairEnd({ id: '1', role: 'receiver' }, { id: '2', role: 'receiver' })).toBeNull()
  })
})
