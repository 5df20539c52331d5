import { beforeEach, describe, expect, it } from 'vitest'

import { signedText } from './entry'
import { EntryWriter } from './entry-writer'
import { ENTRY_MAX_CHARS, FUTURE_MAX_MS } from './limits'
import { authorOf, testCrypto } from './testing/devices'
import type { AuthorId } from './types'

const room = 'ABCDEFGH'
const [self, ben] = [authorOf(0), authorOf(1)]
const crypto = testCrypto(self)
let made: number
let writer: EntryWriter

beforeEach(() => {
  made = 0
  writer = new EntryWriter({
    ...{ room, author: self, crypto, name: () => 'Anna' },
    newStream: () => (made++).toString(16).padStart(16, '0'),
  })
})

function write(to: AuthorId | null, now: number) {
  const entry = writer.draft({ type: 'text', text: 'hello' }, to, now)!
  writer.handlePlaced(entry)
  return entry
}

describe('an entry of our own', () => {
  it('[CH2] is signed, and says its body by a digest with a salt', () => {
    const entry = write(null, 5)
    expect(crypto.verify(self, signedText(room, entry), entry.signature)).toBe(true)
    expect(entry.digest).toBe(crypto.hash(entry.body!))
    expect(write(null, 5).digest).not.toBe(entry.digest)
  })

  it('[CH4] stands in one stream for everyone, or in one of its own for each other', () => {
    const entries = [write(null, 1), write(ben, 2), write(null, 3), write(ben, 4)]
    expect(entries.map(({ seq, to }) => [seq, to])).toEqual([
      [0, null],
      [0, ben],
      [1, null],
      [1, ben],
    ])
    expect(new Set(entries.map(({ stream }) => stream)).size).toBe(2)
  })

  it('takes no place until it is in the log', () => {
    const first = writer.draft({ type: 'text', text: 'one' }, null, 1)!
    const second = writer.draft({ type: 'text', text: 'two' }, null, 2)!
    expect([first.seq, second.seq]).toEqual([0, 0])
  })

  it('[CH9] is none when it would be too long', () => {
    expect(writer.draft({ type: 'text', text: 'a'.repeat(ENTRY_MAX_CHARS) }, null, 1)).toBeNull()
  })
})

describe('the time of an entry', () => {
  it('[CH3] grows, also when the clock does not', () => {
    expect([write(null, 100.7), write(null, 100), write(ben, 90)].map(({ time }) => time)).toEqual([
      100, 101, 102,
    ])
  })

  it('[CH3] is behind that of what came, as far as that is not too far ahead', () => {
    writer.handleTime(500, 100)
    expect(write(null, 100).time).toBe(501)
    writer.handleTime(10 * FUTURE_MAX_MS, 1000)
    expect(write(null, 1000).time).toBe(1001 + FUTURE_MAX_MS)
  })

  it('[CH3] is behind that of our own from before, however far ahead', () => {
    writer.handleOwnTime(10 * FUTURE_MAX_MS)
    expect(write(null, 1).time).toBe(10 * FUTURE_MAX_MS + 1)
  })
})
