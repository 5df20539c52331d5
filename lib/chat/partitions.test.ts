import { describe, expect, it } from 'vitest'

import { EventLoop } from '@/lib/sim/event-loop'
import { Random } from '@/lib/sim/random'

import { Hall, Page } from './testing/hall'

const CASES = 300
const STEPS = 25

/** Everything that went on in one room, as only the test sees it. */
function play(seed: number) {
  const random = new Random(seed)
  const hall = new Hall(new EventLoop(1_000_000 + random.below(1e6)), random.fork())
  const count = 3 + random.below(6)
  const loads = new Array<number>(count).fill(0)
  const publicTexts = new Map<string, { index: number; id: string }>()
  const privateTexts = new Map<string, { between: [number, number]; id: string }>()
  const deleted = new Set<string>()
  hall.loss = random.next() * 0.6
  for (let index = 0; index < count; index++) hall.join(new Page(hall, index, 0))

  for (let step = 0; step < STEPS; step++) {
    hall.loop.run({ untilMs: hall.loop.now + random.below(random.chance(0.1) ? 300_000 : 2000) })
    const index = random.below(count)
    const page = hall.page(index)
    const dice = random.next()
    if (!page) {
      // Away for a while, then loaded anew: with nothing of its own but what the others have.
      if (dice < 0.5) hall.join(new Page(hall, index, ++loads[index]!))
    } else if (dice < 0.5) {
      const text = `${index} says ${step}`
      const id = page.say(text)
      if (id) publicTexts.set(text, { index, id })
    } else if (dice < 0.62) {
      const other = random.below(count)
      const to = hall.page(other)
      if (!to || other === index) continue
      const text = `${index} whispers ${step}`
      const id = page.say(text, to.author)
      if (id) privateTexts.set(text, { between: [index, other], id })
    } else if (dice < 0.72) {
      const own = page.replica.state.messages.filter((message) => message.own && !message.deleted)
      const target = own[random.below(Math.max(1, own.length))]
      if (target && page.replica.deleteForAll(target.id, hall.loop.now)) deleted.add(target.id)
      page.pump()
    } else if (dice < 0.8) {
      const cut = random.below(count)
      hall.side = (i) => Number(i <= cut)
      hall.meet()
    } else if (dice < 0.9) {
      hall.side = () => 0
      hall.meet()
    } else if (hall.pages.length > 2 && everyoneElseHas(hall, page)) hall.leave(page)
  }
  hall.side = () => 0
  hall.loss = 0.2
  hall.meet()
  for (let index = 0; index < count; index++) {
    if (!hall.page(index)) hall.join(new Page(hall, index, ++loads[index]!))
  }
  hall.loop.run({ untilMs: hall.loop.now + 600_000, maxEvents: 400_000 })
  return { hall, publicTexts, privateTexts, deleted }
}

/** What only the page that goes has would be lost with it, and with good reason. */
function everyoneElseHas(hall: Hall, page: Page): boolean {
  const others = hall.pages.filter((other) => other !== page)
  return page.replica.state.messages.every(({ id }) =>
    others.every((other) => other.replica.state.messages.some((message) => message.id === id)),
  )
}

describe('a room whose ways come and go', () => {
  it(`[CH6] ends with the same messages for all: none lost, doubled or out of order, in ${CASES} cases`, () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const { hall, publicTexts, privateTexts, deleted } = play(seed)
      const told = `seed ${seed}`
      const expected = [...publicTexts].flatMap(([text, { id }]) => (deleted.has(id) ? [] : [text])).sort()
      for (const page of hall.pages) {
        const own = page.texts.filter((text) => text.includes('whispers'))
        const open = page.texts.filter((text) => text.includes('says'))
        expect(open.slice().sort(), `${told}, page ${page.id}`).toEqual(expected)
        // Of one author in the order in which it wrote: the number of the step grows.
        for (let index = 0; index < 9; index++) {
          const steps = open.flatMap((text) =>
            text.startsWith(`${index} `) ? [Number(text.split(' ')[2])] : [],
          )
          expect(steps, `${told}, page ${page.id}`).toEqual(steps.slice().sort((a, b) => a - b))
        }
        for (const text of own) {
          const { between, id } = privateTexts.get(text)!
          expect(between, told).toContain(page.index)
          expect(deleted.has(id), told).toBe(false)
        }
        expect(new Set(page.texts).size, told).toBe(page.texts.length)
        expect(page.replica.dropped, told).toEqual({
          ...{ unreadable: 0, forged: 0, contradicting: 0, misplaced: 0, flood: 0 },
        })
      }
    }
  }, 60_000)

  it('[CH6] sends who comes late little of it twice, however many could send it', () => {
    const hall = new Hall(new EventLoop(1_000_000), new Random(3))
    for (let index = 0; index < 8; index++) hall.join(new Page(hall, index, 0))
    for (let i = 0; i < 400; i++) {
      hall.pages[i % 8]!.say(`message ${i}`)
      hall.loop.run({ untilMs: hall.loop.now + 200 })
    }
    hall.loop.run({ untilMs: hall.loop.now + 60_000 })
    // What these wrote only the others can send now.
    for (const page of hall.pages.slice(0, 4)) hall.leave(page)
    const needed = hall.pages[0]!.replica.entries().reduce((sum, { text }) => sum + text.length, 0)
    const late = new Page(hall, 20, 0)
    const before = hall.chars
    hall.join(late)
    hall.loop.run({ untilMs: hall.loop.now + 120_000 })
    expect(late.texts).toHaveLength(400)
    expect(hall.chars - before).toBeLessThan(2 * needed)
  })

  it('[CH6] comes to rest: when all have all, nothing more is said', () => {
    const { hall } = play(5)
    hall.loss = 0
    hall.loop.run({ untilMs: hall.loop.now + 120_000 })
    const before = hall.carried
    hall.loop.run({ untilMs: hall.loop.now + 3_600_000 })
    expect(hall.carried).toBe(before)
  })
})
