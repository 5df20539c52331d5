import { concatBytes } from '@noble/ciphers/utils.js'

import { hashGroupContext } from './derive'
import { CountingCipher, type PairCipher } from './pair-cipher'
import type { RandomBytes } from './secret'

/** Tells a packet for a group from one for a pair, which begins with a counter below 2^53: with a zero byte. */
const GROUP_MARK = 1
const GROUP_ID_BYTES = 8
const HEADER_BYTES = 1 + GROUP_ID_BYTES
const KEY_BYTES = 32

/** The key of one picture that goes to many at once, as each of them is told it over its own sealed way. */
export interface GroupKey {
  /** 16 hex digits, drawn anew for each picture. */
  readonly groupId: string
  /** 32 bytes, never used for anything else. */
  readonly key: Uint8Array
}

export function newGroupKey(randomBytes: RandomBytes): GroupKey {
  return { groupId: toHex(randomBytes(GROUP_ID_BYTES)), key: randomBytes(KEY_BYTES) }
}

/** What one member says to a group; the group's others can only open (SPEC KY23). */
export class GroupCipher {
  readonly #cipher: PairCipher
  readonly #header: Uint8Array

  /** `room` and `author`, the id by which the server knows who seals, as both ends were told them. */
  constructor(options: GroupKey & { readonly room: string; readonly author: string }) {
    const { groupId, key, room, author } = options
    const context = hashGroupContext({ room, author, groupId })
    // One direction: whoever seals never opens, and the other way round.
    this.#cipher = new CountingCipher({ sealKey: key, openKey: key, context })
    this.#header = concatBytes(Uint8Array.of(GROUP_MARK), fromHex(groupId))
  }

  seal(plain: Uint8Array): Uint8Array {
    return concatBytes(this.#header, this.#cipher.seal(plain))
  }

  /** Null: not sealed for this group, altered, replayed or too old. */
  open(packet: Uint8Array): Uint8Array | null {
    return this.#cipher.open(packet.subarray(HEADER_BYTES))
  }
}

/** Of a packet for a group, else null. */
export function readGroupId(packet: Uint8Array): string | null {
  if (packet.length < HEADER_BYTES || packet[0] !== GROUP_MARK) return null
  return toHex(packet.subarray(1, HEADER_BYTES))
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}
