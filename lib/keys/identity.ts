import { bytesToHex, concatBytes, hexToBytes } from '@noble/ciphers/utils.js'
import { ed25519 } from '@noble/curves/ed25519.js'

import type { RandomBytes } from './secret'

export const IDENTITY_BYTES = 32
export const SIGNATURE_BYTES = 64

const HEX_KEY = /^[0-9a-f]{64}$/

/** A device: its Ed25519 key (RFC 8032), made once and kept. */
export interface Signer {
  /** The public key, 64 lower-case hex digits. */
  readonly author: string
  sign(bytes: Uint8Array): Uint8Array
}

/** The seed of a new device identity; whoever has it is the device. */
export function newIdentitySeed(randomBytes: RandomBytes): Uint8Array {
  return randomBytes(IDENTITY_BYTES)
}

/** Null for a seed that is not 32 bytes. */
export function signerFrom(seed: Uint8Array): Signer | null {
  if (seed.length !== IDENTITY_BYTES) return null
  const kept = concatBytes(seed)
  const author = bytesToHex(ed25519.getPublicKey(kept))
  return { author, sign: (bytes) => ed25519.sign(bytes, kept) }
}

/** By the strict rules of RFC 8032, so that every page takes and refuses the same signatures. Never throws. */
export function verify(author: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (!HEX_KEY.test(author) || signature.length !== SIGNATURE_BYTES) return false
  try {
    return ed25519.verify(signature, bytes, hexToBytes(author), { zip215: false })
  } catch {
    return false
  }
}
