import { SNIFF_BYTES, sniffType } from '@/lib/image/formats/sniff'

import type { Carried, MeasuredPicture, Pair, PairOptions } from './carriage'
import { ConnectionPair } from './connection-pair'
import { PacketRecorder } from './packet-recorder'
import type { Screen } from './screen'
import { waitFor } from './waiting'
import type { ChannelWay } from './ways'

const READY_MAX_MS = 60_000
/** Before the bytes: which picture, and which of its messages. What is late belongs to the picture before. */
const NUMBERS_BYTES = 8
/** Nothing came for so long after everything was handed over: nothing more will. Three retransmissions take less. */
const SILENCE_MS = 5000
/** The beginning is shown as often as Shoal's own page draws a picture that comes. */
const SHOWN_INTERVAL_MS = 400
const SHOWN_SHARE = 0.12

/** A picture over one data channel: the messages in a row, and whatever the channel does about losses. */
export class ChannelPair implements Pair {
  readonly #options: PairOptions
  readonly #way: ChannelWay
  readonly #connections: ConnectionPair
  readonly #channel: RTCDataChannel
  readonly #connected: Promise<void>
  readonly #recorder: PacketRecorder
  #picture = 0
  #onMessage: (message: Uint8Array<ArrayBuffer>) => void = () => undefined

  constructor(options: PairOptions, way: ChannelWay) {
    this.#options = options
    this.#way = way
    this.#recorder = new PacketRecorder(() => options.clock.now())
    this.#connections = new ConnectionPair(options.ends)
    this.#channel = this.#connections.a.createDataChannel('picture', way.config)
    this.#channel.binaryType = 'arraybuffer'
    this.#channel.bufferedAmountLowThreshold = way.bufferBytes / 2
    this.#connections.b.addEventListener('datachannel', ({ channel }) => {
      channel.binaryType = 'arraybuffer'
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) this.#onMessage(new Uint8Array(data))
      }
    })
    this.#connected = this.#connections.connect()
  }

  async ready(signal: AbortSignal): Promise<void> {
    const open = waitFor<true>(signal, this.#options.clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
    this.#channel.addEventListener('open', () => open.resolve(true), { once: true })
    if (this.#channel.readyState === 'open') open.resolve(true)
    await this.#connected
    await open.promise
  }

  async warm(signal: AbortSignal, bytes: number, untilMs: number): Promise<void> {
    const cut = Math.ceil(bytes / this.#way.messageBytes)
    await this.#transfer(signal, new Uint8Array(bytes), untilMs, cut, () => undefined)
  }

  async carry(
    signal: AbortSignal,
    picture: MeasuredPicture,
    screen: Screen,
    deadlineMs: number,
  ): Promise<Carried> {
    const { clock } = this.#options
    const startedAt = clock.now()
    const { bytes, type } = picture
    const count = Math.ceil(bytes.length / this.#way.messageBytes)
    screen.start(startedAt)
    this.#recorder.start(startedAt, count)
    const received = new Uint8Array(bytes.length)
    const urls: string[] = []
    const show = (intactBytes: number) => {
      const beginning = received.slice(0, intactBytes)
      if (sniffType(beginning.subarray(0, SNIFF_BYTES)) !== type) return
      const url = URL.createObjectURL(new Blob([beginning], { type }))
      urls.push(url)
      screen.show({ url, isPreview: true })
    }
    let [intact, shownBytes, shownAt] = [0, 0, -Infinity]
    const held = new Set<number>()
    let [firstAt, lastAt] = [Infinity, startedAt]
    const end = await this.#transfer(signal, bytes, deadlineMs, count, (number, message) => {
      const now = clock.now()
      firstAt = Math.min(firstAt, now)
      lastAt = now
      received.set(message, number * this.#way.messageBytes)
      held.add(number)
      while (held.has(intact)) intact++
      const intactBytes = Math.min(bytes.length, intact * this.#way.messageBytes)
      const isWhole = held.size === count
      const isMore =
        intactBytes - shownBytes >= SHOWN_SHARE * bytes.length && now - shownAt >= SHOWN_INTERVAL_MS
      if (!isWhole && !isMore) return
      ;[shownBytes, shownAt] = [intactBytes, now]
      show(intactBytes)
    })
    const isExact = end === 'whole' && received.every((byte, i) => byte === bytes[i])
    await screen.moments()
    for (const url of urls) URL.revokeObjectURL(url)
    const spanMs = Math.max(1, lastAt - firstAt)
    return {
      end: isExact ? 'exact' : end === 'deadline' ? 'deadline' : 'partial',
      firstPacketMs: Number.isFinite(firstAt) ? firstAt - startedAt : null,
      exactMs: isExact ? lastAt - startedAt : null,
      // The browser's own packets, of which a page sees none.
      packets: null,
      overheadRatio: null,
      goodputBytesPerSecond:
        held.size > 0 ? (1000 * Math.min(bytes.length, held.size * this.#way.messageBytes)) / spanMs : null,
      queueDelayMsP95: null,
      trace: this.#way.config.ordered === true ? [] : this.#recorder.packets(),
    }
  }

  get #mayGiveUp(): boolean {
    const { maxRetransmits, maxPacketLifeTime } = this.#way.config
    return maxRetransmits !== undefined || maxPacketLifeTime !== undefined
  }

  close(): void {
    this.#onMessage = () => undefined
    this.#connections.close()
  }

  /** Sends all of it; what became of it by the deadline. Messages that came twice are handed out once. */
  async #transfer(
    signal: AbortSignal,
    bytes: Uint8Array,
    deadlineMs: number,
    count: number,
    onMessage: (number: number, payload: Uint8Array) => void,
  ): Promise<'whole' | 'silent' | 'deadline'> {
    const { clock } = this.#options
    const over = waitFor<'whole' | 'silent'>(signal, clock, deadlineMs, 'SHOAL_CANCELLED_BY_SENDER')
    const held = new Set<number>()
    let cancelSilence: () => void = () => undefined
    const picture = ++this.#picture
    let next = 0
    const watchSilence = () => {
      cancelSilence()
      // A reliable channel may be silent for a long while between two attempts, and go on.
      if (next === count && this.#mayGiveUp)
        cancelSilence = clock.schedule(SILENCE_MS, () => over.resolve('silent'))
    }
    this.#onMessage = (message) => {
      const view = new DataView(message.buffer)
      if (view.getUint32(0) !== picture) return
      const number = view.getUint32(4)
      this.#recorder.handleArrivedNumber(number)
      if (held.has(number)) return
      held.add(number)
      onMessage(number, message.subarray(NUMBERS_BYTES))
      if (held.size === count) over.resolve('whole')
      else watchSilence()
    }
    const fill = () => {
      while (next < count && this.#channel.bufferedAmount < this.#way.bufferBytes) {
        const from = next * this.#way.messageBytes
        const payload = bytes.subarray(from, from + this.#way.messageBytes)
        const message = new Uint8Array(NUMBERS_BYTES + payload.length)
        const view = new DataView(message.buffer)
        view.setUint32(0, picture)
        view.setUint32(4, next)
        message.set(payload, NUMBERS_BYTES)
        this.#recorder.handleSentNumber(next, next)
        this.#channel.send(message)
        next++
      }
      watchSilence()
    }
    this.#channel.onbufferedamountlow = fill
    fill()
    try {
      return await over.promise
    } catch {
      signal.throwIfAborted()
      return 'deadline'
    } finally {
      cancelSilence()
      this.#channel.onbufferedamountlow = null
      this.#onMessage = () => undefined
    }
  }
}
