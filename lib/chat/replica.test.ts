import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { beforeEach, describe, expect, it } from 'vitest'

import { EventLoop } from '@/lib/sim/event-loop'
import { Random } from '@/lib/sim/random'

import { encodeEntry, parseEntry, signedText } from './entry'
import type { Entry } from './entry'
import { authorOf, testCrypto } from './testing/devices'
import { Hall, Page, ROOM } from './testing/hall'
import { ENTRIES_MAX, TYPING_SHOWN_MS } from './limits'
import { ChatReplica, type ChatCrypto } from './replica'

let hall: Hall
let anna: Page
let ben: Page

function newHall(pages: number): void {
  hall = new Hall(new EventLoop(1_000_000), new Random(7))
  for (let index = 0; index < pages; index++) hall.join(new Page(hall, index, 0))
  ;[anna, ben] = hall.pages as [Page, Page]
}

function run(ms = 3000): void {
  hall.loop.run({ untilMs: hall.loop.now + ms })
}

beforeEach(() => newHall(3))

describe('a message', () => {
  it('[CH1] reaches everyone who is there, once, and its author sees who has it', () => {
    anna.say('hello')
    run()
    for (const page of hall.pages) expect(page.texts).toEqual(['hello'])
    expect(anna.replica.state.messages[0]).toMatchObject({ own: true, delivered: { have: 2, of: 2 } })
    expect(ben.replica.state).toMatchObject({ unread: 1, unreadMentions: 0 })
  })

  it('[CH4] to one alone is seen by the two, and passed on to nobody', () => {
    anna.say('psst', ben.author)
    run(60_000)
    expect(ben.texts).toEqual(['psst'])
    expect(hall.pages[2]!.texts).toEqual([])
    expect(anna.replica.state.messages[0]!.delivered).toEqual({ have: 1, of: 1 })
  })

  it('[CH3] of one author stand in the order in which they were written, also when they come in another', () => {
    for (let i = 0; i < 40; i++) anna.say(`m${i}`)
    run()
    expect(ben.texts).toEqual(Array.from({ length: 40 }, (_, i) => `m${i}`))
  })

  it('[CH6] that was lost is told again', () => {
    hall.loss = 1
    anna.say('once more')
    run(2000)
    expect(ben.texts).toEqual([])
    hall.loss = 0
    run(40_000)
    expect(ben.texts).toEqual(['once more'])
  })

  it('[CH6] reaches who was away from whoever has it, when its author is gone', () => {
    const [, , cleo] = hall.pages as [Page, Page, Page]
    hall.leave(cleo)
    anna.say('for cleo')
    run()
    hall.leave(anna)
    hall.join(new Page(hall, 2, 1))
    run(10_000)
    expect(hall.page(2)!.texts).toEqual(['for cleo'])
  })

  it('[CH9] that names us is counted, whoever is written large or small', () => {
    anna.say('look, @n1!')
    run()
    expect(ben.replica.state.unreadMentions).toBe(1)
    expect(ben.replica.state.messages[0]!.mentionsMe).toBe(true)
    expect(hall.pages[2]!.replica.state.unreadMentions).toBe(0)
    ben.replica.markRead()
    expect(ben.replica.state).toMatchObject({ unread: 0, unreadMentions: 0 })
  })

  it.each([
    ['nothing', '   '],
    ['only what cannot be seen', '\u202e\u200f'],
    ['more than 4 000 characters', '🐟'.repeat(4001)],
  ])('[CH9] of %s is not sent', (_, text) => {
    expect(anna.say(text)).toBeNull()
  })

  it('[CH9] has 4 000 characters of any alphabet, and arrives', () => {
    const text = '🐟'.repeat(4000)
    expect(anna.say(text)).not.toBeNull()
    run()
    expect(ben.texts).toEqual([text])
  })

  it('[CH9] is shown without what could reorder or hide the text around it', () => {
    anna.say('a\u202eb\u0007c\r\nd')
    run()
    expect(ben.texts).toEqual(['abc\nd'])
  })
})

