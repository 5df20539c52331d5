import { ShoalError } from '@/lib/protocol/errors'
import type { Clock } from '@/lib/peer/clock'

import type { Carried, MeasuredPicture, OutgoingRun, SendingEnd } from './carriage'
import type { ClockEstimate } from './clock-offset'
import type { FromReceiver } from './end-messages'
import { LongTasks, together } from './long-tasks'
import { tracePackets } from './packet-recorder'
import type { Receiver } from './receiver'
import { READY_MAX_MS } from './shoal-end'
import { waitFor } from './waiting'
import type { Waiting } from './waiting'

/** An answer that takes a moment unless the other page hangs. */
const ANSWER_MAX_MS = 15_000
/** Every moment is measured first: 300 of them, on a phone. */
const RECEIVED_MAX_MS = 120_000
/** What a JPEG begins with: a picture to warm up with is taken for one. */
const JPEG_BEGIN = [0xff, 0xd8, 0xff]
/** A browser fills so many at a time. */
const RANDOM_MAX_BYTES = 65_536

type Answer<T extends FromReceiver['type']> = Extract<FromReceiver, { type: T }>

export interface PairOptions {
  readonly clock: Clock
  readonly receiver: Receiver
  /** Names the pair to its receiver. */
  readonly id: string
  readonly openEnd: () => SendingEnd
}

/** The two ends of one contender, and the emulated path between them. One picture after the other. */
export class Pair {
  readonly #options: PairOptions
  readonly #end: SendingEnd
  readonly #failed = new AbortController()
  readonly #waiting = new Map<string, Waiting<FromReceiver>>()
  readonly #stopListening: () => void
  #run = 0

  /** The receiving end has been told to open. */
  constructor(options: PairOptions) {
    this.#options = options
    this.#stopListening = options.receiver.listen((message) => this.#handle(message))
    this.#end = options.openEnd()
  }

