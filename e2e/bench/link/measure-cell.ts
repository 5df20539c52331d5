import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { crc32 } from 'node:zlib'

import type { Browser } from '@playwright/test'

import { openLink } from '@/e2e/link/link'
import type { Link, LinkCounters, LinkOptions } from '@/e2e/link/link'

import { openChromium } from './browsers'
import { formatCell } from './cells'
import type { Cell } from './cells'
import type { Carried, Contender, ContenderName, Picture } from './contender'
import { startOn } from './host-process'
import type { PlannedRun } from './plan'
import { pictureOf } from './picture'
import type { Environment, RunRecord } from './records'
import { channelRival, socketRival } from './rivals'
import { shoalContender } from './shoal-pages'

const SHOAL_PORT = 3000
const BENCH_PORT = 3001
/** What is still under way when a run has ended is gone by then. */
const QUIET_MIN_MS = 300
const QUIET_ONE_WAYS = 6
/** The queue is looked at apart once a transfer has run for so long. */
const SETTLED_AFTER_MS = 1000

export interface CellOptions {
  readonly link: LinkOptions
  readonly environment: Omit<Environment, 'browser' | 'linkTool'>
  readonly onRun: (run: RunRecord) => void
}

/** One link, one Chromium on each host, Shoal and the bench's server on the sender's; then run after run. */
export async function measureCell(
  cell: Cell,
  runs: readonly PlannedRun[],
  options: CellOptions,
): Promise<void> {
  if (runs.length === 0) return
  const folder = mkdtempSync(join(tmpdir(), 'shoal-pictures-'))
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const link = await openLink(cell.link, options.link)
    closing.push(link.close)
    const [shoal, server] = await Promise.all([
      startOn(link.a, 'server/main.ts', {
        ready: 'Shoal is running',
        env: {
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          PORT: String(SHOAL_PORT),
          SHOAL_DATA_DIR: join(folder, 'data'),
          SHOAL_JOINS_PER_MINUTE: '10000',
        },
      }),
      startOn(link.a, 'e2e/bench/link/bench-server.ts', {
        args: [String(BENCH_PORT), folder],
        ready: 'ready',
      }),
    ])
    closing.push(shoal.stop, server.stop)
    const [a, b] = await Promise.all([openChromium(link.a), openChromium(link.b)])
    closing.push(
      () => a.close(),
      () => b.close(),
    )
    await new CellRunner(cell, link, { a, b }, folder, options).run(runs)
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

class CellRunner {
  readonly #cell: Cell
  readonly #link: Link
  readonly #browsers: { readonly a: Browser; readonly b: Browser }
  readonly #folder: string
  readonly #options: CellOptions
  readonly #contenders = new Map<ContenderName, Contender>()
  #picture: Picture & { readonly seed: number } = { seed: -1, path: '', name: '', bytes: 0, crc32: 0 }

  constructor(
    cell: Cell,
    link: Link,
    browsers: { readonly a: Browser; readonly b: Browser },
    folder: string,
    options: CellOptions,
  ) {
    this.#cell = cell
    this.#link = link
    this.#browsers = browsers
    this.#folder = folder
    this.#options = options
  }

  async run(runs: readonly PlannedRun[]): Promise<void> {
    for (const planned of runs) {
      const made = await this.#runOne(planned)
      this.#options.onRun(made)
    }
  }

  async #runOne({ contender: name, state, round }: PlannedRun): Promise<RunRecord> {
    const contender = this.#contenders.get(name) ?? this.#open(name)
    this.#contenders.set(name, contender)
    const picture = await this.#pictureFor(round)
    const atMs = Date.now()
    const base = { cell: formatCell(this.#cell), contender: name, state, round, atMs, picture: round }
    let counters: CountersOfRun = { firstSecond: null, afterwards: null }
    let carried: Carried
    try {
      await contender.prepare(picture, state)
      await this.#untilQuiet()
      const watch = new CounterWatch(this.#link)
      await watch.begin()
      carried = await contender.carry(picture, () => watch.sent())
      counters = await watch.end()
    } catch (error) {
      process.stderr.write(`${name}, ${state}: ${error instanceof Error ? error.message : String(error)}\n`)
      await contender.close()
      carried = { outcome: 'failed', ms: null, report: null, shownMs: null, previewMs: null, lanes: null }
    }
    await this.#untilQuiet()
    return {
      ...base,
      ...carried,
      ...counters,
      loadAverage: loadavg()[0] ?? 0,
      environment: {
        ...this.#options.environment,
        browser: `Chromium ${this.#browsers.a.version()}`,
        linkTool: this.#link.tool,
      },
    }
  }

  #open(name: ContenderName): Contender {
    const shoal = `http://${this.#link.a.address}:${SHOAL_PORT}`
    const bench = `http://${this.#link.a.address}:${BENCH_PORT}`
    const browsers = this.#browsers
    switch (name) {
      case 'assured':
      case 'classic':
      case 'repair':
        return shoalContender(browsers, shoal, { mode: name })
      case 'assured-1':
        return shoalContender(browsers, shoal, { mode: 'assured', lanes: '1' })
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

  /** All runs of a round carry one picture. */
  async #pictureFor(seed: number): Promise<Picture> {
    if (this.#picture.seed !== seed) {
      const bytes = await pictureOf(this.#cell.bytes, seed)
      const name = `picture-${seed}.jpg`
      const path = join(this.#folder, name)
      writeFileSync(path, bytes)
      this.#picture = { seed, path, name, bytes: bytes.length, crc32: crc32(bytes) }
    }
    return this.#picture
  }

  #untilQuiet(): Promise<void> {
    return pause(Math.max(QUIET_MIN_MS, QUIET_ONE_WAYS * this.#cell.link.oneWayMs))
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
