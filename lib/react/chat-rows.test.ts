import { describe, expect, it } from 'vitest'

import { chatRows, dayName, isEmojiOnly } from './chat-rows'
import { chatMessage } from './fixtures'

const MINUTE_MS = 60_000
const utcDay = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)

function runs(...messages: Parameters<typeof chatMessage>[0][]) {
  const made = messages.map((changes, index) => chatMessage({ id: `m${index}`, ...changes }))
  return chatRows(made, utcDay).map((row) =>
    row.type === 'day' ? 'day' : `${row.key}${row.first ? ' first' : ''}${row.last ? ' last' : ''}`,
  )
}

describe('the rows of a chat', () => {
  it('are none for no message', () => {
    expect(chatRows([])).toEqual([])
  })

  it('gather what one author wrote in a row', () => {
    expect(
      runs(
        { sentAtMs: 0 },
        { sentAtMs: MINUTE_MS },
        { sentAtMs: 2 * MINUTE_MS },
        { author: 'b', sentAtMs: 2 * MINUTE_MS },
      ),
    ).toEqual(['day', 'm0 first', 'm1', 'm2 last', 'm3 first last'])
  })

  it('begin anew after a pause, and where another reads it', () => {
    expect(runs({ sentAtMs: 0 }, { sentAtMs: 6 * MINUTE_MS }, { sentAtMs: 6 * MINUTE_MS, to: 'b' })).toEqual([
      'day',
      'm0 first last',
      'm1 first last',
      'm2 first last',
    ])
  })

  it('name each day, and end a run with it', () => {
    const midnight = Date.UTC(2024, 1, 29)
    expect(runs({ sentAtMs: midnight - 1000 }, { sentAtMs: midnight + 1000 })).toEqual([
      'day',
      'm0 first last',
      'day',
      'm1 first last',
    ])
  })
})

describe('a day', () => {
  const now = new Date(2024, 2, 1, 12).getTime()

  it('is called by how near it is', () => {
    expect(dayName(now, now)).toBe('Today')
    expect(dayName(new Date(2024, 1, 29, 23).getTime(), now)).toBe('Yesterday')
    expect(dayName(new Date(2023, 11, 24).getTime(), now)).toMatch(/2023/)
  })
})

describe('a message of emoji only', () => {
  it.each(['🐟', '👍🏽 🎉', '👩‍👩‍👧', '🇫🇷🇩🇪', '❤️'])('is %s', (text) => {
    expect(isEmojiOnly(text)).toBe(true)
  })

  it.each(['', '12', 'ok 👍', '#', ' ', '🐟🐟🐟🐟🐟🐟🐟'])('is not %j', (text) => {
    expect(isEmojiOnly(text)).toBe(false)
  })
})
