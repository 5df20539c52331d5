import { ClosedTransfers } from './closed-transfers'
import type { CodedSymbol } from './code/coded-symbol'
import type { CongestionController } from './congestion/controller'
import { DelayRateController } from './congestion/delay-rate'
import { SLEPT_MIN_MS } from './constants'
import type { EndpointEvent, EndpointOptions } from './endpoint-types'
import type { Cancel, CancelReason } from './packet/cancel'
import type { Manifest } from './packet/manifest'
import { PeerLiveness } from './peer-liveness'
import type { CarryingPath } from './report'
import { earliest } from './retry'
import { type IncomingPacket, IncomingPictures } from './rx/incoming-pictures'
import type { PictureReceiver } from './rx/picture-receiver'
import type { PictureExtras } from './tx/extras-sender'
import { isAnswer, OutgoingPictures } from './tx/outgoing-pictures'
import type { PictureSender } from './tx/picture-sender'
import { type Packet, parsePacket } from './wire'

export type { EndpointEvent, EndpointOptions } from './endpoint-types'

/**
 * Everything between us and one peer (SPEC EP): pictures in both directions over one set of lanes.
 * Sans-IO: `handleX(…, now)` in, `pollX()` out; `now` is milliseconds and never goes back.
 */
export class Endpoint {
  readonly #events: EndpointEvent[] = []
  readonly #peer = new PeerLiveness()
  /** One for all pictures to this peer: what one learns of the path serves the next. */
  readonly controller: CongestionController
  readonly #incoming: IncomingPictures
  readonly #outgoing: OutgoingPictures
  readonly #closed = new ClosedTransfers()
  /** The latest time we were told. */
  #now = -Infinity
  /** Packets that could not be read. */
  malformed = 0
  /** Readable packets of no transfer that we know. */
  strays = 0

  constructor(options: EndpointOptions = {}) {
    this.controller = options.controller ?? new DelayRateController()
    this.#incoming = new IncomingPictures(options, this.#peer, this.#events)
    this.#outgoing = new OutgoingPictures(this.controller, options.canCode ?? false, this.#peer)
  }

  receiver(transferId: string): PictureReceiver | null {
    return this.#incoming.get(transferId)
  }

  sender(transferId: string): PictureSender | null {
    return this.#outgoing.get(transferId)
  }

  /**
   * Announces a picture; its chunks follow through `pollData` once the peer has answered. `picture` must not
   * change until the transfer is forgotten. Throws SHOAL_INTERNAL when the manifest could not be read by the
   * peer or is not this picture's. `extras` go beside it, as far as they fit.
   */
  send(
    transferId: string,
    manifest: Manifest,
    picture: Uint8Array,
    now: number,
    extras?: PictureExtras,
  ): void {
    this.#now = now
    this.#outgoing.send(transferId, manifest, picture, now, extras)
  }

  /**
   * One message of any lane. False when it calls for nothing: there is nothing to poll before the time that `pollTimeout`
   * told last.
   */
  handlePacket(bytes: Uint8Array, now: number): boolean {
    this.#now = now
    const result = parsePacket(bytes)
    if ('error' in result) {
      this.malformed++
      return false
    }
    const { packet } = result
    const receiver = this.#incoming.get(packet.transferId)
    // Most packets by far, and all that most of them do is to be there.
    if (receiver && isChunk(packet)) {
      this.#toReceiver(receiver, packet, now)
      return this.#events.length > 0 || receiver.hasWork
    }
    this.#route(packet, now)
    return true
  }

  /** The data lane's buffer is empty. */
  handleDrained(now: number): void {
    this.#outgoing.handleDrained(now)
  }

  handleDigest(transferId: string, sha256: string, now: number): void {
    this.#incoming.handleDigest(transferId, sha256, now)
  }

  /** No lane to the peer is open any more; it may come back (SPEC RS1). */
  handleLanesLost(now: number): void {
    this.#now = now
    this.#peer.handleLanesLost(now)
  }

