import { describe, expect, it } from 'vitest'

import { countedBytes } from './fixtures'
import { GroupCipher, newGroupKey, readGroupId } from './group-cipher'

const KEY = newGroupKey(countedBytes(5))
const AT = { room: 'K7QM3-XTR9B', author: '00000000000000aa' }
const TEXT = Uint8Array.from([1, 2, 3])

function pair(changes: Partial<ConstructorParameters<typeof GroupCipher>[0]> = {}) {
  return {
    author: new GroupCipher({ ...KEY, ...AT }),
    reader: new GroupCipher({ ...KEY, ...AT, ...changes }),
  }
}

describe('GroupCipher', () => {
  it('[KY23] what one seals each of the group opens, once', () => {
    const { author, reader } = pair()
    const packet = author.seal(TEXT)
    expect(readGroupId(packet)).toBe(KEY.groupId)
    expect(reader.open(packet)).toEqual(TEXT)
    expect(reader.open(packet)).toBeNull()
    expect(new GroupCipher({ ...KEY, ...AT }).open(packet)).toEqual(TEXT)
  })

  it.each([
    ['another room', { room: 'K7QM3-XTR9C' }],
    ['another author', { author: '00000000000000ab' }],
    ['another group', { groupId: '0000000000000001' }],
    ['another key', { key: new Uint8Array(32) }],
  ])('[KY23] is nothing in %s', (_, changes) => {
    const { author, reader } = pair(changes)
    expect(reader.open(author.seal(TEXT))).toBeNull()
  })

  it('[KY23] does not open what was altered or cut anywhere', () => {
    const { author, reader } = pair()
    const packet = author.seal(TEXT)
    for (let at = 9; at < packet.length; at++) {
      const altered = packet.slice()
      altered[at]! ^= 1
      expect(reader.open(altered)).toBeNull()
      expect(reader.open(packet.subarray(0, at))).toBeNull()
    }
  })

  it('[KY23] a packet for a pair is not taken for one of a group', () => {
    expect(readGroupId(new Uint8Array(40))).toBeNull()
    expect(readGroupId(Uint8Array.of(1, 2))).toBeNull()
  })
})