  /** Resolves when everything that will carry is open, and nothing of an earlier picture is left. */
  async ready(signal: AbortSignal): Promise<void> {
    const { id, receiver } = this.#options
    const either = this.#either(signal)
    await this.#end.ready(either, async () => {
      const ready = this.#answer(either, 'ready', null, READY_MAX_MS)
      receiver.tell({ type: 'ready', id })
      await ready
    })
  }

  /** Carries so much noise first, so that both ends know their path. */
  async warm(signal: AbortSignal, bytes: number, untilMs: number): Promise<void> {
    const noise = new Uint8Array(bytes)
    for (let at = 0; at < bytes; at += RANDOM_MAX_BYTES) {
      crypto.getRandomValues(noise.subarray(at, at + RANDOM_MAX_BYTES))
    }
    noise.set(JPEG_BEGIN)
    const picture: MeasuredPicture = {
      ...{ bytes: noise, file: new Blob([noise]), name: 'warm.jpg', type: 'image/jpeg' },
      ...{ width: 1, height: 1, channels: 3 },
    }
    await this.#send(signal, picture, true, untilMs)
  }

  /**
   * Sends the picture, which the receiver has been told; `deadlineMs` after the send it is over. `clocks`: how far the
   * receiver's clock is ahead.
   */
  async carry(
    signal: AbortSignal,
    picture: MeasuredPicture,
    deadlineMs: number,
    clocks: ClockEstimate | null,
  ): Promise<Carried> {
    // What was over in time may be heard of later.
    const graceMs = 2 * (clocks?.boundMs ?? 0)
    const { received, sent, startedAt, longTasks } = await this.#send(
      signal,
      picture,
      false,
      deadlineMs + graceMs,
    )
    const { expectedAt, arrivals, frames, samples } = received
    const shiftMs = expectedAt - (clocks?.offsetMs ?? 0) - startedAt
    const since = (ms: number) => Math.max(0, ms + shiftMs)
    const sinceOrNull = (ms: number | null) => (ms === null ? null : since(ms))
    const exactMs = sinceOrNull(received.exactMs)
    const isLate = exactMs !== null && exactMs > deadlineMs
    return {
      end: isLate ? 'deadline' : received.end,
      packets: received.packets,
      overheadRatio: received.overheadRatio,
      goodputBytesPerSecond: received.goodputBytesPerSecond,
      queueDelayMsP95: received.queueDelayMsP95,
      longTasks,
      firstPacketMs: sinceOrNull(received.firstPacketMs),
      firstPreviewMs: sinceOrNull(received.firstPreviewMs),
      exactMs: isLate ? null : exactMs,
      trace: tracePackets(sent, arrivals, shiftMs),
      // The plain page was there from the send on; a moment after the deadline is none.
      samples: samples
        .map((sample, i) => ({ ...sample, ms: i === 0 ? 0 : since(sample.ms) }))
        .filter(({ ms }) => ms <= deadlineMs),
      frames: frames.map(({ ms, picture: bytes }) => ({
        ms: since(ms),
        picture: new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }),
      })),
    }
  }

  close(): void {
    this.#stopListening()
    this.#failed.abort(new ShoalError('SHOAL_CANCELLED_BY_SENDER'))
    this.#end.close()
    this.#options.receiver.tell({ type: 'close', id: this.#options.id })
  }

  async #send(signal: AbortSignal, picture: MeasuredPicture, isWarming: boolean, untilMs: number) {
    const { clock, receiver, id } = this.#options
    const number = ++this.#run
    const either = this.#either(signal)
    const onHandedOver = () => receiver.tell({ type: 'handed-over', id, run: number })
    const run: OutgoingRun = { number, picture, isWarming, onHandedOver }
    const expecting = this.#answer(either, 'expecting', number, ANSWER_MAX_MS)
    const named = isWarming ? null : picture.name
    receiver.tell({ type: 'expect', id, run: number, picture: named, byteCount: picture.bytes.length })
    await expecting
    const outgoing = await this.#end.prepare(run)
    const over = this.#answer(either, 'over', number, untilMs)
    // The receiver counts those of its own thread.
    const tasks = receiver.isHere ? null : new LongTasks()
    tasks?.start()
    const startedAt = clock.now()
    outgoing.start(startedAt)
    const inTime = await over.then(
      () => true,
      () => false,
    )
    outgoing.stop()
    const ownTasks = tasks?.stop() ?? null
    either.throwIfAborted()
    const receiving = this.#answer(either, 'received', number, RECEIVED_MAX_MS)
    receiver.tell({ type: 'finish', id, run: number, inTime })
    const received = await receiving
    const longTasks = tasks ? together(received.longTasks, ownTasks) : received.longTasks
    return { received, sent: outgoing.sent(), startedAt, longTasks }
  }

  /** Aborted when the run is stopped, the receiver is gone, or its end has failed. */
  #either(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#options.receiver.lost, this.#failed.signal])
  }

  #answer<T extends Exclude<FromReceiver['type'], 'pong' | 'signal' | 'failed'>>(
    signal: AbortSignal,
    type: T,
    run: number | null,
    forMs: number,
  ): Promise<Answer<T>> {
    const code = type === 'ready' ? 'SHOAL_LAB_NOT_CONNECTED' : 'SHOAL_PEER_SILENT'
    const waiting = waitFor<FromReceiver>(signal, this.#options.clock, forMs, code)
    this.#waiting.set(keyOf(type, run), waiting)
    return waiting.promise as Promise<Answer<T>>
  }

  #handle(message: FromReceiver): void {
    if (message.type === 'pong' || message.id !== this.#options.id) return
    if (message.type === 'signal') this.#end.handleSignal(message.signal)
    else if (message.type === 'failed') this.#failed.abort(new ShoalError(message.code))
    else {
      const key = keyOf(message.type, 'run' in message ? message.run : null)
      this.#waiting.get(key)?.resolve(message)
      this.#waiting.delete(key)
    }
  }
}

function keyOf(type: FromReceiver['type'], run: number | null): string {
  return `${type} ${run ?? ''}`
}
