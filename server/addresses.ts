import type { NetworkInterfaceInfo } from 'node:os'

import type { ServerAddress } from '@/lib/signalling/messages'

export type Interfaces = Readonly<Partial<Record<string, readonly NetworkInterfaceInfo[]>>>

export interface AddressOptions {
  readonly port: number
  /** What the server listens on; undefined or a wildcard: every interface. */
  readonly host: string | undefined
  /** Goes first when set. */
  readonly publicUrl: string | undefined
}

/** Bridges, tunnels and virtual machines: a phone on the Wi-Fi does not reach these. */
const VIRTUAL =
  /docker|veth|br-|virbr|vbox|vmnet|vmware|hyper-v|vethernet|wsl|tun|tap|utun|wg|zt|tailscale|ppp|ifb|cni|flannel|podman|lxc|lxd|awdl|llw|bluetooth/i
const WIRELESS = /^(wl|wi-?fi|wlan)/i
const WILDCARDS = new Set(['', '0.0.0.0', '::', '[::]'])

/**
 * The origins at which other devices can open this server, best first: PUBLIC_URL, private IPv4 addresses of
 * physical interfaces, then other IPv4 ones; IPv6 only when there is no IPv4. Never loopback: with such a `host` there are none.
 */
export function serverAddresses(interfaces: Interfaces, options: AddressOptions): ServerAddress[] {
  const found = Object.entries(interfaces).flatMap(([name, entries = []]) =>
    entries.map((entry) => ({ name, entry, rank: rankOf(name, entry) })),
  )
  const listening = found.filter(({ entry }) => isServed(entry, options.host)).sort((a, b) => a.rank - b.rank)
  const ipv4 = listening.filter(({ entry }) => entry.family === 'IPv4')
  const chosen = (ipv4.length > 0 ? ipv4 : listening).map(({ name, entry }) => ({
    origin: originOf(entry, options.port),
    label: labelOf(name),
  }))
  const own = options.publicUrl === undefined ? [] : [{ origin: options.publicUrl, label: 'public address' }]
  return distinct([...own, ...chosen])
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host)
}

function isServed(entry: NetworkInterfaceInfo, host: string | undefined): boolean {
  if (entry.internal || (entry.family === 'IPv6' && entry.address.startsWith('fe80:'))) return false
  return host === undefined || WILDCARDS.has(host) || entry.address === host.replace(/^\[|\]$/g, '')
}

/** Lower is better. */
function rankOf(name: string, entry: NetworkInterfaceInfo): number {
  const virtual = VIRTUAL.test(name) ? 100 : 0
  const remote = isPrivate(entry) ? 0 : isLinkLocal(entry) ? 40 : 20
  return virtual + remote + (entry.family === 'IPv6' ? 10 : 0)
}

/** RFC 1918, and RFC 4193 for IPv6. */
function isPrivate({ address }: NetworkInterfaceInfo): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address)
}

/** RFC 3927: what a device gives itself when no router answers. */
function isLinkLocal({ address }: NetworkInterfaceInfo): boolean {
  return address.startsWith('169.254.')
}

function originOf({ family, address }: NetworkInterfaceInfo, port: number): string {
  const host = family === 'IPv6' ? `[${address}]` : address
  return port === 80 ? `http://${host}` : `http://${host}:${port}`
}

function labelOf(name: string): string {
  return WIRELESS.test(name) && !/wi-?fi/i.test(name) ? `Wi-Fi (${name})` : name
}

function distinct(addresses: ServerAddress[]): ServerAddress[] {
  return addresses.filter(
    ({ origin }, index) => addresses.findIndex((other) => other.origin === origin) === index,
  )
}