describe('taking back', () => {
  it('[CH7] empties the message everywhere, also for who was away and in what is kept', () => {
    const [, , cleo] = hall.pages as [Page, Page, Page]
    const id = anna.say('oh no')!
    run()
    hall.leave(cleo)
    expect(anna.replica.deleteForAll(id, hall.loop.now)).toBe(true)
    anna.pump()
    hall.join(new Page(hall, 2, 1))
    run(10_000)
    for (const page of hall.pages) {
      expect(page.replica.state.messages).toMatchObject([{ id, deleted: true, body: { text: '' } }])
    }
    expect([...ben.stored.values()].join()).not.toContain('oh no')
  })

  it('[CH7] is for one’s own messages', () => {
    const id = anna.say('mine')!
    run()
    expect(ben.replica.deleteForAll(id, hall.loop.now)).toBe(false)
    expect(anna.replica.deleteForAll(id, hall.loop.now)).toBe(true)
    expect(anna.replica.deleteForAll(id, hall.loop.now)).toBe(false)
  })

  it('[CH7] a forged deletion of another’s message is none', () => {
    const id = anna.say('stays')!
    run()
    deliver(ben, entryBy(2, JSON.stringify({ type: 'delete', id })))
    expect(ben.texts).toEqual(['stays'])
  })

  it('[CH7] a body that somebody left out is no deletion', () => {
    const entry = entryBy(0, JSON.stringify({ type: 'text', text: 'hello' }))
    deliver(ben, { ...entry, body: null })
    expect(ben.replica.state.messages).toEqual([])
    deliver(ben, entry)
    expect(ben.texts).toEqual(['hello'])
  })

  it('[CH7] for oneself hides it here alone, for good', () => {
    const id = anna.say('hide me')!
    run()
    ben.replica.deleteForMe(id)
    ben.pump()
    expect(ben.texts).toEqual([])
    expect(anna.texts).toEqual(['hide me'])
    const again = new Page(hall, 1, 1)
    again.replica.restore([...ben.stored.values()], hall.loop.now)
    expect(again.texts).toEqual([])
  })
})

describe('what is kept', () => {
  it('[CH10] comes back after a reload, is not news, and reaches those who have not got it', () => {
    anna.say('kept')
    run()
    hall.leave(anna)
    hall.leave(ben)
    const again = new Page(hall, 1, 1)
    again.replica.restore([...ben.stored.values(), 'no entry', '{"hide":7}'], hall.loop.now)
    expect(again.replica.state).toMatchObject({ unread: 0, messages: [{ own: false, authorName: 'N0' }] })
    hall.join(again)
    hall.join(new Page(hall, 5, 0))
    run(10_000)
    expect(hall.page(5)!.texts).toEqual(['kept'])
  })

  it('[CH10] may begin late: all that is here is handed over, without what was taken back', () => {
    const id = anna.say('oh no')!
    anna.say('stays')
    run()
    anna.replica.deleteForAll(id, hall.loop.now)
    anna.pump()
    run()
    const kept = ben.replica.entries()
    expect(kept).toHaveLength(3)
    expect(JSON.stringify(kept)).not.toContain('oh no')
    const again = new Page(hall, 1, 1)
    again.replica.restore(
      kept.map(({ text }) => text),
      hall.loop.now,
    )
    expect(again.texts).toEqual(['stays'])
  })
})

describe('typing', () => {
  it('[CH11] ends with the message', () => {
    anna.replica.handleTyping(hall.loop.now)
    anna.pump()
    run(500)
    expect(ben.replica.state.typing).toHaveLength(1)
    anna.say('done')
    run(500)
    expect(ben.replica.state.typing).toEqual([])
  })

  it('[CH11] is shown for a while, and told only now and then', () => {
    const before = hall.carried
    anna.replica.handleTyping(hall.loop.now)
    anna.replica.handleTyping(hall.loop.now + 10)
    anna.pump()
    expect(hall.carried - before).toBe(2)
    run(500)
    expect(ben.replica.state.typing).toEqual([{ author: anna.author, name: 'N0' }])
    run(TYPING_SHOWN_MS)
    expect(ben.replica.state.typing).toEqual([])
  })
})

