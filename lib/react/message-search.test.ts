import { describe, expect, it, vi } from 'vitest'

import { chatMessage } from './fixtures'
import { MessageSearch } from './message-search'
import type { MessageQuery } from './message-search'

const ANY: MessageQuery = { text: '', author: '', since: '', until: '', picturesOnly: false }
const message = (id: string, text: string, sentAtMs = 0) =>
  chatMessage({ id, sentAtMs, body: { type: 'text', text } })

function searchOf(...messages: Parameters<MessageSearch['follow']>[0]) {
  const search = new MessageSearch()
  search.follow(messages)
  return (query: Partial<MessageQuery>) => search.find({ ...ANY, ...query }, 10).map(({ id }) => id)
}

describe('the search of a page', () => {
  it('finds one day, whole', () => {
    const find = searchOf(message('noon', 'sea', new Date(2024, 1, 29, 12).getTime()))
    expect(find({ since: '2024-02-29', until: '2024-02-29' })).toEqual(['noon'])
    expect(find({ since: '2024-03-01' })).toEqual([])
    expect(find({ text: 'sea', until: '2024-02-28' })).toEqual([])
  })

  it('finds one author, or pictures alone', () => {
    const find = searchOf(message('m', 'sea'))
    expect(find({ text: 'sea', author: message('m', '').author })).toEqual(['m'])
    expect(find({ author: 'another' })).toEqual([])
    expect(find({ picturesOnly: true })).toEqual([])
  })

  it('learns many messages in slices, and says so', () => {
    vi.useFakeTimers()
    const search = new MessageSearch()
    const heard = vi.fn()
    search.subscribe(heard)
    search.follow(Array.from({ length: 1000 }, (_, index) => message(`m${index}`, `word${index}`)))
    expect(search.find({ ...ANY, text: 'word999' }, 10)).toEqual([])
    vi.runAllTimers()
    vi.useRealTimers()
    expect(search.find({ ...ANY, text: 'word999' }, 10)).toHaveLength(1)
    expect(heard.mock.calls.length).toBeGreaterThan(1)
  })
})
