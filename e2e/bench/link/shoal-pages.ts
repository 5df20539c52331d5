import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { errors } from '@playwright/test'
import type { Browser, BrowserContext, Page } from '@playwright/test'

import { DEADLINE_MS } from './contender'
import type { Carried, Contender, Picture, RunState } from './contender'
import { isDone } from './is-done'
import type { Browsers } from './site'

const WATCH = join(import.meta.dirname, 'pages/watch.mjs')
const JOIN_LIMIT_MS = 90_000
const LANES_LIMIT_MS = 20_000
/** Nothing on a page has changed for so long: it is at rest. */
const QUIET_MS = 400
/** No lane has opened for so long: all that will have. */
const LANES_QUIET_MS = 2000
const LOOK_AGAIN_MS = 100

/** What pages/watch.mjs keeps in the page. */
interface Watch {
  readonly clicks: readonly number[]
  readonly reports: readonly { readonly at: number; readonly report: string }[]
  readonly previews: readonly number[]
  readonly peerAt: number | null
  readonly socketAt: number | null
  readonly changedAt: number
  readonly connections: readonly RTCPeerConnection[]
  readonly haveReports: (count: number) => Promise<void>
  readonly havePeer: () => Promise<void>
}

declare global {
  // A property of the page's global object.
  var linkBench: Watch
}

/** Of the sender's address, beside the room. */
type Query = Readonly<Record<string, string>>

export interface Pair {
  readonly contexts: readonly BrowserContext[]
  readonly sender: Page
  readonly receiver: Page
}

/** Where each page is to be opened, and what the sender's address says beside the room. */
export interface PairOptions {
  readonly forSender: Browser
  readonly forReceiver: Browser
  readonly origin: string
  readonly query: Query
  /** Picked while the sender's page still joins. */
  readonly picture?: Picture | undefined
}

/**
 * Opens `/receive` and then `/send`, by their documented addresses, and waits until they are joined. Rejects with a
 * TimeoutError when one of its steps takes longer than JOIN_LIMIT_MS.
 */
export async function openPair(options: PairOptions): Promise<Pair> {
  const contexts = await Promise.all([options.forSender.newContext(), options.forReceiver.newContext()])
  try {
    return await joinRoom(contexts, options)
  } catch (error) {
    await Promise.all(contexts.map((context) => context.close()))
    throw error
  }
}

async function joinRoom(
  contexts: readonly [BrowserContext, BrowserContext],
  { origin, query, picture }: PairOptions,
): Promise<Pair> {
  const [senders, receivers] = contexts
  for (const context of contexts) {
    context.setDefaultTimeout(JOIN_LIMIT_MS)
    context.setDefaultNavigationTimeout(JOIN_LIMIT_MS)
    await context.addInitScript({ path: WATCH })
  }
  const receiver = await receivers.newPage()
  await receiver.goto(`${origin}/receive?name=ANNA`)
  await receiver.locator('[data-testid=status][data-state=ready]').waitFor({ state: 'attached' })
  const room = (await receiver.getByTestId('room-code').textContent()) ?? ''
  const link = await receiver.getByTestId('room-link').getAttribute('href')
  // What only the invitation carries stands behind the #.
  const secret = link === null ? '' : new URL(link, origin).hash
  const sender = await senders.newPage()
  const search = new URLSearchParams({ room, name: 'BEN', compress: 'off', ...query }).toString()
  await sender.goto(`${origin}/send?${search}${secret}`)
  if (picture) await sender.getByTestId('pick-image').setInputFiles(picture.path)
  const come = sender.evaluate(() => globalThis.linkBench.havePeer())
  if (!(await isDone(come, JOIN_LIMIT_MS))) throw new errors.TimeoutError('the receiver did not come')
  return { contexts, sender, receiver }
}

/**
 * One of Shoal's own modes, driven as a person would. With `learnFrom`, pages that have not carried anything yet send
 * that picture first, uncounted: what it tells them about the path is known from then on.
 */