  /** A lane is open again. */
  handleLanesOpen(now: number): void {
    this.#now = now
    if (!this.#peer.lanesLost) return
    this.#peer.handleLanesOpen(now)
    this.#outgoing.handleLanesOpen(now)
    this.#incoming.handleLanesOpen(now)
  }

  /** The peer left for good: every transfer ends with what it has. */
  handlePeerGone(now: number): void {
    this.#now = now
    this.#closed.handlePeerGone()
    this.#outgoing.handlePeerGone()
    this.#incoming.handlePeerGone(now)
  }

  handleTimeout(now: number): void {
    this.#now = now
    const due = this.pollTimeout()
    if (due !== null && now - due > SLEPT_MIN_MS) this.#peer.handleSlept(now)
    this.#outgoing.handleTimeout(now)
    this.#incoming.handleTimeout(now)
    this.#closed.handleTimeout(now)
  }

  /** When `handleTimeout` wants to be called; null for never. */
  pollTimeout(): number | null {
    return earliest(this.#closed.pollTimeout(), this.#outgoing.pollTimeout(), this.#incoming.pollTimeout())
  }

  /** A control packet, to be sent on every lane; null when there is none. */
  pollControl(): Uint8Array | null {
    return this.#outgoing.pollControl() ?? this.#incoming.pollControl() ?? this.#closed.pollControl()
  }

  /** `pollCalm` may have something. */
  get hasCalm(): boolean {
    return this.#outgoing.hasCalm
  }

  /** A packet for any one lane that has room; null when there is none. */
  pollCalm(): Uint8Array | null {
    return this.#outgoing.pollCalm()
  }

  /** A data packet for the data lane, valid until the next call; the oldest picture with something to send goes first. */
  pollData(): Uint8Array | null {
    return this.#outgoing.pollData()
  }

  /** `pollSymbol` may have something. */
  get hasSymbols(): boolean {
    return this.#outgoing.hasSymbols
  }

  /** Assured: a packet for whichever lane has room, valid until the next call; null when none may leave now. */
  pollSymbol(now: number): Uint8Array | null {
    return this.#outgoing.pollSymbol(now)
  }

  /** The data packet that was polled last was given to this lane, which is known by its identity. */
  handleCarried(lane: object, path: CarryingPath): void {
    this.#outgoing.handleCarried(lane, path)
  }

  handleCoded(transferId: string, block: number, symbols: readonly CodedSymbol[]): void {
    this.#outgoing.handleCoded(transferId, block, symbols)
  }

  /** `bytes`: the block's chunks, 1 024 bytes each; null when the symbols did not suffice. */
  handleDecoded(transferId: string, block: number, bytes: Uint8Array | null, now: number): void {
    this.#incoming.handleDecoded(transferId, block, bytes, now)
  }

  /** Some picture waits for `handleDrained`. */
  get wantsDrain(): boolean {
    return this.#outgoing.wantsDrain
  }

  pollEvent(): EndpointEvent | null {
    return this.#events.shift() ?? this.#outgoing.pollEncode() ?? this.#incoming.pollDecode()
  }

  /** The person asked for the missing chunks of a picture. */
  repair(transferId: string, now: number): void {
    this.#incoming.get(transferId)?.startRepair(now)
  }

  /** Ends a transfer and tells the peer, whichever way it goes; a finished one stays as it is. */
  cancel(transferId: string, now: number): void {
    this.#now = now
    const sender = this.#outgoing.get(transferId)
    const receiver = this.#incoming.get(transferId)
    if (sender && !sender.over) this.#abort(transferId, 'send', 'SHOAL_CANCELLED_BY_SENDER', now)
    else if (receiver && !receiver.final) {
      this.#abort(transferId, 'receive', 'SHOAL_CANCELLED_BY_RECEIVER', now)
    }
  }

  /**
   * Frees what a transfer holds; one under way is cancelled first. A peer that still asks is answered: with the
   * final REPORT of a picture received, or that a picture sent is gone.
   */
  forget(transferId: string): void {
    this.cancel(transferId, this.#now)
    const receiver = this.#incoming.get(transferId)
    if (receiver) this.#closed.addReceived(transferId, receiver.status())
    else if (this.#outgoing.has(transferId)) this.#closed.addCancelled(transferId, 'SHOAL_REPAIR_UNAVAILABLE')
    this.#delete(transferId)
  }

  #route(packet: Packet, now: number): void {
    const { transferId } = packet
    if (packet.type === 'cancel') this.#handleCancel(transferId, packet.data, now)
    else if (this.#closed.handlePacket(packet, now)) return
    else if (packet.type === 'manifest') this.#handleManifest(transferId, packet.data, now)
    else if (isAnswer(packet)) {
      if (!this.#outgoing.handleAnswer(packet, now)) this.strays++
    } else {
      const receiver = this.#incoming.get(transferId)
      if (receiver) this.#toReceiver(receiver, packet, now)
      else if (!this.#incoming.keepEarly(packet)) this.strays++
    }
  }

  #toReceiver(receiver: PictureReceiver, packet: IncomingPacket, now: number): void {
    if (this.#incoming.handlePacket(receiver, packet, now)) return
    this.#abort(receiver.transferId, 'receive', 'SHOAL_STORAGE_FULL', now)
  }

  #handleManifest(transferId: string, manifest: Manifest, now: number): void {
    const known = this.#incoming.get(transferId)
    if (known) known.handleManifest(now)
    else if (this.#outgoing.has(transferId)) this.strays++
    else {
      const refusal = this.#incoming.admit(transferId, manifest, now)
      if (refusal) this.#closed.cancel(transferId, refusal.reason, refusal.limitBytes, now)
    }
  }

  #handleCancel(transferId: string, cancel: Cancel, now: number): void {
    if (!this.#closed.handleCancel(transferId, cancel)) return
    const { reason, limitBytes } = cancel
    const sender = this.#outgoing.get(transferId)
    const receiver = this.#incoming.get(transferId)
    if (sender) {
      // What is over can only be ended by a receiver that had begun to repair it (SPEC CX4).
      const tooLate = sender.over && (sender.whole || reason === 'SHOAL_REPAIR_UNAVAILABLE')
      if (!tooLate) this.#handleEnded(transferId, 'send', reason, limitBytes)
    } else if (!receiver) {
      if (!this.#closed.has(transferId)) this.strays++
    } else if (reason === 'SHOAL_REPAIR_UNAVAILABLE') {
      this.#incoming.handleRepairRefused(receiver, now)
    } else if (!receiver.final) this.#handleEnded(transferId, 'receive', reason, 0)
  }

  /** The peer has ended a transfer. */
  #handleEnded(transferId: string, direction: Direction, code: CancelReason, limitBytes: number): void {
    this.#closed.addCancelled(transferId, code)
    this.#delete(transferId)
    this.#events.push({ type: 'cancelled', transferId, direction, code, limitBytes })
  }

  /** Ends a transfer from this side. */
  #abort(transferId: string, direction: Direction, code: CancelReason, now: number): void {
    this.#closed.cancel(transferId, code, 0, now)
    this.#delete(transferId)
    this.#events.push({ type: 'cancelled', transferId, direction, code, limitBytes: 0 })
  }

  #delete(transferId: string): void {
    this.#outgoing.delete(transferId)
    this.#incoming.delete(transferId)
  }
}

type Direction = Extract<EndpointEvent, { type: 'cancelled' }>['direction']

function isChunk(packet: Packet): packet is Extract<Packet, { type: 'data' | 'symbol' }> {
  return packet.type === 'data' || packet.type === 'symbol'
}