describe('what a peer may not do', () => {
  it('[CH2] speak in another’s name, or say in this room what was said in another', () => {
    const entry = entryBy(0, JSON.stringify({ type: 'text', text: 'hello' }))
    deliver(ben, { ...entry, author: authorOf(2) })
    deliver(ben, { ...entry, body: JSON.stringify({ type: 'text', text: 'altered' }) })
    deliver(ben, { ...entry, name: 'ANNA' })
    deliver(ben, entryBy(0, JSON.stringify({ type: 'text', text: 'hello' }), { room: 'XXXXX-XXXXX' }))
    expect(ben.replica.state.messages).toEqual([])
    expect(ben.replica.dropped.forged).toBe(4)
  })

  it('[CH2] say two things in one place: the first one stays', () => {
    deliver(ben, entryBy(0, JSON.stringify({ type: 'text', text: 'one' })))
    deliver(ben, entryBy(0, JSON.stringify({ type: 'text', text: 'two' })))
    expect(ben.texts).toEqual(['one'])
    expect(ben.replica.dropped.contradicting).toBe(1)
  })

  it('[CH4] pass on what is between two others', () => {
    const entry = entryBy(0, JSON.stringify({ type: 'text', text: 'x' }), { to: authorOf(1) })
    const cleo = hall.pages[2]!
    cleo.replica.handleText(anna.id, wrap([entry]), hall.loop.now)
    ben.replica.handleText(cleo.id, wrap([entry]), hall.loop.now)
    expect([cleo.texts, ben.texts]).toEqual([[], []])
    expect(cleo.replica.dropped.misplaced).toBe(1)
    expect(ben.replica.dropped.misplaced).toBe(1)
  })

  it('[CH8] flood: what is too much is dropped and counted, and the others are heard', () => {
    for (let i = 0; i < 10_000; i++) {
      const entry = entryBy(0, JSON.stringify({ type: 'text', text: `spam ${i}` }), { seq: i, time: i })
      ben.replica.handleText(anna.id, wrap([entry]), hall.loop.now)
    }
    expect(ben.replica.state.messages.length).toBeLessThanOrEqual(600)
    expect(ben.replica.dropped.flood).toBeGreaterThan(9000)
    hall.pages[2]!.say('I am still here')
    run(500)
    expect(ben.texts).toContain('I am still here')
  })

  it('[CH8] fill the memory with what waits for something that never comes', () => {
    for (let i = 1; i <= 500; i++) {
      ben.replica.handleText(
        anna.id,
        wrap([entryBy(0, JSON.stringify({ type: 'text', text: 'x' }), { seq: i, time: i })]),
        hall.loop.now,
      )
    }
    expect(ben.replica.state.messages).toEqual([])
    expect(ben.replica.dropped.flood).toBe(500 - 64)
  })

  it('[CH3] turn its own order round', () => {
    const time = hall.loop.now
    deliver(ben, entryBy(0, JSON.stringify({ type: 'text', text: 'one' }), { time }))
    deliver(ben, entryBy(0, JSON.stringify({ type: 'text', text: 'two' }), { seq: 1, time: time - 1 }))
    expect(ben.texts).toEqual(['one'])
  })

  it('[CH3] stand at the end of everything for ever by a clock that is wrong', () => {
    deliver(ben, entryBy(0, JSON.stringify({ type: 'text', text: 'from 2090' }), { time: 2 ** 42 }))
    run(20 * 60_000)
    hall.pages[2]!.say('later')
    run()
    expect(ben.texts).toEqual(['from 2090', 'later'])
  })

  it.each([
    ['no JSON', 'hello'],
    ['JSON of something else', '{"type":"group"}'],
    ['a number', '7'],
  ])('%s is none of the chat’s texts', (_, text) => {
    expect(ben.replica.handleText(anna.id, text, hall.loop.now)).toBe(false)
  })

  it.each([
    ['entries that are none', '{"chat":"entries","entries":[[1,2,3]]}'],
    ['marks that are none', '{"chat":"have","ask":true,"marks":[["x","y",-1]]}'],
    ['too many marks', JSON.stringify({ chat: 'have', ask: true, marks: new Array(61).fill(['a', 'b', 1]) })],
    ['an unknown kind', '{"chat":"other"}'],
  ])('[CH5] %s are dropped and counted', (_, text) => {
    expect(ben.replica.handleText(anna.id, text, hall.loop.now)).toBe(true)
    expect(ben.replica.dropped.unreadable).toBe(1)
  })
})

