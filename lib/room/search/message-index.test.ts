import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ChatMessage } from '@/lib/chat/types'

import { findMembers } from './find-members'
import { createMessageIndex, type MessageIndex, type SearchFilter } from './message-index'

const ADA = 'a'.repeat(64)
const BEN = 'b'.repeat(64)

let time = 0

function message(id: string, text: string, rest: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ id, author: ADA, authorName: 'Ada', own: false, sentAtMs: ++time, to: null },
    ...{ body: { type: 'text', text }, deleted: false, mentionsMe: false, delivered: null },
    ...rest,
  }
}

function picture(id: string, name: string, rest: Partial<ChatMessage> = {}): ChatMessage {
  const facts = { sha256: '0'.repeat(64), type: 'image/png', bytes: 1, width: 1, height: 1, placeholder: '' }
  return message(id, '', { ...rest, body: { type: 'picture', picture: { ...facts, name } } })
}

function indexOf(...messages: readonly ChatMessage[]): MessageIndex {
  const index = createMessageIndex()
  index.add(messages)
  while (index.work());
  return index
}

const ids = (index: MessageIndex, query: string, filter?: SearchFilter) =>
  index.search(query, filter).map(({ id }) => id)

/** What a page would highlight. */
function marked(index: MessageIndex, query: string): string[] {
  return index
    .search(query)
    .flatMap(({ text, ranges }) => ranges.map(({ start, end }) => text.slice(start, end)))
}

