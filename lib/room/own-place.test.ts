import { beforeEach, describe, expect, it } from 'vitest'

import { countedBytes } from '@/lib/keys/fixtures'
import { Keyring } from '@/lib/keys/keyring'
import { encodeSecret } from '@/lib/keys/secret'
import type { Member } from '@/lib/signalling/messages'

import { OwnPlace } from './own-place'
import { dropSecret, loadSecret, saveSecret } from './secret-store'

const [HERE, THERE] = ['K7QM3-XTR9B', 'AAAAA-BBBBB']
const SECRET = new Uint8Array(16).fill(7)
const BEN: Member = { id: 'bbbb', name: 'Ben', role: 'member', away: false, instance: 'p1' }
let place: OwnPlace

beforeEach(() => {
  for (const room of [HERE, THERE]) dropSecret(room)
  const randomBytes = countedBytes(1)
  place = new OwnPlace(new Keyring({ instance: 'p0', randomBytes }), randomBytes)
})

describe('the place of a page', () => {
  it('is another one with another id, or in another room', () => {
    expect(place.current).toBeNull()
    expect(place.enter(HERE, 'a1')).toBe(false)
    expect(place.enter(HERE, 'a1')).toBe(false)
    expect(place.enter(HERE, 'a2')).toBe(true)
    expect(place.enter(THERE, 'a2')).toBe(true)
    expect(place.current).toMatchObject({ room: THERE, selfId: 'a2' })
  })

  it('comes with the secret that this tab knows of the room', () => {
    saveSecret(HERE, SECRET)
    place.begin({ opens: true })
    place.enter(HERE, 'a1')
    expect([place.linkSecret(HERE), place.linkSecret(THERE)]).toEqual([encodeSecret(SECRET), null])
  })

  it('comes with a new secret in a room of its own, which the tab knows from then on', () => {
    place.begin({ opens: true })
    place.enter(HERE, 'a1')
    expect(place.linkSecret(HERE)).toBe(encodeSecret(loadSecret(HERE) as Uint8Array))
  })

  it('comes without one where somebody joined by the typed code, also when the room is entered again', () => {
    place.begin({ opens: false })
    place.enter(HERE, 'a1')
    place.begin({ opens: true })
    place.enter(HERE, 'a2')
    expect([place.linkSecret(HERE), loadSecret(HERE)]).toEqual([null, 'none'])
  })

  it('has keys with a member once there is one', () => {
    const end = { role: 'sender', strict: false } as const
    expect(place.pair(BEN, end)).toBeNull()
    place.enter(HERE, 'a1')
    expect(place.pair(BEN, end)).toBe(place.pair(BEN, end))
    expect(place.pair(BEN, end)).not.toBeNull()
  })
})
