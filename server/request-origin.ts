import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export interface OriginRules {
  readonly allowedOrigins: readonly string[]
  readonly trustProxy: boolean
}

/**
 * Whether a page with this Origin may open a socket here: it was served under the Host that it now asks, or it
 * is on the allow-list. A request without Origin is let in: browsers always send one with a WebSocket, and a
 * program that is no browser could write there what it likes. `null` (a file, a sandboxed frame) is refused.
 */
export function isAllowedOrigin(headers: IncomingHttpHeaders, rules: OriginRules): boolean {
  const { origin } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  if (page.protocol !== 'http:' && page.protocol !== 'https:') return false
  return rules.allowedOrigins.includes(page.origin) || page.host === hostOf(headers, rules, page.protocol)
}

/** The host that the browser asked for, as it wrote it: ours, or that of our proxy. */
export function requestedHost(headers: IncomingHttpHeaders, trustProxy: boolean): string | undefined {
  return (trustProxy ? last(headers['x-forwarded-host']) : undefined) ?? headers.host
}

/** The same, in the form that URL gives it (default port left out), or null. */
function hostOf(headers: IncomingHttpHeaders, { trustProxy }: OriginRules, protocol: string): string | null {
  const host = requestedHost(headers, trustProxy)
  if (host === undefined || !URL.canParse(`${protocol}//${host}`)) return null
  return new URL(`${protocol}//${host}`).host
}

/**
 * The address that joins and sockets are counted by: an IPv4 address, or the /64 network of an IPv6 one, since
 * one device has all of it. X-Forwarded-For counts only with TRUST_PROXY, and then its last entry, which is the
 * only one that the proxy itself has seen.
 */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? last(request.headers['x-forwarded-for']) : undefined
  const address = forwarded ?? request.socket.remoteAddress ?? 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  return address.includes(':') ? networkOf(address) : address
}

/** Whether the browser has an encrypted connection to us or to our proxy. */
export function isEncrypted(request: IncomingMessage, trustProxy: boolean): boolean {
  if ('encrypted' in request.socket && request.socket.encrypted === true) return true
  return trustProxy && last(request.headers['x-forwarded-proto']) === 'https'
}

/** The first 64 bits, spelled out, so that every spelling of one network is one key. */
function networkOf(address: string): string {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::', 2)
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4)
  return `${groups.map((group) => (parseInt(group, 16) || 0).toString(16)).join(':')}::/64`
}

function last(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.at(-1) : header
  const entry = text?.split(',').at(-1)?.trim()
  return entry === '' ? undefined : entry
}
