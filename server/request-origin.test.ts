import { IncomingMessage } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'

import { describe, expect, it } from 'vitest'

import { clientAddress, isAllowedOrigin, isEncrypted } from './request-origin'

const RULES = { allowedOrigins: ['https://other.example'], trustProxy: false }

function request(remoteAddress: string, headers: IncomingHttpHeaders = {}): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  return Object.assign(new IncomingMessage(socket), { headers })
}

describe('a page may open a socket', () => {
  it.each([
    ['http://192.168.1.7:3000', '192.168.1.7:3000', true],
    ['http://LOCALHOST:3000', 'localhost:3000', true],
    ['http://[fd00::2]:3000', '[fd00::2]:3000', true],
    ['https://shoal.example', 'shoal.example', true],
    ['https://shoal.example', 'shoal.example:443', true],
    ['http://shoal.example', 'shoal.example:80', true],
    ['https://other.example', '192.168.1.7:3000', true],
    ['http://192.168.1.7:3001', '192.168.1.7:3000', false],
    ['http://evil.example', '192.168.1.7:3000', false],
    ['http://192.168.1.7:3000.evil.example', '192.168.1.7:3000', false],
    ['http://192.168.1.7:3000@evil.example', '192.168.1.7:3000', false],
    ['http://other.example', '192.168.1.7:3000', false],
    ['null', '192.168.1.7:3000', false],
    ['file://', 'x', false],
    ['not a url', '192.168.1.7:3000', false],
    ['', '192.168.1.7:3000', false],
    ['http://192.168.1.7:3000', 'a b', false],
  ])('from %s at host %s: %s', (origin, host, expected) => {
    expect(isAllowedOrigin({ origin, host }, RULES)).toBe(expected)
  })

  it('when no Origin is sent: that is no browser', () => {
    expect(isAllowedOrigin({ host: '192.168.1.7:3000' }, RULES)).toBe(true)
  })

  it('behind a proxy under the name that the proxy was asked for, with TRUST_PROXY only', () => {
    const headers = { origin: 'https://shoal.example', host: 'app:3000', 'x-forwarded-host': 'shoal.example' }
    expect(isAllowedOrigin(headers, RULES)).toBe(false)
    expect(isAllowedOrigin(headers, { ...RULES, trustProxy: true })).toBe(true)
  })
})

describe('clients are told apart', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (remote, expected) => {
    expect(clientAddress(request(remote), false)).toBe(expected)
  })

  it('by X-Forwarded-For with TRUST_PROXY only, and then by what the proxy itself has seen', () => {
    const forwarded = request('192.0.2.7', { 'x-forwarded-for': '1.1.1.1, 203.0.113.5' })
    expect(clientAddress(forwarded, false)).toBe('192.0.2.7')
    expect(clientAddress(forwarded, true)).toBe('203.0.113.5')
    expect(clientAddress(request('192.0.2.7', { 'x-forwarded-for': '' }), true)).toBe('192.0.2.7')
  })
})

it('a connection is encrypted when our proxy says so, or the socket is', () => {
  const proxied = request('192.0.2.7', { 'x-forwarded-proto': 'https' })
  expect([isEncrypted(proxied, false), isEncrypted(proxied, true)]).toEqual([false, true])
  Object.assign(proxied.socket, { encrypted: true })
  expect(isEncrypted(proxied, false)).toBe(true)
})
