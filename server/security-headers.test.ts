import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

import { describe, expect, it } from 'vitest'

import { contentSecurityPolicy, secure } from './security-headers'

function respond(headers: Record<string, string>, options = { dev: false, trustProxy: false }) {
  const request = Object.assign(new IncomingMessage(new Socket()), { headers })
  const response = new ServerResponse(request)
  secure(request, response, options)
  return { request, response }
}

const directive = (policy: string, name: string): string =>
  policy.split('; ').find((part) => part.startsWith(`${name} `)) ?? ''

describe('the security headers', () => {
  it('allow scripts and styles by a nonce that is new for every response and handed to Next', () => {
    const nonces = Array.from({ length: 50 }, () => {
      const { request, response } = respond({ host: 'localhost:3000' })
      const policy = String(response.getHeader('content-security-policy'))
      expect(request.headers['content-security-policy']).toBe(policy)
      const nonce = /script-src 'self' 'nonce-([A-Za-z0-9+/=]+)';/.exec(policy)?.[1]
      expect(request.headers['x-nonce']).toBe(nonce)
      expect(directive(policy, 'style-src')).toBe(`style-src 'self' 'nonce-${nonce}'`)
      return nonce
    })
    expect(new Set(nonces).size).toBe(50)
  })

  it('never let a client choose the nonce', () => {
    const { request } = respond({
      host: 'x',
      'content-security-policy': `script-src 'nonce-mine'`,
      'content-security-policy-report-only': `script-src 'nonce-mine'`,
      'x-nonce': 'mine',
    })
    expect(JSON.stringify(request.headers)).not.toContain('mine')
  })

  it('let a worker compile WebAssembly, and no page', () => {
    const script = contentSecurityPolicy('n', 'x', { dev: false, worker: true })
    expect(directive(script, 'script-src')).toBe(`script-src 'self' 'nonce-n' 'wasm-unsafe-eval'`)
    expect(directive(contentSecurityPolicy('n', 'x', { dev: false }), 'script-src')).toBe(
      `script-src 'self' 'nonce-n'`,
    )
  })

  it('hold in production what they promise', () => {
    const policy = contentSecurityPolicy('n', 'a.example:3000', { dev: false })
    expect(policy).not.toMatch(/unsafe|\*|http:|strict-dynamic/)
    for (const [name, value] of [
      ['default-src', `'self'`],
      ['object-src', `'none'`],
      ['base-uri', `'none'`],
      ['form-action', `'self'`],
      ['frame-ancestors', `'none'`],
      ['worker-src', `'self' blob:`],
      ['img-src', `'self' blob: data:`],
    ] as const) {
      expect(directive(policy, name)).toBe(`${name} ${value}`)
    }
    const { response } = respond({ host: 'x' })
    expect(response.getHeaders()).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  it('name this host’s sockets for browsers whose self does not cover them, and no other host', () => {
    expect(directive(contentSecurityPolicy('n', 'a.example:3000', { dev: false }), 'connect-src')).toBe(
      `connect-src 'self' ws://a.example:3000 wss://a.example:3000`,
    )
    for (const host of [undefined, '[fd00::2]:3000', 'a; script-src *', "a 'unsafe-inline'", '']) {
      expect(contentSecurityPolicy('n', host, { dev: false })).toContain(`; connect-src 'self'; `)
    }
  })

  it('name the host that the browser asked our proxy for', () => {
    const headers = { host: 'app:3000', 'x-forwarded-host': 'shoal.example' }
    for (const [trustProxy, host] of [
      [true, 'shoal.example'],
      [false, 'app:3000'],
    ] as const) {
      const { response } = respond(headers, { dev: false, trustProxy })
      expect(response.getHeader('content-security-policy')).toContain(`ws://${host} wss://${host};`)
    }
  })

  it('relax in development what reloading and error stacks need', () => {
    const policy = contentSecurityPolicy('n', 'localhost:3000', { dev: true })
    expect(directive(policy, 'script-src')).toContain(`'unsafe-eval'`)
    expect(directive(policy, 'style-src')).toBe(`style-src 'self' 'unsafe-inline'`)
  })

  it.each([
    ['localhost:3000', {}, true],
    ['127.0.0.1:3000', {}, true],
    ['192.168.1.7:3000', {}, false],
    ['shoal.example', { 'x-forwarded-proto': 'https' }, true],
    ['bad host', {}, false],
  ])('isolate the window where browsers accept that: %s', (host, headers, expected) => {
    const { response } = respond({ host, ...headers }, { dev: false, trustProxy: true })
    expect(response.hasHeader('cross-origin-opener-policy')).toBe(expected)
  })
})
