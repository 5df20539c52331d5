import { setTimeout as pause } from 'node:timers/promises'

import { formatLinkSpec } from '@/e2e/link/link-spec'
import type { LinkSpec } from '@/e2e/link/link-spec'

import { startOn } from './host-process'
import type { CellOptions } from './measure-cell'
import { writePicture } from './measure-cell'
import type { Environment } from './records'
import { carriedBetween, parseSamples, queueDelayP95 } from './samples'
import { allLanesOpen, closePair, openPair, pick } from './shoal-pages'
import { environmentOf, openSite, setCongestionControl } from './site'
import type { Site } from './site'

/** What a long picture in Assured shares the link with: nothing, or one TCP download by this algorithm. */
export type Beside = 'nothing' | 'bbr' | 'cubic'

/** One long picture. */
export interface LongRecord {
  readonly link: string
  readonly beside: Beside
  readonly round: number
  readonly atMs: number
  /** Seconds after the send that the bytes were counted from and to; shorter when the picture was whole before. */
  readonly fromS: number
  readonly toS: number
  /** On the link, headers included. */
  readonly shoalBytes: number
  readonly tcpBytes: number
  /** What the receiver's page said at the end (`data-state`). */
  readonly ended: string
  /** After the first second, of all packets to the receiver, by the link itself; null where it cannot tell. */
  readonly queueDelayP95Ms: number | null
  /** The same, of small probes that were sent beside it. */
  readonly probeDelayP95Ms: number | null
  readonly environment: Environment
}

const PROBE_PORT = 3003
const FROM_S = 2
const TO_S = 10
const SETTLED_AFTER_S = 1
/** The picture would fill the link for so long, alone. */
const PICTURE_S = TO_S + 1
/** What fills 20 Mbit/s for that long; a larger one takes seconds before its first packet. */
const PICTURE_BYTES_MAX = 28_000_000
const MS = 1000

/** Long pictures over one link, alone and beside TCP, in turn. */
export async function measureLong(
  spec: LinkSpec,
  runs: readonly { readonly beside: Beside; readonly round: number }[],
  { link, machine, onRun }: Omit<CellOptions, 'onRun'> & { readonly onRun: (run: LongRecord) => void },
): Promise<void> {
  if (runs.length === 0) return
  const site = await openSite(spec, link)
  try {
    const environment = await environmentOf(site, machine)
    for (const { beside, round } of runs) {
      if (beside !== 'nothing' && !(await setCongestionControl(site.link, beside))) {
        process.stderr.write(`this kernel has no ${beside}\n`)
        continue
      }
      const measured = await measureOne(site, spec, beside, round)
      onRun({ link: formatLinkSpec(spec), beside, round, ...measured, environment })
    }
  } finally {
    await site.close()
  }
}

async function measureOne(
  { link, browsers, shoal, bench, folder }: Site,
  spec: LinkSpec,
  beside: Beside,
  round: number,
): Promise<Omit<LongRecord, 'link' | 'beside' | 'round' | 'environment'>> {
  const bytes = Math.min(PICTURE_BYTES_MAX, Math.round(spec.mbit * 125_000 * PICTURE_S))
  const picture = await writePicture(folder, bytes, round)
  const sampler = await startOn(link.b, 'e2e/bench/link/sampler.ts', {
    args: [String(PROBE_PORT), ...(beside === 'nothing' ? [] : [`${bench}/endless`])],
    ready: 'ready',
  })
  const probe = await startOn(link.a, 'e2e/bench/link/sampler.ts', {
    args: ['--probe', link.b.address, String(PROBE_PORT)],
    ready: 'ready',
  })
  const pair = await openPair({
    forSender: browsers.a,
    forReceiver: browsers.b,
    origin: shoal,
    query: { mode: 'assured' },
  })
  try {
    await allLanesOpen(pair.sender)
    await pick(pair, picture)
    sampler.tell('go')
    await pair.sender.getByTestId('send').click()
    await pause(SETTLED_AFTER_S * MS)
    await link.mark()
    await Promise.race([
      pair.receiver.locator('[data-testid=report][data-report]').waitFor({ state: 'attached' }),
      pause((TO_S - SETTLED_AFTER_S) * MS),
    ])
    const counters = await link.mark()
    const endedAtMs = Date.now()
    const atMs = await pair.sender.evaluate(() => globalThis.linkBench.clicks.at(-1) ?? NaN)
    const toS = Math.min(TO_S, (endedAtMs - atMs) / MS)
    const ended = (await pair.receiver.getByTestId('status').getAttribute('data-state')) ?? ''
    const samples = parseSamples(sampler.output())
    const carried = carriedBetween(samples, atMs + FROM_S * MS, atMs + toS * MS)
    return {
      atMs,
      fromS: FROM_S,
      toS,
      ended,
      shoalBytes: carried?.shoalBytes ?? 0,
      tcpBytes: carried?.tcpBytes ?? 0,
      queueDelayP95Ms: counters?.aToB.queueDelayP95Ms ?? null,
      probeDelayP95Ms: queueDelayP95(samples, atMs + SETTLED_AFTER_S * MS, atMs + toS * MS),
    }
  } finally {
    await closePair(pair)
    await Promise.all([sampler.stop(), probe.stop()])
    await pause(MS)
  }
}
