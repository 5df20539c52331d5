import { errors } from '@playwright/test'

import { formatLinkSpec } from '@/e2e/link/link-spec'
import type { LinkSpec } from '@/e2e/link/link-spec'

import type { CellOptions } from './measure-cell'
import type { Environment } from './records'
import { closePair, openPair } from './shoal-pages'
import type { Pair, PairOptions } from './shoal-pages'
import { environmentOf, openSite } from './site'

/** Where the second page, the sender's, is: on the server's host, or across the link from it. */
export type Place = 'near' | 'far'

/** How long the second page took until it could send. */
export interface ReadyRecord {
  readonly link: string
  readonly place: Place
  readonly round: number
  readonly atMs: number
  /** From the navigation until the page's scripts had come; null when one of the two pages never joined. */
  readonly loadMs: number | null
  /** From there until the receiver could be sent to; null when that never came. */
  readonly readyMs: number | null
  readonly environment: Environment
}

/** Joins over one link, each in fresh pages with nothing cached. */
export async function measureReady(
  spec: LinkSpec,
  runs: readonly { readonly place: Place; readonly round: number }[],
  { link, machine, onRun }: Omit<CellOptions, 'onRun'> & { readonly onRun: (run: ReadyRecord) => void },
): Promise<void> {
  if (runs.length === 0) return
  const site = await openSite(spec, link)
  try {
    const environment = await environmentOf(site, machine)
    const { a, b } = site.browsers
    for (const { place, round } of runs) {
      const atMs = Date.now()
      const [forSender, forReceiver] = place === 'near' ? [a, b] : [b, a]
      const times = await joinOnce({ forSender, forReceiver, origin: site.shoal, query: { mode: 'assured' } })
      onRun({ link: formatLinkSpec(spec), place, round, atMs, ...times, environment })
    }
  } finally {
    await site.close()
  }
}

type Times = Pick<ReadyRecord, 'loadMs' | 'readyMs'>

async function joinOnce(options: PairOptions): Promise<Times> {
  try {
    const pair = await openPair(options)
    const times = await timesOf(pair)
    await closePair(pair)
    return times
  } catch (error) {
    // Across a bad link a page may not load at all: that is a result, too.
    if (error instanceof errors.TimeoutError) return { loadMs: null, readyMs: null }
    throw error
  }
}

/** The scripts have come when the last one has that was asked for before the page opened its socket. */
async function timesOf({ sender }: Pair): Promise<Times> {
  return sender.evaluate(() => {
    const { socketAt, peerAt } = globalThis.linkBench
    const before = (socketAt ?? Infinity) - performance.timeOrigin
    const ends = (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter((entry) => entry.name.includes('.js') && entry.responseEnd <= before)
      .map((entry) => entry.responseEnd)
    const loadMs = Math.max(0, ...ends)
    return { loadMs, readyMs: peerAt === null ? null : peerAt - performance.timeOrigin - loadMs }
  })
}
