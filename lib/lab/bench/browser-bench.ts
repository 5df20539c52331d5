import { ShoalError } from '@/lib/protocol/errors'
import { createDigestService } from '@/lib/transfer/digest'
import { createErasureCode } from '@/lib/transfer/erasure-code'
import { createWorkerClock } from '@/lib/transfer/worker-clock'

import type { Contender, Experiment, PlannedRun } from '../experiment'
import type { LabClient, LabPath } from '../lab-client'
import type { LabPathCounters } from '../messages'
import { emulatedNetwork } from '../networks'
import type { QualityMeter } from '../quality/quality-meter'
import { qualityArea } from '../results'
import type { QualitySample, RunResult } from '../results'
import type { RunTrace } from '../traces'
import type { MeasuredPicture, Pair, PairOptions } from './carriage'
import { ChannelPair } from './channel-pair'
import { Screen } from './screen'
import { ShoalPair } from './shoal-pair'
import type { ShoalServices } from './shoal-pair'
import { VideoPair } from './video-pair'
import { CHANNEL_WAYS, SHOAL_MODES } from './ways'

/** As the simulator's bench: what a warm connection has carried before. */
const WARMING_BYTES = 300_000
/** SSIM from which a picture passes for the whole one at a glance. */
const GOOD_SSIM = 0.9
interface Connected {
  readonly path: LabPath
  readonly pair: Pair
  /** Of its network. */
  readonly label: string
}

export interface BrowserBenchOptions {
  readonly lab: LabClient
  readonly experiment: Experiment
  /** By name. */
  readonly pictures: ReadonlyMap<string, MeasuredPicture>
  /** Quality of what was shown, off this thread. */
  readonly meter: Pick<QualityMeter, 'setOriginal' | 'measure'>
  /** Where the receiving end draws. */
  readonly canvas: HTMLCanvasElement
  readonly onTrace: (trace: RunTrace) => void
}

/** Makes the runs of an experiment in this page, which is both ends, over paths of our server's emulator. */
export class BrowserBench {
  readonly #options: BrowserBenchOptions
  readonly #clock = createWorkerClock()
  readonly #services: ShoalServices = { digest: createDigestService(), code: createErasureCode() }

  readonly #open = new Map<Contender, Connected>()

  constructor(options: BrowserBenchOptions) {
    this.#options = options
  }

