import { describe, expect, it } from 'vitest'

import { invitationLink, invitationOrigin, isLoopbackOrigin } from './invitation'

const WIFI = { origin: 'http://192.0.2.7:3000', label: 'Wi-Fi' }
const CABLE = { origin: 'http://198.51.100.9:3000', label: 'eth0' }

describe('the invitation', () => {
  it('carries the address that the person chose', () => {
    expect(invitationOrigin([WIFI, CABLE], CABLE.origin, WIFI.origin)).toBe(CABLE.origin)
  })

  it('falls back when the chosen address is gone', () => {
    expect(invitationOrigin([WIFI], CABLE.origin, WIFI.origin)).toBe(WIFI.origin)
  })

  it('prefers the address that this page was opened at', () => {
    expect(invitationOrigin([WIFI, CABLE], null, CABLE.origin)).toBe(CABLE.origin)
  })

  it('never carries localhost when the server reports another address', () => {
    expect(invitationOrigin([WIFI], null, 'http://localhost:3000')).toBe(WIFI.origin)
  })

  it('does not exist on a computer without a network', () => {
    expect(invitationOrigin([], null, 'http://localhost:3000')).toBeNull()
  })

  it('is a link that joins the room', () => {
    expect(invitationLink(WIFI.origin, 'K7QM3-XTR9B', null)).toBe(
      'http://192.0.2.7:3000/send?room=K7QM3-XTR9B',
    )
  })

  it('[KY1] carries the secret in the fragment, and nowhere else', () => {
    const link = new URL(invitationLink(WIFI.origin, 'K7QM3-XTR9B', 'AAECAwQFBgcICQoLDA0ODw'))
    expect(link.hash).toBe('#k=AAECAwQFBgcICQoLDA0ODw')
    expect(link.pathname + link.search).toBe('/send?room=K7QM3-XTR9B')
  })

  it('knows the names of this computer alone', () => {
    const local = ['http://localhost:3000', 'http://a.localhost', 'https://127.0.0.1:1', 'http://[::1]:3000']
    expect(local.filter(isLoopbackOrigin)).toEqual(local)
    expect(
      ['', 'http://192.168.1.4:3000', 'http://shoal.local', 'http://127.0.0.1.example:3000'].some(
        isLoopbackOrigin,
      ),
    ).toBe(false)
  })
})
