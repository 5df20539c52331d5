import { concatBytes, utf8ToBytes } from '@noble/ciphers/utils.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

import { CountingCipher } from './pair-cipher'
import type { RandomBytes } from './secret'

export const PUBLIC_KEY_BYTES = 32

const CIPHER_KEY_BYTES = 32
const CONTEXT_NAME = 'shoal keys 1'
const GROUP_CONTEXT_NAME = 'shoal group 1'

/** The u-coordinate 9 (RFC 7748 section 4.1). */
const BASE_POINT = new Uint8Array(PUBLIC_KEY_BYTES)
BASE_POINT[0] = 9

/** What a pair's keys are for; each purpose has keys of its own. */
export type CipherLabel = 'signals' | 'relay'

/** One page of a pair: where the server keeps it, and which load of it this is. */
export interface Party {
  readonly id: string
  readonly instance: string
}

export interface PairContext {
  readonly room: string
  readonly sender: Party
  readonly receiver: Party
}

export interface KeyPair {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** An X25519 key pair for one load of one page. */
export function newKeyPair(randomBytes: RandomBytes): KeyPair {
  const secretKey = randomBytes(PUBLIC_KEY_BYTES)
  // By the ladder: the library's quicker way first builds tables, which blocks a page for 20 ms and more.
  return { secretKey, publicKey: x25519.getSharedSecret(secretKey, BASE_POINT) }
}

/** The X25519 shared secret; null for a public key of low order, which would make it known to all (RFC 7748, 6.1). */
export function agree(ownKey: KeyPair, peerKey: Uint8Array): Uint8Array | null {
  try {
    return x25519.getSharedSecret(ownKey.secretKey, peerKey)
  } catch {
    return null
  }
}

/** A digest of whom the keys are for, unambiguous because each text goes with its length (SPEC KY3). */
export function hashContext({ room, sender, receiver }: PairContext): Uint8Array {
  const texts = [CONTEXT_NAME, room, sender.id, sender.instance, receiver.id, receiver.instance]
  return sha256(concatBytes(...texts.map(withLength)))
}

/** The same for what one member seals for many (SPEC KY23). */
export function hashGroupContext(options: {
  readonly room: string
  readonly author: string
  readonly groupId: string
}): Uint8Array {
  const texts = [GROUP_CONTEXT_NAME, options.room, options.author, options.groupId]
  return sha256(concatBytes(...texts.map(withLength)))
}

/** A digest of a pair and its keys, the sender's first (SPEC KY16). */
export function hashTranscript(options: {
  readonly context: Uint8Array
  readonly publicKeys: readonly Uint8Array[]
  readonly verified: boolean
}): Uint8Array {
  const { context, publicKeys, verified } = options
  return sha256(
    concatBytes(withLength('shoal transcript 1'), context, ...publicKeys, Uint8Array.of(verified ? 1 : 0)),
  )
}

/** One end's cipher for one purpose, with a key of its own for each direction (SPEC KY4). */
export function deriveCipher(options: {
  readonly role: 'sender' | 'receiver'
  readonly label: CipherLabel
  readonly context: Uint8Array
  /** What only the two ends know. */
  readonly material: Uint8Array
  /** The sender's public key, then the receiver's, where they were part of the agreement. */
  readonly publicKeys: readonly Uint8Array[]
}): CountingCipher {
  const { role, label, context, material, publicKeys } = options
  const keyFrom = (from: 'sender' | 'receiver') => {
    const info = concatBytes(withLength(label), withLength(from), ...publicKeys)
    return hkdf(sha256, material, context, info, CIPHER_KEY_BYTES)
  }
  const other = role === 'sender' ? 'receiver' : 'sender'
  return new CountingCipher({ sealKey: keyFrom(role), openKey: keyFrom(other), context })
}

function withLength(text: string): Uint8Array {
  const bytes = utf8ToBytes(text)
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes)
}
