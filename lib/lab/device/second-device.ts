import { createStore, type StoreApi } from 'zustand/vanilla'

import { ShoalError } from '@/lib/protocol/errors'
import { createWorkerClock, type OwnedClock } from '@/lib/transfer/worker-clock'

import { encodeEndMessage, parseFromReceiver } from '../bench/end-messages'
import type { EndProgress, FromReceiver, ToReceiver } from '../bench/end-messages'
import type { Receiver } from '../bench/receiver'
import { parseHello, TAKEN } from './greeting'
import { parsePart, TextStream } from './text-stream'
import type { Part } from './text-stream'

/** How often it is asked whether it is there, and how long that may take: its page may be busy, or its phone asleep. */
export const ASKED_EVERY_MS = 3000
export const SILENT_MAX_MS = 15_000
/** What the bench asks has numbers from 1. */
const HEARTBEAT = 0

export interface DeviceState {
  /** Null: none is here. */
  readonly device: { readonly peerId: string; readonly browser: string } | null
}

export interface SecondDeviceOptions {
  /** Tells a page in the room a text; false: not now. */
  readonly sendText: (peerId: string, text: string) => boolean
  readonly createClock?: () => OwnedClock
}

interface Connected {
  readonly peerId: string
  readonly clock: OwnedClock
  readonly stream: TextStream
  readonly listeners: Set<(message: FromReceiver) => void>
  readonly lost: AbortController
  heardAt: number
  /** Its hello may come a moment before the room says that it can be reached. */
  wasReachable: boolean
}

/** The lab's side of a receiving end on another device: the first page in the lab's room that says it is one. */
export class SecondDevice {
  readonly #options: SecondDeviceOptions
  readonly #store: StoreApi<DeviceState> = createStore<DeviceState>(() => ({ device: null }))
  #connected: Connected | null = null
  #cancelHeartbeat: (() => void) | null = null
  #progress: EndProgress = null

  constructor(options: SecondDeviceOptions) {
    this.#options = options
  }

  readonly getState = (): DeviceState => this.#store.getState()
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** A text of a page in the room, whatever it is. */
  handleText(peerId: string, text: string): void {
    const part = parsePart(text)
    if (!part) return
    const connected = this.#connected
    if (connected?.peerId === peerId && connected.stream.session === part.session)
      connected.stream.handle(part)
    else if (part.number === 0) this.#greet(peerId, part)
  }

  /** The pages that can be reached now. */
  handlePeers(open: readonly string[]): void {
    const connected = this.#connected
    if (!connected) return
    if (open.includes(connected.peerId)) connected.wasReachable = true
    else if (connected.wasReachable) this.#lose()
  }

  /** For one experiment; throws SHOAL_LAB_NO_DEVICE where there is none. */
  connect(): Receiver {
    const connected = this.#connected
    if (!connected) throw new ShoalError('SHOAL_LAB_NO_DEVICE')
    return {
      isHere: false,
      lost: connected.lost.signal,
      tell: (message) => this.#tell(connected, message),
      listen(listener) {
        connected.listeners.add(listener)
        return () => void connected.listeners.delete(listener)
      },
      // It is there for the next one.
      close: () => undefined,
    }
  }

  /** What the device's page says that is going on. */
  tellProgress(progress: EndProgress): void {
    this.#progress = progress
    if (this.#connected) this.#tell(this.#connected, { type: 'progress', progress })
  }

  close(): void {
    this.#lose()
  }

  #greet(peerId: string, part: Part): void {
    const { sendText, createClock = createWorkerClock } = this.#options
    const hello = part.isLast ? parseHello(part.text) : null
    if (!hello) return
    const current = this.#connected
    if (current && current.peerId !== peerId) {
      sendText(peerId, `${part.session} 0 1 ${TAKEN}`)
      return
    }
    // It has begun anew: what was under way with it is lost.
    this.#lose()
    const clock = createClock()
    const stream = new TextStream({
      clock,
      session: part.session,
      send: (text) => sendText(peerId, text),
      onMessage: (message) => this.#handleMessage(connected, message),
      onBroken: () => this.#lose(connected),
    })
    const connected: Connected = {
      ...{ peerId, clock, stream, lost: new AbortController() },
      ...{ listeners: new Set<(message: FromReceiver) => void>(), heardAt: clock.now(), wasReachable: false },
    }
    this.#connected = connected
    stream.handle(part)
    this.#store.setState({ device: { peerId, browser: hello.browser } })
    this.#tell(connected, { type: 'progress', progress: this.#progress })
    this.#ask(connected)
  }

  #handleMessage(connected: Connected, text: string): void {
    connected.heardAt = connected.clock.now()
    const message = parseFromReceiver(text)
    if (message) for (const listener of [...connected.listeners]) listener(message)
    // The greeting has been read. Who says anything else that is no message can't be measured with.
    else if (!parseHello(text)) this.#lose(connected)
  }

  #tell({ stream }: Connected, message: ToReceiver): void {
    stream.send(encodeEndMessage(message))
  }

  #ask(connected: Connected): void {
    this.#cancelHeartbeat = connected.clock.schedule(ASKED_EVERY_MS, () => {
      if (connected.clock.now() - connected.heardAt > SILENT_MAX_MS) return this.#lose(connected)
      this.#tell(connected, { type: 'ping', number: HEARTBEAT })
      this.#ask(connected)
    })
  }

  #lose(connected = this.#connected): void {
    if (!connected || connected !== this.#connected) return
    this.#connected = null
    this.#cancelHeartbeat?.()
    connected.stream.close()
    connected.clock.close()
    connected.lost.abort(new ShoalError('SHOAL_LAB_NO_DEVICE'))
    this.#store.setState({ device: null })
  }
}