  /** For `makeRuns`: null for what a page cannot measure, and for a picture that is not here. */
  readonly run = async (plan: PlannedRun, signal: AbortSignal): Promise<RunResult | null> => {
    const { experiment, pictures } = this.#options
    const picture = pictures.get(plan.picture.name)
    if (plan.contender === 'ws' || picture?.bytes.length !== plan.picture.bytes) return null
    const screen = new Screen(this.#options.canvas, picture, () => this.#clock.now())
    const tasks = new LongTasks()
    try {
      const { path, pair } = await this.#connected(signal, plan, picture)
      const before = await path.counters()
      tasks.start()
      const carried = await pair.carry(signal, picture, screen, experiment.deadlineMs)
      const longTasks = tasks.stop()
      const after = await path.counters()
      if (experiment.start === 'cold') await this.#disconnect(plan.contender)
      const { trace, firstPacketMs, exactMs, ...measured } = carried
      const moments = await screen.moments()
      this.#options.onTrace({ key: plan.key, frames: await screen.frames(), packets: trace })
      const samples = await this.#samples(picture, screen, experiment.deadlineMs)
      return {
        key: plan.key,
        contender: plan.contender,
        network: { label: plan.network.label, settings: { ...plan.network.settings } },
        picture: { ...plan.picture },
        repetition: plan.repetition,
        seed: plan.seed,
        ...measured,
        times: {
          firstPacket: firstPacketMs,
          firstPreview: moments.find(({ isPreview }) => isPreview)?.ms ?? null,
          ssim90: samples.find(({ ssim }) => ssim >= GOOD_SSIM)?.ms ?? null,
          exact: exactMs,
        },
        samples,
        area: qualityArea(samples, experiment.deadlineMs),
        longTasks,
        link: {
          forth: between(before.aToB, after.aToB),
          back: between(before.bToA, after.bToA),
        },
      }
    } catch (error) {
      await this.#disconnect(plan.contender)
      throw error
    } finally {
      tasks.stop()
      screen.close()
    }
  }

  /** All connections and paths end. */
  close(): void {
    for (const contender of this.#open.keys()) void this.#disconnect(contender)
    this.#services.digest.close()
    this.#services.code.close()
    this.#clock.close()
  }

  /** What a contender has open: kept for its next run on this network where connections are to be warm. */
  async #connected(signal: AbortSignal, plan: PlannedRun, picture: MeasuredPicture): Promise<Connected> {
    const { lab, experiment } = this.#options
    const { contender, network } = plan
    for (const [other, { label }] of this.#open) if (label !== network.label) await this.#disconnect(other)
    const direction = emulatedNetwork(network.settings)
    const both = { aToB: direction, bToA: direction }
    // Seeds of the emulator are signed.
    const seed = plan.seed | 0
    const known = this.#open.get(contender)
    if (known) {
      try {
        await known.pair.ready(signal)
        await known.path.change(both, seed)
        return known
      } catch {
        signal.throwIfAborted()
        // Lost meanwhile, or an hour old: a new one takes its place.
        await this.#disconnect(contender)
      }
    }
    const path = await lab.createPath(both, seed)
    const pair = this.#pair({ clock: this.#clock, ends: path, contender }, picture)
    const connected = { path, pair, label: network.label }
    this.#open.set(contender, connected)
    await pair.ready(signal)
    if (experiment.start === 'warm') {
      await pair.warm(signal, WARMING_BYTES, experiment.deadlineMs)
      await pair.ready(signal)
    }
    await path.change(both, seed)
    return connected
  }

  async #disconnect(contender: Contender): Promise<void> {
    const connected = this.#open.get(contender)
    this.#open.delete(contender)
    connected?.pair.close()
    // A lab that is gone has no path either.
    await connected?.path.close().catch(() => undefined)
  }

  #pair(options: PairOptions, picture: MeasuredPicture): Pair {
    const mode = SHOAL_MODES[options.contender]
    if (mode) return new ShoalPair(options, mode, this.#services)
    const way = CHANNEL_WAYS[options.contender]
    if (way) return new ChannelPair(options, way)
    if (options.contender === 'rtp') return new VideoPair(options, picture)
    throw new ShoalError('SHOAL_INTERNAL')
  }

  /** In the order shown; a moment after the deadline is none. */
  async #samples(picture: MeasuredPicture, screen: Screen, deadlineMs: number): Promise<QualitySample[]> {
    const { meter } = this.#options
    meter.setOriginal(await screen.original(picture.file))
    // Until something comes there is a plain page.
    const samples: QualitySample[] = [{ ms: 0, ...(await meter.measure(null)) }]
    for (const { ms, picture: shown } of await screen.moments()) {
      if (ms <= deadlineMs) samples.push({ ms, ...(await meter.measure(shown)) })
    }
    return samples
  }
}

type Direction = LabPathCounters['aToB']

/** What one direction of the link did between two readings. */
function between(before: Direction, after: Direction) {
  const lost = ({ lostByChance, lostInBursts, droppedByQueue, overflowed }: Direction) =>
    lostByChance + lostInBursts + droppedByQueue + overflowed
  return {
    sent: after.packetsIn - before.packetsIn,
    arrived: after.packetsOut - before.packetsOut,
    lost: lost(after) - lost(before),
  }
}

/** Tasks of 50 ms and more on this page's thread, which both ends share; null where a browser does not tell. */
class LongTasks {
  #observer: PerformanceObserver | null = null
  #count = 0
  #totalMs = 0

  start(): void {
    if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()))
    this.#observer.observe({ entryTypes: ['longtask'] })
  }

  stop(): RunResult['longTasks'] {
    if (!this.#observer) return null
    this.#take(this.#observer.takeRecords())
    this.#observer.disconnect()
    this.#observer = null
    return { count: this.#count, totalMs: this.#totalMs }
  }

  #take(entries: PerformanceEntryList): void {
    this.#count += entries.length
    for (const { duration } of entries) this.#totalMs += duration
  }
}
