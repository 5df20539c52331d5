import type { CodedSymbol } from '../code/coded-symbol'
import type { CongestionController } from '../congestion/controller'
import type { EndpointEvent } from '../endpoint-types'
import { ShoalError } from '../errors'
import { encodeManifest, type Manifest, parseManifest } from '../packet/manifest'
import type { PeerLiveness } from '../peer-liveness'
import type { CarryingPath } from '../report'
import { earliest } from '../retry'
import type { Packet } from '../wire'
import type { PictureExtras } from './extras-sender'
import { LaneLag } from './lane-lag'
import { PictureSender } from './picture-sender'
import { SymbolStream } from './symbol-stream'

/** What a receiver answers. */
export type AnswerPacket = Extract<Packet, { type: 'report' | 'repair' | 'feedback' | 'got' }>

/** The pictures that go to one peer, and whose packet is next: the oldest with something to send goes first (SPEC EP7). */
export class OutgoingPictures {
  readonly #controller: CongestionController
  readonly #canCode: boolean
  readonly #peer: PeerLiveness
  readonly #senders = new Map<string, PictureSender>()
  /** Of the path to the peer, as the controller is. */
  readonly #lag = new LaneLag()
  /** Whose data packet was polled last, and its length. */
  #polledFrom: PictureSender | null = null
  #polledBytes = 0

  /** `canCode`: whether there is an erasure code for Assured. */
  constructor(controller: CongestionController, canCode: boolean, peer: PeerLiveness) {
    this.#controller = controller
    this.#canCode = canCode
    this.#peer = peer
  }

  get(transferId: string): PictureSender | null {
    return this.#senders.get(transferId) ?? null
  }

  has(transferId: string): boolean {
    return this.#senders.has(transferId)
  }

  delete(transferId: string): void {
    this.#senders.delete(transferId)
  }

  /** As `Endpoint.send`; throws SHOAL_INTERNAL (SPEC MF7). */
  send(
    transferId: string,
    manifest: Manifest,
    picture: Uint8Array,
    now: number,
    extras?: PictureExtras,
  ): void {
    // As the peer will read it: a name that had to be cut is cut in both reports.
    const announced = parseManifest(encodeManifest(transferId, manifest))
    if ('error' in announced || announced.data.bytes !== picture.length)
      throw new ShoalError('SHOAL_INTERNAL')
    const stream =
      manifest.mode === 'assured'
        ? new SymbolStream({
            transferId,
            manifest: announced.data,
            picture,
            controller: this.#controller,
            canCode: this.#canCode,
            lag: this.#lag,
          })
        : null
    this.#senders.set(
      transferId,
      new PictureSender(transferId, announced.data, picture, now, this.#peer, stream, extras),
    )
  }

  /** False for a picture that is not on its way. */
  handleAnswer(packet: AnswerPacket, now: number): boolean {
    const sender = this.#senders.get(packet.transferId)
    if (!sender) return false
    if (packet.type === 'report') sender.handleStatus(packet.data, now)
    else if (packet.type === 'got') sender.handleGot(packet.data, now)
    else if (packet.type === 'feedback') sender.handleFeedback(packet.data, now)
    else sender.handleRepair(packet.data, now)
    return true
  }

  handleDrained(now: number): void {
    for (const sender of this.#senders.values()) sender.handleDrained(now)
  }

  handleLanesOpen(now: number): void {
    for (const sender of this.#senders.values()) sender.handleLanesOpen(now)
  }

  handlePeerGone(): void {
    for (const sender of this.#senders.values()) sender.abandon('SHOAL_PEER_GONE')
  }

  handleTimeout(now: number): void {
    for (const sender of this.#senders.values()) sender.handleTimeout(now)
  }

  pollTimeout(): number | null {
    let due: number | null = null
    for (const sender of this.#senders.values()) due = earliest(due, sender.pollTimeout())
    return due
  }

  pollControl(): Uint8Array | null {
    for (const sender of this.#senders.values()) {
      const packet = sender.pollControl()
      if (packet) return packet
    }
    return null
  }

  get hasCalm(): boolean {
    for (const sender of this.#senders.values()) if (sender.hasCalm) return true
    return false
  }

  pollCalm(): Uint8Array | null {
    for (const sender of this.#senders.values()) {
      const packet = sender.pollCalm()
      if (packet) return packet
    }
    return null
  }

  /** A data packet for the data lane, valid until the next call. */
  pollData(): Uint8Array | null {
    for (const sender of this.#senders.values()) {
      const packet = sender.pollData()
      if (packet) return this.#noted(sender, packet)
      // Its END waits for an empty buffer, which would not come before the end of the pictures behind it.
      if (sender.wantsDrain) return null
    }
    return null
  }

  get wantsDrain(): boolean {
    for (const sender of this.#senders.values()) if (sender.wantsDrain) return true
    return false
  }

  get hasSymbols(): boolean {
    for (const sender of this.#senders.values()) if (sender.hasSymbols) return true
    return false
  }

  /** A symbol for whichever lane has room, valid until the next call. */
  pollSymbol(now: number): Uint8Array | null {
    for (const sender of this.#senders.values()) {
      const packet = sender.pollSymbol(now)
      if (packet) return this.#noted(sender, packet)
    }
    return null
  }

  /** The data packet that was polled last was given to this lane. */
  handleCarried(lane: object, path: CarryingPath): void {
    this.#polledFrom?.handleCarried(lane, path, this.#polledBytes)
  }

  /** The next coded symbols to make, of any picture. */
  pollEncode(): EndpointEvent | null {
    for (const [transferId, sender] of this.#senders) {
      const job = sender.pollEncode()
      if (job) return { type: 'encode', transferId, job }
    }
    return null
  }

  handleCoded(transferId: string, block: number, symbols: readonly CodedSymbol[]): void {
    this.#senders.get(transferId)?.handleCoded(block, symbols)
  }

  #noted(sender: PictureSender, packet: Uint8Array): Uint8Array {
    this.#polledFrom = sender
    this.#polledBytes = packet.length
    return packet
  }
}

export function isAnswer(packet: Packet): packet is AnswerPacket {
  const { type } = packet
  return type === 'report' || type === 'repair' || type === 'feedback' || type === 'got'
}
