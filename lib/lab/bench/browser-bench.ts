import { ShoalError } from '@/lib/protocol/errors'
import { createWorkerClock } from '@/lib/transfer/worker-clock'

import type { Contender, Experiment, PlannedRun } from '../experiment'
import type { LabClient, LabPath } from '../lab-client'
import type { LabNetwork, LabPathCounters } from '../messages'
import { emulatedNetwork } from '../networks'
import { qualityArea } from '../results'
import type { RunResult } from '../results'
import type { RunTrace } from '../traces'
import type { EndOptions, MeasuredPicture, SendingEnd } from './carriage'
import { ChannelSendingEnd } from './channel-sending-end'
import { measureClock } from './clock-offset'
import type { RoundTrip } from './clock-offset'
import { Pair } from './pair'
import type { Receiver } from './receiver'
import { startShoalServices } from './shoal-end'
import { ShoalSendingEnd } from './shoal-sending-end'
import { VideoSendingEnd } from './video-sending-end'
import { waitFor } from './waiting'
import { CHANNEL_WAYS, SHOAL_MODES } from './ways'

/** As the simulator's bench: what a warm connection has carried before. */
const WARMING_BYTES = 300_000
/** SSIM from which a picture passes for the whole one at a glance. */
const GOOD_SSIM = 0.9
/** The other page answers at once, unless it hangs. */
const ROUND_TRIP_MAX_MS = 5000

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
  /** Where the pictures go: in this page or on another device. */
  readonly receiver: Receiver
  readonly onTrace: (trace: RunTrace) => void
}

/** Makes the runs of an experiment from this page over paths of our server's emulator. */
export class BrowserBench {
  readonly #options: BrowserBenchOptions
  readonly #clock = createWorkerClock()
  readonly #services = startShoalServices()

  readonly #open = new Map<Contender, Connected>()
  /** Pictures that the receiver has been told. */
  readonly #told = new Set<string>()
  #opened = 0
  #trips = 0

  constructor(options: BrowserBenchOptions) {
    this.#options = options
  }

  /** For `makeRuns`: null for what a page cannot measure, and for a picture that is not here. */
  readonly run = async (plan: PlannedRun, signal: AbortSignal): Promise<RunResult | null> => {
    const { experiment, pictures, receiver } = this.#options
    const picture = pictures.get(plan.picture.name)
    if (plan.contender === 'ws' || picture?.bytes.length !== plan.picture.bytes) return null
    receiver.lost.throwIfAborted()
    try {
      this.#tellPicture(picture)
      const { path, pair } = await this.#connected(signal, plan, picture)
      const clocks = receiver.isHere ? null : await measureClock(() => this.#roundTrip(signal))
      const before = await path.counters()
      const carried = await pair.carry(signal, picture, experiment.deadlineMs, clocks)
      const after = await path.counters()
      if (experiment.start === 'cold') await this.#disconnect(plan.contender)
      const { trace, frames, samples, firstPacketMs, firstPreviewMs, exactMs, ...measured } = carried
      this.#options.onTrace({ key: plan.key, frames, packets: trace })
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
          firstPreview: firstPreviewMs,
          ssim90: samples.find(({ ssim }) => ssim >= GOOD_SSIM)?.ms ?? null,
          exact: exactMs,
        },
        samples,
        area: qualityArea(samples, experiment.deadlineMs),
        link: {
          forth: between(before.aToB, after.aToB),
          back: between(before.bToA, after.bToA),
        },
        ...(clocks && { clock: clocks }),
      }
    } catch (error) {
      await this.#disconnect(plan.contender)
      throw error
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
    const { experiment } = this.#options
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
    const { path, isNearOnly } = await this.#createPath(both, seed)
    const pair = this.#pair(contender, path, picture)
    const connected = { path, pair, label: network.label }
    this.#open.set(contender, connected)
    try {
      await pair.ready(signal)
    } catch (error) {
      // It is no page of this computer after all.
      const code = error instanceof ShoalError ? error.code : null
      if (isNearOnly && code === 'SHOAL_LAB_NOT_CONNECTED') throw new ShoalError('SHOAL_LAB_NO_NETWORK')
      throw error
    }
    if (experiment.start === 'warm') {
      await pair.warm(signal, WARMING_BYTES, experiment.deadlineMs)
      await pair.ready(signal)
    }
    await path.change(both, seed)
    return connected
  }

  /** Where the computer is in no private network, a second page that can be reached is one of its own. */
  async #createPath(both: LabNetwork, seed: number): Promise<{ path: LabPath; isNearOnly: boolean }> {
    const { lab, receiver } = this.#options
    if (receiver.isHere) return { path: await lab.createPath(both, seed), isNearOnly: false }
    try {
      return { path: await lab.createPath(both, seed, 'network'), isNearOnly: false }
    } catch (error) {
      const code = error instanceof ShoalError ? error.code : null
      if (code !== 'SHOAL_LAB_NO_NETWORK') throw error
      return { path: await lab.createPath(both, seed), isNearOnly: true }
    }
  }

  async #disconnect(contender: Contender): Promise<void> {
    const connected = this.#open.get(contender)
    this.#open.delete(contender)
    connected?.pair.close()
    // A lab that is gone has no path either.
    await connected?.path.close().catch(() => undefined)
  }

  #pair(contender: Contender, path: LabPath, picture: MeasuredPicture): Pair {
    const { receiver } = this.#options
    const clock = this.#clock
    const id = `${contender}-${++this.#opened}`
    receiver.tell({ type: 'open', id, contender, through: path.b })
    const signal = (text: string) => receiver.tell({ type: 'signal', id, signal: text })
    const tellLanes = (lanes: number) => receiver.tell({ type: 'lanes', id, lanes })
    const options = { clock, contender, through: path.a, signal }
    return new Pair({ clock, receiver, id, openEnd: () => this.#end(options, tellLanes, picture) })
  }

  #end(options: EndOptions, tellLanes: (lanes: number) => void, picture: MeasuredPicture): SendingEnd {
    const { contender } = options
    const mode = SHOAL_MODES[contender]
    if (mode) return new ShoalSendingEnd({ ...options, mode, tellLanes, services: this.#services })
    const way = CHANNEL_WAYS[contender]
    if (way) return new ChannelSendingEnd(options, way)
    if (contender === 'rtp') return new VideoSendingEnd(options, picture)
    throw new ShoalError('SHOAL_INTERNAL')
  }

  /** What comes is held against the original there. */
  #tellPicture({ name, type: mime, width, height, bytes }: MeasuredPicture): void {
    if (this.#told.has(name)) return
    this.#told.add(name)
    this.#options.receiver.tell({ type: 'picture', name, mime, width, height, bytes })
  }

  async #roundTrip(signal: AbortSignal): Promise<RoundTrip> {
    const { receiver } = this.#options
    const number = ++this.#trips
    const either = AbortSignal.any([signal, receiver.lost])
    const answered = waitFor<RoundTrip>(either, this.#clock, ROUND_TRIP_MAX_MS, 'SHOAL_PEER_SILENT')
    const askedAt = this.#clock.now()
    const stop = receiver.listen((message) => {
      if (message.type !== 'pong' || message.number !== number) return
      answered.resolve({ askedAt, answeredAt: message.at, heardAt: this.#clock.now() })
    })
    receiver.tell({ type: 'ping', number })
    return answered.promise.finally(stop)
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
