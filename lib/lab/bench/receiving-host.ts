import { ShoalError } from '@/lib/protocol/errors'
import type { Clock } from '@/lib/peer/clock'

import type { QualityMeter } from '../quality/quality-meter'
import type { QualitySample } from '../results'
import type { EndOptions, Incoming, MeasuredPicture, ReceivingEnd } from './carriage'
import { ChannelReceivingEnd } from './channel-receiving-end'
import type { FromReceiver, ToReceiver } from './end-messages'
import { LongTasks } from './long-tasks'
import { Screen } from './screen'
import { startShoalServices } from './shoal-end'
import { ShoalReceivingEnd } from './shoal-receiving-end'
import { VideoReceivingEnd } from './video-receiving-end'
import { CHANNEL_WAYS, SHOAL_MODES } from './ways'

/** One for each contender of a network, and those that are being closed. */
const ENDS_MAX = 24
/** As many as an experiment may have. */
const PICTURES_MAX = 20

type KnownPicture = Pick<MeasuredPicture, 'type' | 'width' | 'height' | 'bytes' | 'file'>

interface Run {
  readonly number: number
  readonly incoming: Incoming
  readonly expectedAt: number
  readonly tasks: LongTasks
  /** Null: it only warms up. */
  readonly shown: { readonly screen: Screen; readonly picture: KnownPicture } | null
}

interface Opened {
  readonly end: ReceivingEnd
  readonly stop: AbortController
  run: Run | null
}

export interface ReceivingHostOptions {
  readonly clock: Clock
  /** Where it draws. */
  readonly canvas: HTMLCanvasElement
  /** Quality of what was shown, off this thread. */
  readonly meter: Pick<QualityMeter, 'setOriginal' | 'measure'>
  /** Tells the sending page. */
  readonly tell: (message: FromReceiver) => void
}

/** Everything that receives: opens ends as it is told, and says what became of each run. */
export class ReceivingHost {
  readonly #options: ReceivingHostOptions
  readonly #services = startShoalServices()
  readonly #pictures = new Map<string, KnownPicture>()
  readonly #ends = new Map<string, Opened>()

  constructor(options: ReceivingHostOptions) {
    this.#options = options
  }

  /** What the sending page tells; what makes no sense here is left out. */
  handle(message: ToReceiver): void {
    switch (message.type) {
      case 'ping':
        return this.#options.tell({ type: 'pong', number: message.number, at: this.#options.clock.now() })
      case 'progress':
        return
      case 'picture':
        return this.#keep(message)
      case 'open':
        return this.#open(message)
      default:
        return this.#handleFor(message)
    }
  }

  /** Every end and what it holds. */
  close(): void {
    for (const id of [...this.#ends.keys()]) this.#close(id)
    this.#pictures.clear()
    this.#services.digest.close()
    this.#services.code.close()
  }

  #handleFor(message: Exclude<ToReceiver, { type: 'ping' | 'progress' | 'picture' | 'open' }>): void {
    const { id } = message
    const opened = this.#ends.get(id)
    if (!opened) return
    const { end, stop, run } = opened
    switch (message.type) {
      case 'signal':
        return end.handleSignal(message.signal)
      case 'lanes':
        return end.setLanes(message.lanes)
      case 'ready':
        return this.#answer(
          id,
          end.ready(stop.signal).then(() => ({ type: 'ready', id })),
        )
      case 'expect':
        return this.#expect(message, opened)
      case 'handed-over':
        if (run?.number === message.run) run.incoming.handleHandedOver()
        return
      case 'finish':
        if (run?.number !== message.run) return
        opened.run = null
        return this.#answer(id, this.#finish(stop.signal, id, run, message.inTime))
      case 'close':
        return this.#close(id)
    }
  }

  #keep({ name, mime: type, width, height, bytes }: Extract<ToReceiver, { type: 'picture' }>): void {
    if (this.#pictures.size >= PICTURES_MAX && !this.#pictures.has(name)) return
    const file = new Blob([bytes as Uint8Array<ArrayBuffer>], { type })
    this.#pictures.set(name, { type, width, height, bytes, file })
  }

