import type { CarryingPath } from '@/lib/protocol/report'
import { ControlLanes } from '@/lib/protocol/tx/control-lanes'

import type { Clock } from './clock'
import { DirectLanes } from './direct-lanes'
import type { Lane, OpenLane } from './lane'
import { encodeLinkMessage, type LinkMessage, parseLinkMessage } from './link-message'
import { type LinkRelay, RelayUse } from './relay-use'
import { isTextPart, TextParts, textParts } from './text-parts'

/** A text that would wait behind more than this is said not to have gone. */
const TEXT_BUFFER_MAX_BYTES = 256 * 1024

export interface LinkOptions {
  /** The initiator makes the offers; the other end answers. */
  readonly initiator: boolean
  readonly clock: Clock
  readonly openLane: OpenLane
  /** Sends a payload to the peer by way of signalling. */
  readonly signal: (payload: string) => void
  readonly onMessage: (lane: number, message: Uint8Array) => void
  /** A lane has room again. */
  readonly onDrained: (lane: number) => void
  /** A lane opened or closed, or carries by another path. */
  readonly onLanesChanged: () => void
  /** The way through our own server, used while no direct lane is open; none where it is switched off. */
  readonly relay?: LinkRelay
  /** False: no peer connection is ever made, the relay alone is used. */
  readonly direct?: boolean
  /** A lane's own measure of the round trip to the peer, ms. */
  readonly onRtt?: (rttMs: number) => void
  /** A text from the peer's page; not yet trusted. */
  readonly onText?: (text: string) => void
  /** The peer's page says that it is closed. */
  readonly onGoodbye?: () => void
}

/**
 * All ways to one peer: direct lanes, and the relay, which stands in for all of them while none is open. Lane 0 carries
 * the data of Classic and Repair, every lane symbols and control packets.
 */
export class Link {
  readonly #options: LinkOptions
  /** None where the relay alone is used. */
  readonly #direct: DirectLanes | null = null
  readonly #relay: RelayUse | null = null
  /** One lane is wanted, to see what it does alone: the second stays open and unused. */
  #onlyOne = false
  readonly #controlLanes = new ControlLanes()
  #textNumber: number
  readonly #texts = new TextParts()
  #closed = false

