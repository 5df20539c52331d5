import type { EndOptions, Outgoing, OutgoingRun, SendingEnd } from './carriage'
import { ConnectionEnd } from './connection-end'
import { SendRecorder } from './packet-recorder'
import { READY_MAX_MS } from './shoal-end'
import { waitFor } from './waiting'
import { CHANNEL_NUMBERS_BYTES } from './ways'
import type { ChannelWay } from './ways'

/** A picture over one data channel: the messages in a row, and whatever the channel does about losses. */
export class ChannelSendingEnd implements SendingEnd {
  readonly #clock: EndOptions['clock']
  readonly #way: ChannelWay
  readonly #end: ConnectionEnd
  readonly #channel: RTCDataChannel

  constructor(options: EndOptions, way: ChannelWay) {
    this.#clock = options.clock
    this.#way = way
    this.#end = new ConnectionEnd(options)
    this.#channel = this.#end.connection.createDataChannel('picture', way.config)
    this.#channel.binaryType = 'arraybuffer'
    this.#channel.bufferedAmountLowThreshold = way.bufferBytes / 2
    void this.#end.offer().catch(() => undefined)
  }

  handleSignal(signal: string): void {
    this.#end.handleSignal(signal)
  }

  async ready(signal: AbortSignal, receiver: () => Promise<void>): Promise<void> {
    const open = waitFor<true>(signal, this.#clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
    this.#channel.addEventListener('open', () => open.resolve(true), { once: true })
    if (this.#channel.readyState === 'open') open.resolve(true)
    await open.promise
    await receiver()
  }

  async prepare({ number, picture, onHandedOver }: OutgoingRun): Promise<Outgoing> {
    const { messageBytes, bufferBytes, config } = this.#way
    const { bytes } = picture
    const count = Math.ceil(bytes.length / messageBytes)
    let recorder: SendRecorder | null = null
    let next = 0
    const fill = () => {
      if (next === count) return
      while (next < count && this.#channel.bufferedAmount < bufferBytes) {
        const payload = bytes.subarray(next * messageBytes, (next + 1) * messageBytes)
        recorder?.handleNumber(next, next)
        this.#channel.send(messageOf(number, next, payload))
        next++
      }
      if (next === count) onHandedOver()
    }
    return {
      start: (now) => {
        recorder = new SendRecorder(() => this.#clock.now(), now, count)
        this.#channel.onbufferedamountlow = fill
        fill()
      },
      stop: () => {
        this.#channel.onbufferedamountlow = null
      },
      // A reliable channel makes of its messages what packets it likes.
      sent: () => (config.ordered === true ? [] : (recorder?.packets() ?? [])),
    }
  }

  close(): void {
    this.#channel.onbufferedamountlow = null
    this.#end.close()
  }
}

function messageOf(run: number, number: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(CHANNEL_NUMBERS_BYTES + payload.length)
  const view = new DataView(message.buffer)
  view.setUint32(0, run)
  view.setUint32(4, number)
  message.set(payload, CHANNEL_NUMBERS_BYTES)
  return message
}