export function shoalContender(
  { a, b }: Browsers,
  origin: string,
  { query, learnFrom }: { readonly query: Query; readonly learnFrom: (() => Promise<Picture>) | null },
): Contender {
  let pair: Pair | null = null

  const close = async (): Promise<void> => {
    await closePair(pair)
    pair = null
  }

  const openFor = (picture?: Picture): Promise<Pair> =>
    openPair({ forSender: a, forReceiver: b, origin, query, picture })

  const openAndLearn = async (picture: Picture): Promise<Pair> => {
    const opened = await openFor()
    await allLanesOpen(opened.sender)
    await pick(opened, picture)
    const { outcome } = await press(opened, () => undefined)
    if (outcome === 'exact' || outcome === 'incomplete') return opened
    // What still runs would disturb the next one: fresh pages then, that know nothing.
    await closePair(opened)
    return openFor()
  }

  const prepare = async (picture: Picture, state: RunState): Promise<void> => {
    if (state !== 'open') await close()
    if (state === 'cold') {
      pair = await openFor(picture)
      return
    }
    pair ??= await (state === 'open' && learnFrom ? openAndLearn(await learnFrom()) : openFor())
    await allLanesOpen(pair.sender)
    await pick(pair, picture)
  }

  const carry = async (_picture: Picture, onSent: () => void): Promise<Carried> => {
    if (!pair) throw new Error('not prepared')
    const carried = await press(pair, onSent)
    // Whatever still runs must not disturb the next one.
    if (carried.outcome === 'deadline' || carried.outcome === 'failed') await close()
    return carried
  }

  return { prepare, carry, close }
}

export async function closePair(pair: Pair | null): Promise<void> {
  await Promise.all((pair?.contexts ?? []).map((context) => context.close()))
}

/** Picks a file on the sender's page and waits until the page has looked at it. */
export async function pick({ sender }: Pair, picture: Picture): Promise<void> {
  await sender.getByTestId('pick-image').setInputFiles(picture.path)
  await sender.locator('[data-testid=send]:enabled').waitFor()
  await until(sender, pageIsAtRest, JOIN_LIMIT_MS)
}

async function press({ sender, receiver }: Pair, onSent: () => void): Promise<Carried> {
  const before = await receiver.evaluate(() => ({
    reports: globalThis.linkBench.reports.length,
    previews: globalThis.linkBench.previews.length,
  }))
  const lanes = await lanesOf(sender)
  await sender.getByTestId('send').click()
  onSent()
  const ended = await isDone(
    receiver.evaluate((count) => globalThis.linkBench.haveReports(count), before.reports + 1),
    DEADLINE_MS,
  )
  const clickedAt = await sender.evaluate(() => globalThis.linkBench.clicks.at(-1) ?? NaN)
  const seen = await receiver.evaluate(({ reports, previews }) => {
    const report = globalThis.linkBench.reports[reports]
    return { report, preview: globalThis.linkBench.previews[previews] }
  }, before)
  const previewMs = seen.preview === undefined ? null : seen.preview - clickedAt
  if (!ended || !seen.report)
    return { outcome: 'deadline', ms: null, report: null, shownMs: null, previewMs, lanes }
  const report = JSON.parse(seen.report.report) as {
    exact: boolean
    startedAtMs: number
    completedAtMs: number
  }
  return {
    outcome: report.exact ? 'exact' : 'incomplete',
    ms: report.exact ? report.completedAtMs - report.startedAtMs : null,
    report: { ...report },
    shownMs: seen.report.at - clickedAt,
    previewMs,
    lanes,
  }
}

/** By the page's own word where it says so, else when no connection has been made for a while. */
export async function allLanesOpen(sender: Page): Promise<void> {
  const limit = Date.now() + LANES_LIMIT_MS
  let last = -1
  let steadySince = Date.now()
  while (Date.now() < limit) {
    const { open, wanted } = await lanesOf(sender)
    if (wanted !== null && open >= wanted) return
    if (open !== last) steadySince = Date.now()
    else if (wanted === null && Date.now() - steadySince > LANES_QUIET_MS) return
    last = open
    await pause(LOOK_AGAIN_MS)
  }
}

async function lanesOf(sender: Page): Promise<{ open: number; wanted: number | null }> {
  return sender.evaluate(() => {
    const element = document.querySelector('[data-testid=lanes][data-open]')
    if (element)
      return {
        open: Number(element.getAttribute('data-open')),
        wanted: Number(element.getAttribute('data-target')),
      }
    const open = globalThis.linkBench.connections.filter((each) => each.connectionState === 'connected')
    return { open: open.length, wanted: null }
  })
}

/** Looks now and then, cheaply, from inside the page; false when the time is over. */
async function until(page: Page, condition: (quietMs: number) => boolean, limitMs: number): Promise<boolean> {
  try {
    await page.waitForFunction(condition, QUIET_MS, { timeout: limitMs, polling: LOOK_AGAIN_MS })
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false
    throw error
  }
}

const pageIsAtRest = (quietMs: number): boolean =>
  performance.timeOrigin + performance.now() - globalThis.linkBench.changedAt > quietMs
