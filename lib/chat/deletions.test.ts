import { beforeEach, describe, expect, it } from 'vitest'

import { Deletions } from './deletions'
import { type Entry, idOf } from './entry'

const ANN = 'a'.repeat(64)
const BEN = 'b'.repeat(64)
const hello: Entry = {
  ...{ author: ANN, stream: '0123456789abcdef', seq: 0, time: 1, name: 'Ann', to: null },
  ...{ digest: '', signature: '', body: '{"type":"text","text":"hello"}' },
}
const deletionBy = (author: string): Entry => ({
  ...{ ...hello, author, seq: 1, time: 2 },
  body: JSON.stringify({ type: 'delete', id: idOf(hello) }),
})

let deletions: Deletions

beforeEach(() => {
  deletions = new Deletions()
})

describe('[CH7] who took back what', () => {
  it('is noted before what it takes back is there', () => {
    expect(deletions.note(deletionBy(ANN))).toBe(idOf(hello))
    expect(deletions.has(hello)).toBe(true)
  })

  it('is nothing that another says, nor any other message', () => {
    expect(deletions.note(deletionBy(BEN))).toBeNull()
    expect(deletions.note(hello)).toBeNull()
    expect(deletions.note({ ...hello, body: null })).toBeNull()
    expect(deletions.has(hello)).toBe(false)
  })

  it('is believed of a store that kept an entry without its body', () => {
    deletions.restore({ ...hello, body: null })
    expect(deletions.has(hello)).toBe(true)
  })

  it('is forgotten with the entry that says so, with the entry itself, and with the author', () => {
    const emptied = { ...hello, body: null }
    const forgets = [
      () => deletions.forget(deletionBy(ANN)),
      () => deletions.forget(emptied),
      () => deletions.forgetAuthor(ANN),
    ]
    for (const forget of forgets) {
      deletions.note(deletionBy(ANN))
      forget()
      expect(deletions.has(hello)).toBe(false)
    }
  })
})