  #open({ id, contender, through }: Extract<ToReceiver, { type: 'open' }>): void {
    const { clock, tell } = this.#options
    if (this.#ends.has(id)) return
    try {
      if (this.#ends.size >= ENDS_MAX) throw new ShoalError('SHOAL_LAB_FULL')
      const end = this.#end({
        ...{ clock, contender, through },
        signal: (signal) => tell({ type: 'signal', id, signal }),
      })
      this.#ends.set(id, { end, stop: new AbortController(), run: null })
    } catch (error) {
      this.#fail(id, error)
    }
  }

  #end(options: EndOptions): ReceivingEnd {
    const { contender } = options
    if (SHOAL_MODES[contender]) return new ShoalReceivingEnd({ ...options, services: this.#services })
    const way = CHANNEL_WAYS[contender]
    if (way) return new ChannelReceivingEnd(options, way)
    if (contender === 'rtp') return new VideoReceivingEnd(options)
    throw new ShoalError('SHOAL_INTERNAL')
  }

  #expect(message: Extract<ToReceiver, { type: 'expect' }>, opened: Opened): void {
    const { clock, canvas, tell } = this.#options
    const { id, run: number, byteCount } = message
    const picture = message.picture === null ? null : this.#pictures.get(message.picture)
    if (picture === undefined || (picture && picture.bytes.length !== byteCount)) {
      return this.#fail(id, new ShoalError('SHOAL_INTERNAL'))
    }
    opened.run?.shown?.screen.close()
    const expectedAt = clock.now()
    const screen = picture && new Screen(canvas, picture, () => clock.now())
    screen?.start(expectedAt)
    const onOver = () => tell({ type: 'over', id, run: number })
    const incoming = opened.end.expect({ ...{ number, byteCount, picture, screen, onOver } })
    const tasks = new LongTasks()
    tasks.start()
    opened.run = {
      ...{ number, incoming, expectedAt, tasks },
      shown: picture && screen && { screen, picture },
    }
    tell({ type: 'expecting', id, run: number })
  }

  async #finish(signal: AbortSignal, id: string, run: Run, inTime: boolean): Promise<FromReceiver> {
    const { number, incoming, expectedAt, tasks, shown } = run
    try {
      const { arrivals, ...received } = await incoming.finish(signal, inTime)
      const longTasks = tasks.stop()
      const moments = (await shown?.screen.moments()) ?? []
      const firstPreviewMs = moments.find(({ isPreview }) => isPreview)?.ms ?? null
      const frames = (await shown?.screen.frames()) ?? []
      return {
        ...{ type: 'received', id, run: number, expectedAt },
        ...{ ...received, firstPreviewMs, longTasks },
        arrivals: arrivals.map(([packetNumber, ms]) => [packetNumber, ms]),
        samples: shown ? await this.#samples(shown.screen, shown.picture) : [],
        frames: await Promise.all(
          frames.map(async ({ ms, picture }) => ({
            ms,
            picture: new Uint8Array(await picture.arrayBuffer()),
          })),
        ),
      }
    } finally {
      tasks.stop()
      shown?.screen.close()
    }
  }

  /** In the order shown. */
  async #samples(screen: Screen, picture: KnownPicture): Promise<QualitySample[]> {
    const { meter } = this.#options
    meter.setOriginal(await screen.original(picture.file))
    // Until something comes there is a plain page.
    const samples: QualitySample[] = [{ ms: 0, ...(await meter.measure(null)) }]
    for (const { ms, picture: shown } of await screen.moments()) {
      samples.push({ ms, ...(await meter.measure(shown)) })
    }
    return samples
  }

  #answer(id: string, answering: Promise<FromReceiver>): void {
    answering.then(
      (answer) => {
        if (this.#ends.has(id)) this.#options.tell(answer)
      },
      (error: unknown) => this.#fail(id, error),
    )
  }

  #fail(id: string, error: unknown): void {
    const code = error instanceof ShoalError ? error.code : 'SHOAL_INTERNAL'
    this.#options.tell({ type: 'failed', id, code })
    this.#close(id)
  }

  #close(id: string): void {
    const opened = this.#ends.get(id)
    if (!opened) return
    this.#ends.delete(id)
    opened.stop.abort(new ShoalError('SHOAL_PEER_GONE'))
    opened.end.close()
    opened.run?.tasks.stop()
    opened.run?.shown?.screen.close()
  }
}
