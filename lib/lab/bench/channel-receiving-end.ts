import { SNIFF_BYTES, sniffType } from '@/lib/image/formats/sniff'

import type { EndOptions, Incoming, IncomingRun, ReceivingEnd } from './carriage'
import { ConnectionEnd } from './connection-end'
import { ArrivalRecorder } from './packet-recorder'
import { CHANNEL_NUMBERS_BYTES } from './ways'
import type { ChannelWay } from './ways'

/** Nothing came for so long after everything was handed over: nothing more will. Three retransmissions take less. */
const SILENCE_MS = 5000
/** The beginning is shown as often as Shoal's own page draws a picture that comes. */
const SHOWN_INTERVAL_MS = 400
const SHOWN_SHARE = 0.12

/** Puts a picture together that comes as the messages of one data channel, and shows its intact beginning. */
export class ChannelReceivingEnd implements ReceivingEnd {
  readonly #clock: EndOptions['clock']
  readonly #way: ChannelWay
  readonly #end: ConnectionEnd
  #onMessage: (message: Uint8Array<ArrayBuffer>) => void = () => undefined

  constructor(options: EndOptions, way: ChannelWay) {
    this.#clock = options.clock
    this.#way = way
    this.#end = new ConnectionEnd(options)
    this.#end.connection.addEventListener('datachannel', ({ channel }) => {
      channel.binaryType = 'arraybuffer'
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) this.#onMessage(new Uint8Array(data))
      }
    })
  }

  handleSignal(signal: string): void {
    this.#end.handleSignal(signal)
  }

  setLanes(): void {
    // There is one channel.
  }

  /** The sending end knows when its channel is open. */
  async ready(): Promise<void> {
    return Promise.resolve()
  }

  expect({ number: run, byteCount, picture, screen, onOver }: IncomingRun): Incoming {
    const clock = this.#clock
    const { messageBytes } = this.#way
    const expectedAt = clock.now()
    const count = Math.ceil(byteCount / messageBytes)
    const recorder = new ArrivalRecorder(() => clock.now(), expectedAt)
    const shown = picture && screen ? new ShownBeginning(picture, screen) : null
    const received = new Uint8Array(byteCount)
    const held = new Set<number>()
    let [firstAt, lastAt, intact] = [Infinity, expectedAt, 0]
    let isHandedOver = false
    let cancelSilence: () => void = () => undefined
    const watchSilence = () => {
      cancelSilence()
      // A reliable channel may be silent for a long while between two attempts, and go on.
      if (isHandedOver && this.#mayGiveUp) cancelSilence = clock.schedule(SILENCE_MS, onOver)
    }
    this.#onMessage = (message) => {
      if (message.length < CHANNEL_NUMBERS_BYTES) return
      const view = new DataView(message.buffer)
      // What is late belongs to the picture before.
      if (view.getUint32(0) !== run) return
      const number = view.getUint32(4)
      const payload = message.subarray(CHANNEL_NUMBERS_BYTES)
      if (number >= count || number * messageBytes + payload.length > byteCount) return
      recorder.handleNumber(number)
      if (held.has(number)) return
      const now = clock.now()
      firstAt = Math.min(firstAt, now)
      lastAt = now
      received.set(payload, number * messageBytes)
      held.add(number)
      while (held.has(intact)) intact++
      shown?.handle(received.subarray(0, Math.min(byteCount, intact * messageBytes)), now)
      if (held.size === count) {
        cancelSilence()
        onOver()
      } else watchSilence()
    }
    return {
      handleHandedOver: () => {
        isHandedOver = true
        if (held.size < count) watchSilence()
      },
      finish: async (_signal, inTime) => {
        cancelSilence()
        this.#onMessage = () => undefined
        await shown?.close()
        const isExact =
          held.size === count && picture !== null && received.every((byte, i) => byte === picture.bytes[i])
        const goodBytes = Math.min(byteCount, held.size * messageBytes)
        return {
          end: !inTime ? 'deadline' : isExact ? 'exact' : 'partial',
          firstPacketMs: Number.isFinite(firstAt) ? firstAt - expectedAt : null,
          exactMs: isExact && inTime ? lastAt - expectedAt : null,
          // The browser's own packets, of which a page sees none.
          packets: null,
          overheadRatio: null,
          goodputBytesPerSecond: held.size > 0 ? (1000 * goodBytes) / Math.max(1, lastAt - firstAt) : null,
          queueDelayMsP95: null,
          arrivals: recorder.arrivals(),
        }
      },
    }
  }

  close(): void {
    this.#onMessage = () => undefined
    this.#end.close()
  }

  get #mayGiveUp(): boolean {
    const { maxRetransmits, maxPacketLifeTime } = this.#way.config
    return maxRetransmits !== undefined || maxPacketLifeTime !== undefined
  }
}

/** Shows as much of a file as has come without a gap. */
class ShownBeginning {
  readonly #picture: NonNullable<IncomingRun['picture']>
  readonly #screen: NonNullable<IncomingRun['screen']>
  readonly #urls: string[] = []
  #shownBytes = 0
  #shownAt = -Infinity

  constructor(picture: NonNullable<IncomingRun['picture']>, screen: NonNullable<IncomingRun['screen']>) {
    this.#picture = picture
    this.#screen = screen
  }

  /** The beginning as it is now. */
  handle(beginning: Uint8Array, now: number): void {
    const { bytes, type } = this.#picture
    const isWhole = beginning.length === bytes.length
    const isMore =
      beginning.length - this.#shownBytes >= SHOWN_SHARE * bytes.length &&
      now - this.#shownAt >= SHOWN_INTERVAL_MS
    if (!isWhole && !isMore) return
    this.#shownBytes = beginning.length
    this.#shownAt = now
    if (sniffType(beginning.subarray(0, SNIFF_BYTES)) !== type) return
    const url = URL.createObjectURL(new Blob([beginning.slice()], { type }))
    this.#urls.push(url)
    this.#screen.show({ url, isPreview: true })
  }

  /** Once all of it is drawn. */
  async close(): Promise<void> {
    await this.#screen.moments()
    for (const url of this.#urls) URL.revokeObjectURL(url)
  }
}
