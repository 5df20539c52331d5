import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

import { EventLoop } from '@/lib/sim/event-loop'
import { Random } from '@/lib/sim/random'

import { encodeEntry, type Entry, signedText } from './entry'
import { AUTHORS_MAX, ENTRIES_MAX, STREAMS_PER_AUTHOR_MAX } from './limits'
import { authorOf, testCrypto } from './testing/devices'
import { Hall, Page, ROOM } from './testing/hall'
import { encodeFloor, encodeMarks } from './wire'

let hall: Hall
let anna: Page
let ben: Page
/** Does what it likes. */
let mallory: Page

beforeEach(() => {
  hall = new Hall(new EventLoop(1_000_000), new Random(7))
  for (let index = 0; index < 3; index++) hall.join(new Page(hall, index, 0))
  ;[anna, ben, mallory] = hall.pages as [Page, Page, Page]
})

function run(ms = 3000): void {
  hall.loop.run({ untilMs: hall.loop.now + ms })
}

function tell(page: Page, text: string): void {
  page.replica.handleText(mallory.id, text, hall.loop.now)
  page.pump()
}

function textBy(
  index: number,
  text: string,
  { stream = 'f'.repeat(16), seq = 0, time = 1 } = {},
  body = JSON.stringify({ type: 'text', text }),
): Entry {
  const author = authorOf(index)
  const crypto = testCrypto(author)
  const unsigned = {
    ...{ author, stream, seq, time, name: `N${index}`, to: null },
    digest: crypto.hash(body),
  }
  return { ...unsigned, signature: crypto.sign(signedText(ROOM, unsigned)), body }
}

/** None that a page of the hall takes. */
function streamNamed(number: number): string {
  return `e${number.toString(16).padStart(15, '0')}`
}

function wrap(entries: readonly Entry[]): string {
  return `{"chat":"entries","entries":[${entries.map(encodeEntry).join(',')}]}`
}

function streamOf(page: Page): string {
  return page.replica.entries()[0]!.id.split('-')[1]!
}

