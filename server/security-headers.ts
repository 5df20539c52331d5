import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { isLoopback } from './addresses'
import { isEncrypted, requestedHost } from './request-origin'

export interface SecurityOptions {
  readonly dev: boolean
  readonly trustProxy: boolean
}

const NONCE_BYTES = 16
/** A worker lives by the policy that came with its own script. */
const SCRIPTS_PATH = '/_next/static/'

/** A host that can stand in a policy as it is; anything else (IPv6 too: CSP has no syntax for it) is left out. */
const PLAIN_HOST = /^[a-z0-9.-]+(:\d{1,5})?$/i

/**
 * Puts the response's security headers on, and hands the nonce to Next in the REQUEST headers: Next reads it
 * from `content-security-policy` there and puts it on its own scripts, for pages rendered per request.
 * What the client itself sent in these headers is overwritten.
 */
export function secure(request: IncomingMessage, response: ServerResponse, options: SecurityOptions): void {
  const nonce = randomBytes(NONCE_BYTES).toString('base64')
  const host = requestedHost(request.headers, options.trustProxy)
  const worker = request.url?.startsWith(SCRIPTS_PATH) ?? false
  const policy = contentSecurityPolicy(nonce, host, { dev: options.dev, worker })
  request.headers['content-security-policy'] = policy
  delete request.headers['content-security-policy-report-only']
  request.headers['x-nonce'] = nonce
  response.setHeader('Content-Security-Policy', policy)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Permissions-Policy', 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  // On a plain LAN origin browsers ignore this one and write an error to the console instead.
  if (isEncrypted(request, options.trustProxy) || isLoopback(hostname(host))) {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  }
}

/**
 * The policy for one response. `dev` adds what Next's reloading and React's error stacks need; `worker` lets a worker
 * whose script this is compile WebAssembly, which is the erasure code: pages may not.
 */
export function contentSecurityPolicy(
  nonce: string,
  host: string | undefined,
  { dev, worker = false }: { readonly dev: boolean; readonly worker?: boolean },
): string {
  // 'self' covers ws: of the same host in current browsers (CSP 3), not in Safari before 15.4.
  const sockets = host !== undefined && PLAIN_HOST.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'${worker ? ` 'wasm-unsafe-eval'` : ''}${dev ? ` 'unsafe-eval'` : ''}`,
    dev ? `style-src 'self' 'unsafe-inline'` : `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' blob: data:`,
    `font-src 'self'`,
    `worker-src 'self' blob:`,
    `connect-src 'self'${sockets}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

function hostname(host: string | undefined): string {
  const url = `http://${host ?? ''}`
  return URL.canParse(url) ? new URL(url).hostname : ''
}
