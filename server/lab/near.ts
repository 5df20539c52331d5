import type { Interfaces } from '../addresses'

export const LOOPBACK = '127.0.0.1'

/** RFC 1122 loopback, RFC 1918 private, RFC 3927 link-local. */
const NEAR_IPV4 = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/
/** RFC 4291 loopback and link-local, RFC 4193 unique local. */
const NEAR_IPV6 = /^(::1$|fe[89ab][0-9a-f]:|f[cd][0-9a-f]{2}:)/i

/** Whether an address is one of this computer or of its local network; the lab speaks with no other. */
export function isNear(address: string, interfaces: Interfaces): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return (
    NEAR_IPV4.test(plain) || NEAR_IPV6.test(plain) || entriesOf(interfaces).some((e) => e.address === plain)
  )
}

/** What other devices of the local network reach this computer by, or null. */
export function nearAddress(interfaces: Interfaces): string | null {
  const near = entriesOf(interfaces).find(
    ({ address, family, internal }) => family === 'IPv4' && !internal && NEAR_IPV4.test(address),
  )
  return near?.address ?? null
}

/**
 * What this computer's own pages reach it by. Not loopback where there is another: Firefox pairs no candidate with it.
 * Packets to an address of one's own do not leave the computer.
 */
export function ownAddress(interfaces: Interfaces): string {
  const other = entriesOf(interfaces).find(({ family, internal }) => family === 'IPv4' && !internal)
  return nearAddress(interfaces) ?? other?.address ?? LOOPBACK
}

export function isOwn(address: string, interfaces: Interfaces): boolean {
  return address.startsWith('127.') || entriesOf(interfaces).some((entry) => entry.address === address)
}

function entriesOf(interfaces: Interfaces) {
  return Object.values(interfaces).flatMap((entries = []) => entries)
}
