import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { crc32 } from 'node:zlib'

import type { Link, LinkCounters, LinkOptions } from '@/e2e/link/link'
import { pictureOf } from '@/e2e/photos/photo-like'

import { formatCell } from './cells'
import type { Cell } from './cells'
import type { Carried, Contender, ContenderName, Picture } from './contender'
import type { PlannedRun } from './plan'
import type { Environment, RunRecord } from './records'
import { channelRival, socketRival } from './rivals'
import { shoalContender } from './shoal-pages'
import { environmentOf, openSite } from './site'
import type { Site } from './site'

/** What is still under way when a run has ended is gone by then. */
const QUIET_MIN_MS = 300
const QUIET_ONE_WAYS = 6
/** The queue is looked at apart once a transfer has run for so long. */
const SETTLED_AFTER_MS = 1000
/** Pictures that no round has: nobody has a packet of the picture that is measured before it is sent. */
const LEARNING_SEED = 1_000_000

export interface CellOptions {
  readonly link: LinkOptions
  readonly machine: Omit<Environment, 'browser' | 'linkTool' | 'tcp'>
  readonly onRun: (run: RunRecord) => void
}

/** All planned runs of one cell, over one link and with one pair of browsers. */
export async function measureCell(
  cell: Cell,
  runs: readonly PlannedRun[],
  { link, machine, onRun }: CellOptions,
): Promise<void> {
  if (runs.length === 0) return
  const site = await openSite(cell.link, link)
  try {
    const runner = new CellRunner(cell, site, await environmentOf(site, machine))
    for (const planned of runs) onRun(await runner.run(planned))
  } finally {
    await site.close()
  }
}

/** Playwright appends what the browser logged. */
export function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? ''
}

/** Writes a picture where the bench server and the browsers find it. */
export async function writePicture(folder: string, bytes: number, seed: number): Promise<Picture> {
  const data = await pictureOf(bytes, seed)
  const name = `picture-${seed}.jpg`
  const path = join(folder, name)
  writeFileSync(path, data)
  return { path, name, bytes: data.length, crc32: crc32(data) }
}

class CellRunner {
  readonly #cell: Cell
  readonly #site: Site
  readonly #environment: Environment
  /** By name and state: pages that have sent before stay, all others are fresh each time. */
  readonly #contenders = new Map<string, Contender>()
  #lessons = 0
  #picture: { readonly round: number; readonly written: Promise<Picture> } | null = null

  constructor(cell: Cell, site: Site, environment: Environment) {
    this.#cell = cell
    this.#site = site
    this.#environment = environment
  }

  async run({ contender: name, state, round }: PlannedRun): Promise<RunRecord> {
    const key = `${name}/${state}`
    const learnFrom = (): Promise<Picture> =>
      writePicture(this.#site.folder, this.#cell.bytes, LEARNING_SEED + this.#lessons++)
    const contender = this.#contenders.get(key) ?? open(name, this.#site, learnFrom)
    this.#contenders.set(key, contender)
    const picture = await this.#pictureFor(round)
    const atMs = Date.now()
    let counters: CountersOfRun = { firstSecond: null, afterwards: null }
    let carried: Carried
    try {
      await contender.prepare(picture, state)
      // A cold run is one that does not wait.
      if (state !== 'cold') await this.#untilQuiet()
      const watch = new CounterWatch(this.#site.link)
      await watch.begin()
      carried = await contender.carry(picture, () => watch.sent())
      counters = await watch.end()
    } catch (error) {
      const { browsers, closing } = this.#site
      // The bench is being ended, or a browser has: no contender's fault.
      if (closing.aborted || !browsers.a.isConnected() || !browsers.b.isConnected()) throw error
      process.stderr.write(`${name}, ${state}: ${firstLineOf(error)}\n`)
      await contender.close()
      carried = { outcome: 'failed', ms: null, report: null, shownMs: null, previewMs: null, lanes: null }
    }
    if (state !== 'open') await contender.close()
    await this.#untilQuiet()
    return {
      cell: formatCell(this.#cell),
      contender: name,
      state,
      round,
      atMs,
      ...carried,
      ...counters,
      loadAverage: loadavg()[0] ?? 0,
      environment: this.#environment,
    }
  }

  /** All runs of a round carry one picture. */
  #pictureFor(round: number): Promise<Picture> {
    if (this.#picture?.round !== round) {
      this.#picture = { round, written: writePicture(this.#site.folder, this.#cell.bytes, round) }
    }
    return this.#picture.written
  }

  #untilQuiet(): Promise<void> {
    return pause(Math.max(QUIET_MIN_MS, QUIET_ONE_WAYS * this.#cell.link.oneWayMs))
  }
}

function open(
  name: ContenderName,
  { browsers, shoal, bench }: Site,
  learnFrom: () => Promise<Picture>,
): Contender {
  switch (name) {
    case 'assured':
      return shoalContender(browsers, shoal, { query: { mode: name }, learnFrom })
    case 'assured-1':
      return shoalContender(browsers, shoal, { query: { mode: 'assured', lanes: '1' }, learnFrom })
    case 'classic':
    case 'repair':
      return shoalContender(browsers, shoal, { query: { mode: name }, learnFrom: null })
    case 'reliable-1k':
      return channelRival(browsers, bench, 1024)
    case 'reliable-64k':
      return channelRival(browsers, bench, 64 * 1024)
    case 'ws-1':
      return socketRival(browsers, bench, 1)
    case 'ws-4':
      return socketRival(browsers, bench, 4)
    case 'ws-1-used':
      return socketRival(browsers, bench, 1, true)
  }
}

type CountersOfRun = Pick<RunRecord, 'firstSecond' | 'afterwards'>

/** Reads the link's counters where a run begins, after its first second, and where it ends. */
class CounterWatch {
  readonly #link: Link
  #timer: NodeJS.Timeout | null = null
  #firstSecond: Promise<LinkCounters | null> | null = null

  constructor(link: Link) {
    this.#link = link
  }

  async begin(): Promise<void> {
    await this.#link.mark()
  }

  sent(): void {
    this.#timer = setTimeout(() => {
      this.#firstSecond = this.#link.mark()
    }, SETTLED_AFTER_MS)
  }

  async end(): Promise<CountersOfRun> {
    if (this.#timer) clearTimeout(this.#timer)
    const last = await this.#link.mark()
    if (!this.#firstSecond) return { firstSecond: last, afterwards: null }
    return { firstSecond: await this.#firstSecond, afterwards: last }
  }
}
