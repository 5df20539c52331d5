import { fromBase64Url, toBase64Url } from './base64url'

/** 128 bits: beyond any guessing, and 22 symbols in a link. */
export const SECRET_BYTES = 16

/** The name of the secret in an address's fragment. */
const PARAMETER = 'k'

/** Random bytes from a CSPRNG; handed in, so that this folder touches no platform. */
export type RandomBytes = (count: number) => Uint8Array

/** The room secret of a new invitation (SPEC KY1). */
export function newSecret(randomBytes: RandomBytes): Uint8Array {
  return randomBytes(SECRET_BYTES)
}

export function encodeSecret(secret: Uint8Array): string {
  return toBase64Url(secret)
}

/** Null for anything but 22 symbols of base64url that stand for 16 bytes. */
export function parseSecret(text: string): Uint8Array | null {
  const bytes = fromBase64Url(text)
  return bytes?.length === SECRET_BYTES ? bytes : null
}

/** `#k=…`, as an invitation carries it. */
export function secretFragment(encoded: string): string {
  return `#${PARAMETER}=${encoded}`
}

/** The secret in a fragment; null when it names none, `malformed` when it names one that is not whole. */
export function secretInFragment(fragment: string): Uint8Array | 'malformed' | null {
  const prefix = `${PARAMETER}=`
  const named = fragment
    .replace(/^#/, '')
    .split('&')
    .find((part) => part.startsWith(prefix))
  return named === undefined ? null : (parseSecret(named.slice(prefix.length)) ?? 'malformed')
}
