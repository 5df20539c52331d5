import { describe, expect, it } from 'vitest'

import { documentTitle } from './room-title'

describe('the title of a room’s tab', () => {
  it.each([
    [{ title: null, unread: 0, mentions: 0 }, 'Room · Shoal'],
    [{ title: 'Harbour', unread: 0, mentions: 0 }, 'Harbour · Shoal'],
    [{ title: 'Harbour', unread: 3, mentions: 0 }, '(3) Harbour · Shoal'],
    [{ title: 'Harbour', unread: 3, mentions: 1 }, '(@3) Harbour · Shoal'],
    [{ title: 'Harbour', unread: 20_000, mentions: 0 }, '(99+) Harbour · Shoal'],
  ])('%j is %s', (facts, title) => {
    expect(documentTitle(facts)).toBe(title)
  })
})