describe('a hostile member', () => {
  it('[CH8] silences nobody by saying that the beginning of their stream is gone', () => {
    anna.say('one')
    run()
    tell(ben, encodeFloor({ author: anna.author, stream: streamOf(anna), next: 2 ** 31 }))
    run(10_000)
    anna.say('two')
    run(10_000)
    expect(ben.texts).toEqual(['one', 'two'])
  })

  it('[CH8] makes nobody leave out what is lost on the way, by the same lie', () => {
    anna.say('one')
    run()
    hall.loss = 1
    anna.say('two')
    run(200)
    hall.loss = 0
    anna.say('three')
    run(300)
    tell(ben, encodeFloor({ author: anna.author, stream: streamOf(anna), next: 2 }))
    run(60_000)
    expect(ben.texts).toEqual(['one', 'two', 'three'])
  })

  it('[CH8] has no more sent to it than a share of the way, however often it asks', () => {
    for (let i = 0; i < 60; i++) anna.say(`${i} ${'long '.repeat(700)}`)
    run(60_000)
    const texts: number[] = []
    for (let i = 0; i < 1000; i++) {
      anna.replica.handleText(mallory.id, encodeMarks([], true), hall.loop.now)
      hall.loop.run({ untilMs: hall.loop.now + 10 })
      // A page that has just been loaded anew has nothing, and asks.
      if (i === 0) {
        anna.replica.handlePeerLeft(mallory.id)
        anna.replica.handlePeerJoined(mallory.id, mallory.author, 'M', hall.loop.now)
      }
      for (let out = anna.replica.pollSend(); out; out = anna.replica.pollSend())
        if (out.peer === mallory.id) texts.push(out.text.length)
    }
    const chars = texts.reduce((sum, length) => sum + length, 0)
    expect(chars).toBeLessThan(3_000_000)
  })

  it('[CH8] leaves a place for who is really here, however many devices it invents', () => {
    for (let i = 0; i < AUTHORS_MAX + 50; i++) {
      tell(ben, wrap([textBy(1000 + i, `I am ${i}`, { stream: streamNamed(i) })]))
      run(50)
    }
    hall.join(new Page(hall, 5, 0))
    run()
    hall.page(5)!.say('I am new')
    anna.say('and I am old')
    run(10_000)
    expect(ben.texts).toContain('I am new')
    expect(ben.texts).toContain('and I am old')
  })

  it('[CH2] that tells each another thing keeps nobody busy: all comes to rest', () => {
    tell(ben, wrap([textBy(2, 'to ben', { time: 1000 })]))
    tell(
      anna,
      wrap(Array.from({ length: 20 }, (_, seq) => textBy(2, `to anna ${seq}`, { seq, time: seq + 1 }))),
    )
    run(120_000)
    expect(ben.texts).toEqual(['to ben'])
    expect(anna.texts).toHaveLength(20)
    ben.say('hello')
    run(60_000)
    expect(anna.texts).toContain('hello')
    const { carried } = hall
    run(3_600_000)
    expect(hall.carried).toBe(carried)
  })

  it('[CH5] says anything at all: nothing of it throws, or is shown', () => {
    const near = fc
      .tuple(fc.constantFrom('entries', 'have', 'floor', 'typing', 'x'), fc.jsonValue(), fc.jsonValue())
      .map(([chat, one, two]) => ({ chat, entries: one, marks: two, mark: one, ask: two }))
    const entry = fc.array(
      fc.oneof(fc.constant(textBy(2, 'x').author), fc.constant('f'.repeat(16)), fc.nat(), fc.jsonValue()),
      {
        minLength: 8,
        maxLength: 10,
      },
    )
    const texts = fc.oneof(
      near.map((value) => JSON.stringify(value)),
      fc.array(entry, { maxLength: 3 }).map((entries) => JSON.stringify({ chat: 'entries', entries })),
      fc.string().map((rest) => `{"chat":${rest}`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        ben.replica.handleText(mallory.id, text, hall.loop.now)
        expect(ben.replica.state.messages).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('[CH8] pushes nobody else’s messages out of a full memory', () => {
    anna.say('to be kept')
    run()
    const texts: string[] = []
    for (let seq = 0; seq < ENTRIES_MAX + 10; seq++)
      texts.push(encodeEntry(textBy(2, `spam ${seq}`, { seq, time: hall.loop.now + seq })))
    ben.replica.restore(texts, hall.loop.now)
    expect(ben.texts).toContain('to be kept')
    expect(ben.replica.state.messages.length).toBeLessThanOrEqual(ENTRIES_MAX)
  })
})

describe('a device that has been here often', () => {
  it('[CH8] is heard in its next load too; its oldest goes', () => {
    const time = hall.loop.now
    const texts = Array.from({ length: STREAMS_PER_AUTHOR_MAX }, (_, load) =>
      encodeEntry(textBy(0, `load ${load}`, { stream: streamNamed(load), time: time + load })),
    )
    for (const page of [anna, ben]) page.replica.restore(texts, time)
    expect(anna.say('once more')).not.toBeNull()
    run(10_000)
    expect(ben.texts).toContain('once more')
    expect(ben.texts).not.toContain('load 0')
    const carried = hall.carried
    run(600_000)
    expect(hall.carried - carried).toBeLessThan(20)
  })
})

describe('a store that let the oldest go', () => {
  it('[CH10] gives back what it still has, from wherever it begins', () => {
    const time = hall.loop.now
    const texts = Array.from({ length: 300 }, (_, i) =>
      encodeEntry(textBy(0, `m${i}`, { seq: i, time: time + i })),
    )
    const page = new Page(hall, 1, 1)
    page.replica.restore([...texts.slice(100, 200), ...texts.slice(203)], time)
    expect(page.texts).toHaveLength(197)
    expect(page.texts[0]).toBe('m100')
  })
})

describe('what a deleted message leaves', () => {
  it('[CH7] is nothing that a guess can be tried on: the same text has another digest each time', () => {
    anna.say('yes')
    anna.say('yes')
    run()
    const digests = ben.replica.entries().map(({ text }) => (JSON.parse(text) as string[])[6])
    expect(new Set(digests).size).toBe(2)
  })
})

describe('a clock that is wrong', () => {
  it('[CH3] of another device makes nobody write what others cannot read', () => {
    hall.loop.schedule(hall.loop.now + 0.5, () =>
      tell(ben, wrap([textBy(2, 'from 2090', { time: 2 ** 42 })])),
    )
    run(10)
    ben.say('later')
    run()
    expect(anna.texts).toContain('later')
    expect(anna.replica.dropped.unreadable).toBe(0)
  })
})

describe('a mention', () => {
  it('[CH9] is of the whole name, and no part of an address', () => {
    const mentioned = (text: string) => {
      anna.say(text)
      run(500)
      return ben.replica.state.messages.at(-1)!.mentionsMe
    }
    expect(mentioned('@N1, look')).toBe(true)
    expect(mentioned('(@n1)')).toBe(true)
    expect(mentioned('@N12')).toBe(false)
    expect(mentioned('mail me at me@n1.example')).toBe(false)
  })
})