describe('memory', () => {
  it('[CH8] the oldest go; who comes later gets what is left, without waiting for ever', () => {
    newHall(2)
    const now = hall.loop.now
    const texts: string[] = []
    for (let seq = 0; seq < ENTRIES_MAX + 50; seq++) {
      texts.push(
        encodeEntry(entryBy(9, JSON.stringify({ type: 'text', text: `m${seq}` }), { seq, time: now + seq })),
      )
    }
    anna.replica.restore(texts, now)
    expect(anna.replica.state.messages).toHaveLength(ENTRIES_MAX)
    anna.pump()
    const late = new Page(hall, 3, 0)
    hall.join(late)
    run(40_000)
    expect(late.texts[0]).toBe('m50')
    expect(late.texts.length).toBeGreaterThan(200)
  })
})

describe('real keys', () => {
  it('[CH2] Ed25519 and SHA-256 carry a message, and refuse an altered one', () => {
    newHall(0)
    const crypto = (seed: number): { author: string; crypto: ChatCrypto } => {
      const secret = new Uint8Array(32).fill(seed)
      return {
        author: bytesToHex(ed25519.getPublicKey(secret)),
        crypto: {
          sign: (text) => Buffer.from(ed25519.sign(utf8ToBytes(text), secret)).toString('base64url'),
          verify: (author, text, signature) =>
            ed25519.verify(
              new Uint8Array(Buffer.from(signature, 'base64url')),
              utf8ToBytes(text),
              hexToBytes(author),
            ),
          hash: (text) => bytesToHex(sha256(utf8ToBytes(text))),
        },
      }
    }
    const [one, two] = [crypto(1), crypto(2)]
    const options = { room: ROOM, newStream: () => '0'.repeat(16), random: () => 0.5, name: () => 'ANNA' }
    const sender = new ChatReplica({ ...options, ...one })
    const receiver = new ChatReplica({ ...options, ...two })
    sender.handlePeerJoined('r', two.author, 'BEN', 0)
    receiver.handlePeerJoined('s', one.author, 'ANNA', 0)
    sender.send({ text: 'true' }, null, 1000)
    for (let out = sender.pollSend(); out; out = sender.pollSend()) {
      receiver.handleText('s', out.text.replace('true', 'fake'), 1000)
      receiver.handleText('s', out.text, 1000)
    }
    expect(receiver.state.messages).toMatchObject([{ body: { text: 'true' }, authorName: 'ANNA' }])
    expect(receiver.dropped.forged).toBe(1)
  })
})

/** What the page `index` could have written. */
function entryBy(
  index: number,
  body: string,
  { room = ROOM, seq = 0, time = 1, to = null as string | null } = {},
): Entry {
  const author = authorOf(index)
  const crypto = testCrypto(author)
  const unsigned = {
    ...{ author, stream: 'f'.repeat(16), seq, time, name: `N${index}`, to },
    digest: crypto.hash(body),
  }
  return { ...unsigned, signature: crypto.sign(signedText(room, unsigned)), body }
}

function wrap(entries: readonly Entry[]): string {
  expect(entries.map((entry) => parseEntry(JSON.parse(encodeEntry(entry))))).toEqual(entries)
  return `{"chat":"entries","entries":[${entries.map(encodeEntry).join(',')}]}`
}

/** From the first other page that is there. */
function deliver(page: Page, entry: Entry): void {
  const from = hall.pages.find((other) => other !== page)!
  page.replica.handleText(from.id, wrap([entry]), hall.loop.now)
}
