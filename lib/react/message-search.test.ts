import { describe, expect, it } from 'vitest'

import { chatMessage } from './fixtures'
import { highlightsIn, passesFilters, searchMessages } from './message-search'
import type { MessageQuery } from './message-search'

const ANY: MessageQuery = { text: '', author: '', since: '', until: '', picturesOnly: false }
const message = (id: string, text: string, sentAtMs = 0) =>
  chatMessage({ id, sentAtMs, body: { type: 'text', text } })
const found = (text: string, ...messages: Parameters<typeof searchMessages>[0]) =>
  searchMessages(messages, { ...ANY, text }, 10).hits.map((hit) => hit.message.id)

describe('a search', () => {
  it('needs every word, and prefers whole ones', () => {
    expect(
      found(
        'sea',
        message('middle', 'research'),
        message('whole', 'the sea'),
        message('start', 'seaside'),
        message('none', 'sky'),
      ),
    ).toEqual(['whole', 'start', 'middle'])
    expect(found('sea salt', message('one', 'sea'), message('both', 'salt of the sea'))).toEqual(['both'])
  })

  it('passes over marks and case', () => {
    expect(found('CAFE', message('m', 'Café'))).toEqual(['m'])
  })

  it('finds nothing in what was taken back', () => {
    expect(found('', chatMessage({ deleted: true }))).toEqual([])
  })
})

describe('the filters', () => {
  it('leave one day, whole', () => {
    const noon = message('m', '', new Date(2024, 1, 29, 12).getTime())
    expect(passesFilters(noon, { ...ANY, since: '2024-02-29', until: '2024-02-29' })).toBe(true)
    expect(passesFilters(noon, { ...ANY, since: '2024-03-01' })).toBe(false)
    expect(passesFilters(noon, { ...ANY, until: '2024-02-28' })).toBe(false)
  })

  it('leave one author, or pictures alone', () => {
    const text = message('m', '')
    expect(passesFilters(text, { ...ANY, author: text.author })).toBe(true)
    expect(passesFilters(text, { ...ANY, author: 'another' })).toBe(false)
    expect(passesFilters(text, { ...ANY, picturesOnly: true })).toBe(false)
  })
})

describe('highlights', () => {
  it('stand where the words are, also behind characters that fold to more or fewer', () => {
    const text = '🐟 Café CAFÉ'
    expect(highlightsIn(text, ['cafe']).map(({ from, until }) => text.slice(from, until))).toEqual([
      'Café',
      'CAFÉ',
    ])
  })

  it('do not overlap', () => {
    expect(highlightsIn('aaa', ['aa', 'a'])).toHaveLength(2)
  })
})