describe('searching the messages of a room', () => {
  it('finds a message as its words are typed, in any order, and only if it has all of them', () => {
    const index = indexOf(
      message('1', 'The boat leaves the harbour at noon'),
      message('2', 'A boat, at last'),
    )
    expect(ids(index, 'harb')).toEqual(['1'])
    expect(ids(index, 'noon boat')).toEqual(['1'])
    expect(ids(index, 'boat').sort()).toEqual(['1', '2'])
    expect(ids(index, 'arbour')).toEqual([])
    expect(ids(index, 'boat fish')).toEqual([])
    expect(marked(index, 'harb noon')).toEqual(['harb', 'noon'])
  })

  it('puts the whole word before one that begins so, and of equal ones the newer first', () => {
    const index = indexOf(message('1', 'sea'), message('2', 'seaside'), message('3', 'sea'))
    expect(ids(index, 'sea')).toEqual(['3', '1', '2'])
  })

  it('looks through case, accents and width, and marks what stands there', () => {
    const index = indexOf(
      message('1', 'Crème brûlée am Straßenrand'),
      message('2', 'ΟΔΟΣ Ωνάση'),
      message('3', 'Cre\u0300me fraîche'),
      message('4', 'ｆｕｌｌ width'),
    )
    expect(ids(index, 'creme brul')).toEqual(['1'])
    expect(ids(index, 'CRÈME').sort()).toEqual(['1', '3'])
    expect(marked(index, 'creme')).toEqual(['Cre\u0300me', 'Crème'])
    expect(marked(index, 'strass')).toEqual(['Straß'])
    expect(ids(index, 'οδος')).toEqual(['2'])
    expect(ids(index, 'full')).toEqual(['4'])
  })

  it('finds Chinese and Japanese by any sequence of characters, and Korean as it is typed', () => {
    const index = indexOf(
      message('1', '明日は東京タワーへ行く'),
      message('2', '京都の東にある'),
      message('3', '부산항에서 만나요'),
    )
    expect(ids(index, '東京')).toEqual(['1'])
    expect(marked(index, '東京タ')).toEqual(['東京タ'])
    expect(ids(index, '京').sort()).toEqual(['1', '2'])
    expect(ids(index, '부사')).toEqual(['3'])
  })

  it('finds emoji, in whatever skin they were sent', () => {
    const index = indexOf(message('1', 'nice👍🏽'), message('2', 'fish 🐟🐟'), message('3', 'flag 🇳🇴'))
    expect(ids(index, '👍')).toEqual(['1'])
    expect(marked(index, '👍')).toEqual(['👍🏽'])
    expect(ids(index, '🐟')).toEqual(['2'])
    expect(ids(index, '🇳🇴')).toEqual(['3'])
    expect(ids(index, '🐙')).toEqual([])
  })

  it('finds pictures by their names', () => {
    const index = indexOf(picture('1', 'IMG_2024-harbour.jpeg'), message('2', 'harbour'))
    expect(ids(index, 'img 2024')).toEqual(['1'])
    expect(ids(index, 'harbour', { picturesOnly: true })).toEqual(['1'])
    expect(ids(index, '', { picturesOnly: true })).toEqual(['1'])
  })

  it('takes only what an author wrote, and when', () => {
    const index = indexOf(
      message('1', 'tide', { sentAtMs: 100 }),
      message('2', 'tide', { sentAtMs: 200, author: BEN }),
      message('3', 'tide', { sentAtMs: 300 }),
    )
    expect(ids(index, 'tide', { author: ADA })).toEqual(['3', '1'])
    expect(ids(index, 'tide', { fromMs: 200, toMs: 300 })).toEqual(['3', '2'])
    expect(ids(index, '', { toMs: 200 })).toEqual(['2', '1'])
    expect(ids(index, 'tide', { limit: 1 })).toEqual(['3'])
  })

  it('forgets a deleted message at once, indexed or not', () => {
    const index = indexOf(message('1', 'secret plan'))
    index.update(message('1', '', { deleted: true }))
    expect(ids(index, 'secret')).toEqual([])
    expect(ids(index, '')).toEqual([])

    index.add([message('2', 'secret too')])
    expect(index.pending).toBe(1)
    index.remove('2')
    expect(index.pending).toBe(0)
    while (index.work());
    expect(ids(index, 'secret')).toEqual([])
  })

  it('follows a list of messages, and does nothing for those that stayed', () => {
    const index = indexOf(message('1', 'one'), message('2', 'two'))
    index.sync([message('2', 'two'), message('3', 'three')])
    expect(index.pending).toBe(1)
    while (index.work());
    expect(['one', 'two', 'three'].map((query) => ids(index, query))).toEqual([[], ['2'], ['3']])
  })

  it('indexes 20 000 messages in small slices, the long ones in smaller ones', () => {
    const index = createMessageIndex()
    index.add(Array.from({ length: 20_000 }, (_, at) => message(`m${at}`, `message number ${at}`)))
    let slices = 1
    let before = index.pending
    for (; index.work(); slices++) {
      expect(before - index.pending).toBeLessThanOrEqual(100)
      before = index.pending
    }
    expect(slices).toBe(200)
    expect(ids(index, 'number 19999')).toEqual(['m19999'])

    index.add(Array.from({ length: 10 }, (_, at) => message(`long${at}`, 'word '.repeat(800))))
    index.work()
    expect(index.pending).toBe(8)
  })

  it('never fails on any text or query, and marks only what is in the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
        fc.string({ unit: 'binary' }),
        (texts, query) => {
          const index = indexOf(...texts.map((text, at) => message(`m${at}`, text)))
          for (const { text, ranges } of index.search(query)) {
            let last = -1
            for (const { start, end } of ranges) {
              expect(start).toBeGreaterThan(last)
              expect(end).toBeGreaterThan(start)
              expect(end).toBeLessThanOrEqual(text.length)
              last = end
            }
          }
        },
      ),
    )
  })

  it('finds every message by each of its own words', () => {
    const words = fc.array(fc.constantFrom('sea', 'Été', '東京', '🐟', 'harbour', '2024', 'ß'), {
      minLength: 1,
    })
    fc.assert(
      fc.property(words, (parts) => {
        const index = indexOf(message('1', parts.join(' ')))
        for (const part of parts) expect(ids(index, part)).toEqual(['1'])
      }),
    )
  })
})

describe('searching the members', () => {
  const members = [
    { id: ADA, name: 'Ben Ångström' },
    { id: BEN, name: 'Ångela' },
  ]

  it('finds them by the beginnings of their names, first names first', () => {
    expect(findMembers('ang', members).map(({ name }) => name)).toEqual(['Ångela', 'Ben Ångström'])
    expect(findMembers('ben ang', members)).toEqual([
      {
        id: ADA,
        name: 'Ben Ångström',
        ranges: [
          { start: 0, end: 3 },
          { start: 4, end: 7 },
        ],
      },
    ])
  })

  it('finds none without a word', () => {
    expect(findMembers(' ', members)).toEqual([])
    expect(findMembers('zoe', members)).toEqual([])
  })
})
