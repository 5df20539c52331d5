import { setTimeout as pause } from 'node:timers/promises'

import type { Browser, Page } from '@playwright/test'

import { DEADLINE_MS } from './contender'
import type { Carried, Contender, Picture } from './contender'
import { isDone } from './is-done'
import type { Browsers } from './site'

const JOIN_LIMIT_MS = 90_000
const LOOK_AGAIN_MS = 20
/** A connection that is not there by then never comes: at 20 % loss a handshake may give up. */
const OPEN_LIMIT_MS = 20_000
const OPEN_ATTEMPTS = 5

/** What pages/contenders.mjs offers in the page. */
interface InPage {
  readonly load: (name: string) => Promise<void>
  readonly openSockets: (name: string, count: number) => Promise<void>
  readonly sendOverSockets: () => number
  readonly expectOverSockets: (bytes: number) => void
  readonly offer: () => Promise<string>
  readonly answer: (offer: string) => Promise<string>
  readonly connect: (answer: string) => Promise<void>
  readonly channelIsThere: () => boolean
  readonly sendOverChannel: (messageBytes: number) => number
  readonly expectOverChannel: (bytes: number) => void
  readonly arrived: () => Promise<{ at: number; crc32: number }>
}

declare global {
  // A property of the page's global object.
  var contenders: InPage
}

interface Pair {
  readonly sender: Page
  readonly receiver: Page
}

/** How a rival opens its way, and sends over it. */
interface Way {
  readonly open: (pair: Pair) => Promise<void>
  /** When it was begun. */
  readonly send: (sender: Page) => Promise<number>
  readonly expect: (receiver: Page, bytes: number) => Promise<void>
}

/** So many WebSockets in parallel, through the server on the sender's host; `used`: the same ones for every picture. */
export function socketRival(browsers: Browsers, origin: string, count: number, used = false): Contender {
  let opened = 0
  const name = `${count}${used ? '-used' : ''}-${Date.now()}`
  return rival(
    browsers,
    origin,
    {
      open: async ({ sender, receiver }) => {
        if (used && opened > 0) return
        const argument = { name: `${name}-${opened++}`, count }
        await Promise.all(
          [sender, receiver].map((page) =>
            page.evaluate(({ name, count }) => globalThis.contenders.openSockets(name, count), argument),
          ),
        )
      },
      send: (sender) => sender.evaluate(() => globalThis.contenders.sendOverSockets()),
      expect: (receiver, bytes) =>
        receiver.evaluate((bytes) => globalThis.contenders.expectOverSockets(bytes), bytes),
    },
    used,
  )
}

/** One reliable, ordered data channel with messages of this size. */
export function channelRival(browsers: Browsers, origin: string, messageBytes: number): Contender {
  return rival(browsers, origin, {
    open: async ({ sender, receiver }) => {
      const offer = await sender.evaluate(() => globalThis.contenders.offer())
      const answer = await receiver.evaluate((offer) => globalThis.contenders.answer(offer), offer)
      await sender.evaluate((answer) => globalThis.contenders.connect(answer), answer)
      await receiver.waitForFunction(() => globalThis.contenders.channelIsThere(), null, {
        polling: LOOK_AGAIN_MS,
      })
    },
    send: (sender) => sender.evaluate((size) => globalThis.contenders.sendOverChannel(size), messageBytes),
    expect: (receiver, bytes) =>
      receiver.evaluate((bytes) => globalThis.contenders.expectOverChannel(bytes), bytes),
  })
}

function rival(browsers: Browsers, origin: string, way: Way, warmUp = false): Contender {
  let pair: Pair | null = null
  let warm = !warmUp

  const close = async (): Promise<void> => {
    if (pair) await Promise.all([pair.sender.close(), pair.receiver.close()])
    pair = null
    warm = !warmUp
  }

  const carry = async (picture: Picture, onSent: () => void): Promise<Carried> => {
    if (!pair) throw new Error('not prepared')
    const { sender, receiver } = pair
    const limit = new AbortController()
    const begunAt = await way.send(sender)
    onSent()
    const late = pause(DEADLINE_MS, null, { signal: limit.signal }).catch(() => null)
    const arrived = await Promise.race([receiver.evaluate(() => globalThis.contenders.arrived()), late])
    limit.abort()
    if (arrived === null) await close()
    const exact = arrived?.crc32 === picture.crc32
    return {
      outcome: arrived === null ? 'deadline' : exact ? 'exact' : 'failed',
      ms: arrived !== null && exact ? arrived.at - begunAt : null,
      report: null,
      shownMs: null,
      previewMs: null,
      lanes: null,
    }
  }

  /** With fresh pages where there are none, or where their way does not open. */
  const open = async (picture: Picture): Promise<Pair> => {
    for (let attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
      pair ??= await openPages(browsers, origin)
      await pair.sender.evaluate((name) => globalThis.contenders.load(name), picture.name)
      if (await isDone(way.open(pair), OPEN_LIMIT_MS)) return pair
      await close()
    }
    throw new Error(`no connection in ${OPEN_ATTEMPTS} attempts`)
  }

  return {
    prepare: async (picture, state) => {
      if (state !== 'open') await close()
      const { receiver } = await open(picture)
      await way.expect(receiver, picture.bytes)
      if (warm) return
      warm = true
      await carry(picture, () => undefined)
      await way.expect(receiver, picture.bytes)
    },
    carry,
    close,
  }
}

async function openPages({ a, b }: Browsers, origin: string): Promise<Pair> {
  const [sender, receiver] = await Promise.all([openBenchPage(a, origin), openBenchPage(b, origin)])
  return { sender, receiver }
}

async function openBenchPage(browser: Browser, origin: string): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(JOIN_LIMIT_MS)
  await page.goto(origin, { timeout: JOIN_LIMIT_MS })
  await page.waitForFunction(() => 'contenders' in globalThis, null, { polling: LOOK_AGAIN_MS })
  return page
}
