import { describe, expect, it } from 'vitest'

import { ManualClock } from './manual-clock'
import { NoteQueue } from './note-queue'

/** A page that takes `costMs` for each note. */
function setUp(costMs: number) {
  const clock = new ManualClock()
  const handled: string[] = []
  let floods = 0
  const queue = new NoteQueue({
    clock,
    onNote: (note) => {
      handled.push(note)
      clock.advance(costMs)
    },
    onFlood: () => floods++,
  })
  return { clock, handled, queue, floods: () => floods }
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i))

describe('NoteQueue', () => {
  it('handles a note at once where the page has time', () => {
    const { queue, handled } = setUp(0)
    for (const note of numbered(1000)) queue.add(note)
    expect(handled).toEqual(numbered(1000))
  })

  it('leaves the page half of its time, and handles all in the order they came', () => {
    const { queue, handled, clock } = setUp(1)
    const since = clock.now()
    for (const note of numbered(100)) queue.add(note)
    expect(handled).toEqual(numbered(8))
    while (clock.pending > 0) clock.advance(1)
    expect(handled).toEqual(numbered(100))
    // Twelve whole slices of 8 ms, a pause of as long after each.
    expect(clock.now() - since).toBeGreaterThanOrEqual(12 * (8 + 8))
  })

  it('begins a new slice for a note that comes after a pause', () => {
    const { queue, handled, clock } = setUp(7)
    queue.add('0')
    clock.advance(9)
    queue.add('1')
    expect(handled).toEqual(['0', '1'])
    expect(clock.pending).toBe(0)
  })

  it('counts notes as they come, however long the page takes for each', () => {
    const { queue, handled, clock, floods } = setUp(20)
    let added = 0
    for (; floods() === 0 && added < 10_000; added++) queue.add(String(added))
    // The one that was handled, 3 000 that wait, and the one too many.
    expect(added).toBe(3002)
    clock.advance(60_000)
    // What waited went with the flood.
    expect(handled).toEqual(['0'])
  })

  it('takes more characters than can wait for a flood', () => {
    const { queue, floods } = setUp(20)
    const long = 'x'.repeat(1024 * 1024)
    for (let i = 0; i < 17; i++) queue.add(long)
    expect(floods()).toBe(0)
    queue.add(long)
    expect(floods()).toBe(1)
  })

  it('handles a note that one calls forth after that one', () => {
    const handled: string[] = []
    const clock = new ManualClock()
    const queue: NoteQueue = new NoteQueue({
      clock,
      onNote: (note) => {
        if (note === 'first') queue.add('second')
        handled.push(note)
      },
      onFlood: () => handled.push('flood'),
    })
    queue.add('first')
    expect(handled).toEqual(['first', 'second'])
  })

  it('goes on with the next note when one could not be handled', () => {
    const handled: string[] = []
    const queue = new NoteQueue({
      clock: new ManualClock(),
      onNote: (note) => {
        if (note === 'bad') throw new Error('bad')
        handled.push(note)
      },
      onFlood: () => handled.push('flood'),
    })
    expect(() => queue.add('bad')).toThrow('bad')
    queue.add('good')
    expect(handled).toEqual(['good'])
  })
})
