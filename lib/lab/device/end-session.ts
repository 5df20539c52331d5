import { createStore, type StoreApi } from 'zustand/vanilla'

import { createWorkerClock, type OwnedClock } from '@/lib/transfer/worker-clock'

import { encodeEndMessage, parseToReceiver } from '../bench/end-messages'
import type { EndProgress } from '../bench/end-messages'
import { ReceivingHost } from '../bench/receiving-host'
import { QualityMeter } from '../quality/quality-meter'
import { encodeHello, TAKEN } from './greeting'
import { ASKED_EVERY_MS, SILENT_MAX_MS } from './second-device'
import { parsePart, TextStream } from './text-stream'

export interface EndState {
  /** `here`: the lab has this page as its receiving end. `taken`: it has another one. `away`: it was here and is gone. */
  readonly phase: 'waiting' | 'here' | 'taken' | 'away'
  readonly progress: EndProgress
}

export interface EndSessionOptions {
  readonly sendText: (peerId: string, text: string) => boolean
}

/** What it has from `start` to `close`. */
interface Means {
  readonly canvas: HTMLCanvasElement
  readonly clock: OwnedClock
  readonly meter: QualityMeter
}

interface Connected {
  readonly peerId: string
  readonly means: Means
  readonly stream: TextStream
  /** There once the lab has said anything. */
  host: ReceivingHost | null
  heardAt: number
}

/** A device that is the receiving end of a lab on another one: says so, and does what it is told. */
export class EndSession {
  readonly #options: EndSessionOptions
  readonly #store: StoreApi<EndState> = createStore<EndState>(() => ({ phase: 'waiting', progress: null }))
  #means: Means | null = null
  #connected: Connected | null = null
  #cancelWatch: (() => void) | null = null

  constructor(options: EndSessionOptions) {
    this.#options = options
  }

  readonly getState = (): EndState => this.#store.getState()
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** Draws on the canvas what comes from now on. */
  start(canvas: HTMLCanvasElement): void {
    this.#means = { canvas, clock: createWorkerClock(), meter: new QualityMeter() }
  }

  /** The pages in the room that can be reached now: one of them is the lab. */
  handlePeers(open: readonly string[]): void {
    const connected = this.#connected
    if (connected && open.includes(connected.peerId)) return
    this.#lose()
    const [peerId] = open
    if (peerId !== undefined) this.#greet(peerId)
  }

  handleText(peerId: string, text: string): void {
    const connected = this.#connected
    const part = connected?.peerId === peerId ? parsePart(text) : null
    if (part && part.session === connected?.stream.session) connected.stream.handle(part)
  }

  close(): void {
    this.#lose()
    this.#means?.meter.close()
    this.#means?.clock.close()
    this.#means = null
  }

  #greet(peerId: string): void {
    const { sendText } = this.#options
    const means = this.#means
    this.#cancelWatch?.()
    if (!means) return
    const stream = new TextStream({
      clock: means.clock,
      session: newSession(),
      send: (text) => sendText(peerId, text),
      onMessage: (message) => this.#handleMessage(connected, message),
      onBroken: () => this.#beginAnew(connected),
    })
    const connected: Connected = { peerId, means, stream, host: null, heardAt: means.clock.now() }
    this.#connected = connected
    stream.send(encodeHello(navigator.userAgent))
    this.#watch(connected)
  }

  #handleMessage(connected: Connected, text: string): void {
    connected.heardAt = connected.means.clock.now()
    if (text === TAKEN) return this.#store.setState({ phase: 'taken', progress: null })
    const message = parseToReceiver(text)
    // Nothing that a lab of this version says.
    if (!message) return this.#beginAnew(connected)
    connected.host ??= this.#openHost(connected)
    const { progress } = this.getState()
    this.#store.setState({
      phase: 'here',
      progress: message.type === 'progress' ? message.progress : progress,
    })
    connected.host.handle(message)
  }

  #openHost({ stream, means }: Connected): ReceivingHost {
    return new ReceivingHost({
      ...means,
      tell: (message) => stream.send(encodeEndMessage(message)),
    })
  }

  /** The lab asks every few seconds; where it does not, it may have lost us. */
  #watch(connected: Connected): void {
    const { clock } = connected.means
    this.#cancelWatch = clock.schedule(ASKED_EVERY_MS, () => {
      if (clock.now() - connected.heardAt > SILENT_MAX_MS) this.#beginAnew(connected)
      else this.#watch(connected)
    })
  }

  #beginAnew(connected: Connected): void {
    if (connected !== this.#connected) return
    this.#lose()
    // Not at once: who answers wrongly would be asked without end.
    this.#cancelWatch = connected.means.clock.schedule(ASKED_EVERY_MS, () => this.#greet(connected.peerId))
  }

  #lose(): void {
    const connected = this.#connected
    this.#cancelWatch?.()
    if (!connected) return
    this.#connected = null
    connected.stream.close()
    connected.host?.close()
    const { phase } = this.getState()
    this.#store.setState({ phase: phase === 'here' ? 'away' : phase, progress: null })
  }
}

function newSession(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return random
}
