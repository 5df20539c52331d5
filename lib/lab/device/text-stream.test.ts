import { describe, expect, test } from 'vitest'

import { ManualClock } from '@/lib/peer/manual-clock'

import { END_MESSAGE_MAX_CHARS } from '../bench/end-messages'
import { parsePart, TextStream } from './text-stream'

/** Two ends of a stream; `way` may hold back or lose what goes from the first to the second. */
function streams(way: { full?: boolean; lose?: (text: string) => boolean } = {}) {
  const clock = new ManualClock()
  const heard: string[] = []
  const texts: string[] = []
  let broken = 0
  const to = new TextStream({
    ...{ clock, session: 7, send: () => false },
    onMessage: (message) => heard.push(message),
    onBroken: () => broken++,
  })
  const from = new TextStream({
    ...{ clock, session: 7, onMessage: () => undefined, onBroken: () => undefined },
    send: (text) => {
      if (way.full) return false
      texts.push(text)
      const part = way.lose?.(text) ? null : parsePart(text)
      if (part) to.handle(part)
      return true
    },
  })
  return { clock, from, to, heard, texts, broken: () => broken }
}

describe('a stream of texts', () => {
  test('carries messages of any length, also none at all, and whatever characters they have', () => {
    const { from, heard, texts } = streams()
    const messages = ['', 'short\nand 😀', 'ä'.repeat(16_000), '😀'.repeat(40_001)]
    for (const message of messages) from.send(message)
    expect(heard).toEqual(messages)
    expect(texts.every((text) => text.length <= 20 * 1024)).toBe(true)
  })

  test('waits while the way is full, and keeps the order', () => {
    const way = { full: true }
    const { clock, from, heard } = streams(way)
    from.send('first')
    from.send('second')
    clock.advance(1000)
    expect(heard).toEqual([])
    way.full = false
    clock.advance(20)
    expect(heard).toEqual(['first', 'second'])
  })

  test('goes no faster than the other page hears', () => {
    const { clock, from, texts } = streams()
    from.send('x'.repeat(1500 * 16_000))
    expect(texts).toHaveLength(1000)
    clock.advance(1000)
    expect(texts.length).toBeGreaterThan(1100)
    expect(texts.length).toBeLessThan(1200)
    clock.advance(4000)
    expect(texts).toHaveLength(1500)
  })

  test('ends when a part is missing, and hands nothing out from then on', () => {
    const { from, heard, broken } = streams({ lose: (text) => text.startsWith('7 1 ') })
    for (const message of ['a', 'b', 'c', 'd']) from.send(message)
    expect(heard).toEqual(['a'])
    expect(broken()).toBe(1)
  })

  test('ends when a message has no end', () => {
    const { to, heard, broken } = streams()
    const text = 'x'.repeat(1_000_000)
    for (let number = 0; number * text.length <= END_MESSAGE_MAX_CHARS; number++) {
      to.handle({ session: 7, number, isLast: false, text })
    }
    expect(heard).toEqual([])
    expect(broken()).toBe(1)
  })

  test.each([
    '',
    'hello',
    '7',
    '7 0 1',
    '7 0 2 x',
    '-7 0 1 x',
    '7 0 1e9 x',
    '{"type":"chat"}',
    '12345678901 0 1 x',
  ])('has no part like %j', (text) => {
    expect(parsePart(text)).toBeNull()
  })

  test('has parts with anything in them', () => {
    expect(parsePart('7 12 0 a b\n')).toEqual({ session: 7, number: 12, isLast: false, text: 'a b\n' })
  })
})