  constructor(options: LinkOptions) {
    this.#options = options
    const { relay, initiator, clock, openLane, signal, direct = true, onDrained, onLanesChanged } = options
    // The other end may still hold parts of what a former link of ours has sent: no text takes their number soon.
    this.#textNumber = Math.floor(clock.now())
    if (relay) {
      this.#relay = new RelayUse({
        ...{ relay, clock, only: !direct, onFailing: onLanesChanged },
        hasDirect: () => this.openCount > 0,
        ask: () => signal(encodeLinkMessage({ type: 'relay' })),
      })
    }
    if (!direct) return
    this.#direct = new DirectLanes({
      ...{ initiator, clock, openLane, signal, onDrained, onPath: onLanesChanged },
      onMessage: (lane, message) => this.handleMessage(lane, message),
      onNote: (note) => void this.handleSignal(note),
      onLanes: () => {
        this.#relay?.handleLanes()
        onLanesChanged()
      },
      onRtt: (rttMs) => options.onRtt?.(rttMs),
    })
  }

  /** How many direct lanes there should be, at most LANES_MAX; with one, pictures use no other. */
  setTarget(lanes: number): void {
    this.#onlyOne = lanes === 1
    this.#direct?.setTarget(lanes)
  }

  get target(): number {
    return this.#direct?.target ?? 0
  }

  /** All lanes that pictures may use now: the direct ones that are open, else the relay. */
  openLanes(): readonly Lane[] {
    const direct = this.#direct?.open ?? []
    if (direct.length > 0) return this.#onlyOne ? direct.slice(0, 1) : direct
    return this.#relay?.lane.isOpen ? [this.#relay.lane] : []
  }

  /** The lane for the data packets of Classic and Repair. */
  dataLane(): Lane | null {
    return this.lane(0) ?? (this.#relay?.lane.isOpen ? this.#relay.lane : null)
  }

  /** Whether anything can be sent now. */
  get isOpen(): boolean {
    return this.openLanes().length > 0
  }

  /** What carries now: the least direct of the lanes in use. */
  get path(): CarryingPath | null {
    const paths = this.openLanes().map((lane) => lane.path)
    return (['relay', 'turn', 'direct'] as const).find((path) => paths.includes(path)) ?? null
  }

  /** A picture waits: if no lane is open it goes over the relay, until one is. */
  hurry(): void {
    if (!this.#closed) this.#relay?.want()
  }

  /** Someone came to the relay or left it. */
  handleRelay(): void {
    if (!this.#closed) this.#options.onLanesChanged()
  }

  /** Opens all lanes; the answering end only waits for offers. */
  start(): void {
    this.#relay?.handleLanes()
    this.#direct?.start()
  }

  /** Stops opening lanes while the peer's signalling is away; open ones stay. */
  pause(): void {
    this.#direct?.pause()
  }

  /** The peer is reachable again: whatever is not open is tried at once, also what was begun meanwhile. */
  resume(): void {
    this.#relay?.handleLanes()
    this.#direct?.resume()
  }

  /** Makes these lanes anew; what waits of a former call is left. */
  renew(lanes: readonly Lane[]): void {
    if (!this.#closed) this.#direct?.renew(lanes)
  }

  /** This page is about to be closed; said by the lanes, for when the signalling server can't be told. */
  sayGoodbye(): void {
    this.#direct?.sendNote(encodeLinkMessage({ type: 'goodbye' }))
  }

  lane(index: number): Lane | null {
    return this.#direct?.lane(index) ?? null
  }

  /** Direct lanes that are open. */
  get openCount(): number {
    return this.#direct?.open.length ?? 0
  }

  /** True while a lane has failed several times, or the relay stays empty, and none is open. */
  get failing(): boolean {
    if (this.isOpen) return false
    return this.#direct?.failing ?? this.#relay?.failing !== false
  }

  /** Asks the connection anew how far the peer is; `onRtt` tells. */
  measureRtt(): void {
    this.#direct?.measureRtt()
  }

  /** Sends a control packet on a few lanes; true when at least one took it. */
  broadcast(message: Uint8Array): boolean {
    let sent = false
    for (const lane of this.#controlLanes.choose(this.openLanes())) if (lane.send(message)) sent = true
    if (!sent && !this.isOpen) this.hurry()
    return sent
  }

  /**
   * Tells the peer's page a text, at most TEXT_MAX_BYTES. False when there is no way for it now; what has gone on its way
   * may still be lost with a lane.
   */
  sendText(text: string): boolean {
    if (this.#closed) return false
    if (this.#direct?.sendNote(encodeLinkMessage({ type: 'text', text }))) return true
    const lane = this.#relay?.lane
    if (!lane?.isOpen) {
      this.hurry()
      return false
    }
    const parts = lane.bufferedAmount < TEXT_BUFFER_MAX_BYTES ? textParts(text, this.#textNumber++) : null
    return parts?.every((part) => lane.send(part)) ?? false
  }

  /** A message of any lane: a part of a text is taken, all else is for `onMessage`. */
  handleMessage(lane: number, message: Uint8Array): void {
    if (!isTextPart(message)) {
      this.#options.onMessage(lane, message)
      return
    }
    const text = this.#texts.handle(message)
    if (text !== null) this.#options.onText?.(text)
  }

  /** A payload from the peer, not yet trusted; false when it was not a link message. */
  handleSignal(payload: string): boolean {
    const message = parseLinkMessage(payload)
    if (!message || this.#closed) return false
    this.#handle(message)
    return true
  }

  close(): void {
    this.#closed = true
    this.#direct?.close()
    this.#relay?.close()
  }

  #handle(message: LinkMessage): void {
    if (message.type === 'goodbye') this.#options.onGoodbye?.()
    else if (message.type === 'relay') this.#relay?.handleAsked()
    else if (message.type === 'text') this.#options.onText?.(message.text)
    else this.#direct?.handle(message)
  }
}
