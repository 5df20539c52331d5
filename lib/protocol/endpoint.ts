import type { CodedSymbol } from './code/coded-symbol'
import { Cancellations } from './cancellation'
import { DelayRateController } from './congestion/delay-rate'
import { INCOMING_ACTIVE_MAX, PICTURE_MAX_DEFAULT_BYTES, SLEPT_MIN_MS } from './constants'
import { type Ending, Endings } from './endings'
import type { EndpointEvent, EndpointOptions } from './endpoint-types'
import { ShoalError } from './errors'
import type { CongestionController } from './congestion/controller'
import type { CarryingPath } from './report'
import type { Cancel, CancelReason } from './packet/cancel'
import { encodeManifest, type Manifest, parseManifest } from './packet/manifest'
import { encodeStatus } from './packet/status'
import { PeerLiveness } from './peer-liveness'
import { earliest } from './retry'
import { EarlyParts } from './rx/early-parts'
import { EarlySymbols } from './rx/early-symbols'
import { PathMeter } from './rx/path-meter'
import { PictureReceiver } from './rx/picture-receiver'
import type { PictureExtras } from './tx/extras-sender'
import { PictureSender } from './tx/picture-sender'
import { LaneLag } from './tx/lane-lag'
import { SymbolStream } from './tx/symbol-stream'
import { type Packet, parsePacket } from './wire'

export type { EndpointEvent, EndpointOptions } from './endpoint-types'

type PartPacket = Extract<Packet, { type: 'preview' | 'index' }>
type ChunkPacket = Extract<Packet, { type: 'data' | 'symbol' }>
type PacketForReceiver = ChunkPacket | Extract<Packet, { type: 'end' }> | PartPacket
type PacketForSender = Extract<Packet, { type: 'report' | 'repair' | 'feedback' | 'got' }>

/**
 * Everything between us and one peer (SPEC EP): pictures in both directions over one set of lanes.
 * Sans-IO: `handleX(…, now)` in, `pollX()` out; `now` is milliseconds and never goes back.
 */
export class Endpoint {
  readonly #maxPictureBytes: number
  readonly #options: EndpointOptions
  readonly #incoming = new Map<string, PictureReceiver>()
  readonly #outgoing = new Map<string, PictureSender>()
  readonly #endings = new Endings()
  readonly #cancellations = new Cancellations()
  /** Final REPORTs of pictures that are put away, for senders that still ask. */
  readonly #reports: Uint8Array[] = []
  readonly #events: EndpointEvent[] = []
  readonly #peer = new PeerLiveness()
  readonly #meter = new PathMeter()
  /** One for all pictures to this peer: what one learns of the path serves the next. */
  readonly controller: CongestionController
  /** Of the path to the peer, as the controller is. */
  readonly #lag = new LaneLag()
  readonly #early: EarlySymbols = new EarlySymbols()
  readonly #earlyParts = new EarlyParts()
  /** Whose data packet was polled last, and its length. */
  #polledFrom: PictureSender | null = null
  #polledBytes = 0
  /** The latest time we were told. */
  #now = -Infinity
  /** Packets that could not be read. */
  malformed = 0
  /** Readable packets of no transfer that we know. */
  strays = 0

  constructor(options: EndpointOptions = {}) {
    this.#maxPictureBytes = options.maxPictureBytes ?? PICTURE_MAX_DEFAULT_BYTES
    this.#options = options
    this.controller = options.controller ?? new DelayRateController()
  }

  receiver(transferId: string): PictureReceiver | null {
    return this.#incoming.get(transferId) ?? null
  }

  sender(transferId: string): PictureSender | null {
    return this.#outgoing.get(transferId) ?? null
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
            controller: this.controller,
            canCode: this.#options.canCode ?? false,
            lag: this.#lag,
          })
        : null
    this.#outgoing.set(
      transferId,
      new PictureSender(transferId, announced.data, picture, now, this.#peer, stream, extras),
    )
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
    for (const sender of this.#outgoing.values()) sender.handleDrained(now)
  }

  handleDigest(transferId: string, sha256: string, now: number): void {
    const receiver = this.#incoming.get(transferId)
    if (!receiver) return
    receiver.handleDigest(sha256, now)
    this.#pollHeld(receiver)
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
    for (const sender of this.#outgoing.values()) sender.handleLanesOpen(now)
    for (const receiver of this.#incoming.values()) receiver.handleLanesOpen(now)
  }

  /** The peer left for good: every transfer ends with what it has. */
  handlePeerGone(now: number): void {
    this.#now = now
    this.#cancellations.clear()
    for (const sender of this.#outgoing.values()) sender.abandon('SHOAL_PEER_GONE')
    for (const receiver of this.#incoming.values()) {
      receiver.abandon('SHOAL_PEER_GONE', now)
      this.#pollHeld(receiver)
    }
  }

  handleTimeout(now: number): void {
    this.#now = now
    const due = this.pollTimeout()
    if (due !== null && now - due > SLEPT_MIN_MS) this.#peer.handleSlept(now)
    for (const sender of this.#outgoing.values()) sender.handleTimeout(now)
    for (const receiver of this.#incoming.values()) {
      receiver.handleTimeout(now)
      this.#pollHeld(receiver)
    }
    this.#cancellations.handleTimeout(now)
  }

  /** When `handleTimeout` wants to be called; null for never. */
  pollTimeout(): number | null {
    let due = this.#cancellations.pollTimeout()
    for (const sender of this.#outgoing.values()) due = earliest(due, sender.pollTimeout())
    for (const receiver of this.#incoming.values()) due = earliest(due, receiver.pollTimeout())
    return due
  }

  /** A control packet, to be sent on every lane; null when there is none. */
  pollControl(): Uint8Array | null {
    for (const sender of this.#outgoing.values()) {
      const packet = sender.pollControl()
      if (packet) return packet
    }
    for (const receiver of this.#incoming.values()) {
      const packet = receiver.pollControl()
      if (packet) return packet
    }
    return this.#reports.shift() ?? this.#cancellations.pollControl()
  }

  /** `pollCalm` may have something. */
  get hasCalm(): boolean {
    for (const sender of this.#outgoing.values()) if (sender.hasCalm) return true
    return false
  }

  /** A packet for any one lane that has room; null when there is none. */
  pollCalm(): Uint8Array | null {
    for (const sender of this.#outgoing.values()) {
      const packet = sender.pollCalm()
      if (packet) return packet
    }
    return null
  }

  /** A data packet for the data lane, valid until the next call; the oldest picture with something to send goes first. */
  pollData(): Uint8Array | null {
    for (const sender of this.#outgoing.values()) {
      const packet = sender.pollData()
      if (packet) return this.#noted(sender, packet)
      // Its END waits for an empty buffer, which would not come before the end of the pictures behind it.
      if (sender.wantsDrain) return null
    }
    return null
  }

  /** `pollSymbol` may have something. */
  get hasSymbols(): boolean {
    for (const sender of this.#outgoing.values()) if (sender.hasSymbols) return true
    return false
  }

  /** Assured: a packet for whichever lane has room, valid until the next call; null when none may leave now. */
  pollSymbol(now: number): Uint8Array | null {
    for (const sender of this.#outgoing.values()) {
      const packet = sender.pollSymbol(now)
      if (packet) return this.#noted(sender, packet)
    }
    return null
  }

  /** The data packet that was polled last was given to this lane, which is known by its identity. */
  handleCarried(lane: object, path: CarryingPath): void {
    this.#polledFrom?.handleCarried(lane, path, this.#polledBytes)
  }

  handleCoded(transferId: string, block: number, symbols: readonly CodedSymbol[]): void {
    this.#outgoing.get(transferId)?.handleCoded(block, symbols)
  }

  /** `bytes`: the block's chunks, 1 024 bytes each; null when the symbols did not suffice. */
  handleDecoded(transferId: string, block: number, bytes: Uint8Array | null, now: number): void {
    const receiver = this.#incoming.get(transferId)
    if (!receiver) return
    receiver.handleDecoded(block, bytes, now)
    this.#pollHeld(receiver)
  }

  /** Some picture waits for `handleDrained`. */
  get wantsDrain(): boolean {
    for (const sender of this.#outgoing.values()) if (sender.wantsDrain) return true
    return false
  }

  pollEvent(): EndpointEvent | null {
    const event = this.#events.shift()
    if (event) return event
    for (const [transferId, sender] of this.#outgoing) {
      const job = sender.pollEncode()
      if (job) return { type: 'encode', transferId, job }
    }
    for (const [transferId, receiver] of this.#incoming) {
      const job = receiver.pollDecode()
      if (job) return { type: 'decode', transferId, job }
    }
    return null
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
    if (sender && !sender.over) this.#abort(transferId, 'send', 'SHOAL_CANCELLED_BY_SENDER')
    else if (receiver && !receiver.final) this.#abort(transferId, 'receive', 'SHOAL_CANCELLED_BY_RECEIVER')
  }

  /**
   * Frees what a transfer holds; one under way is cancelled first. A peer that still asks is answered: with the
   * final REPORT of a picture received, or that a picture sent is gone.
   */
  forget(transferId: string): void {
    this.cancel(transferId, this.#now)
    const receiver = this.#incoming.get(transferId)
    if (receiver) {
      const report = encodeStatus(transferId, receiver.status())
      this.#endings.add(transferId, { type: 'received', report })
    } else if (this.#outgoing.has(transferId)) {
      const reason = 'SHOAL_REPAIR_UNAVAILABLE'
      this.#endings.add(transferId, { type: 'cancelled', reason, limitBytes: 0 })
    }
    this.#incoming.delete(transferId)
    this.#outgoing.delete(transferId)
  }

  #route(packet: Packet, now: number): void {
    const { transferId } = packet
    const ending = this.#endings.get(transferId)
    if (packet.type === 'cancel') this.#handleCancel(transferId, packet.data, now)
    else if (ending) this.#answer(packet, ending, now)
    else if (packet.type === 'manifest') this.#handleManifest(transferId, packet.data, now)
    else if (isForSender(packet)) this.#toSender(packet, now)
    else {
      const receiver = this.#incoming.get(transferId)
      if (receiver) this.#toReceiver(receiver, packet, now)
      else if (!this.#keepEarly(packet)) this.strays++
    }
  }

  #toSender(packet: PacketForSender, now: number): void {
    const sender = this.#outgoing.get(packet.transferId)
    if (!sender) {
      this.strays++
      return
    }
    if (packet.type === 'report') sender.handleStatus(packet.data, now)
    else if (packet.type === 'got') sender.handleGot(packet.data, now)
    else if (packet.type === 'feedback') sender.handleFeedback(packet.data, now)
    else sender.handleRepair(packet.data, now)
  }

  #toReceiver(receiver: PictureReceiver, packet: PacketForReceiver, now: number): void {
    if (packet.type === 'data') receiver.handleData(packet.data, now)
    else if (packet.type === 'symbol') receiver.handleSymbol(packet.data, now)
    else if (packet.type === 'end') receiver.handleEnd(packet.data, now)
    else this.#handlePart(receiver, packet, now)
    if (receiver.assembler.outOfMemory) this.#abort(receiver.transferId, 'receive', 'SHOAL_STORAGE_FULL')
    else this.#pollHeld(receiver)
  }

  #handlePart(receiver: PictureReceiver, { type, data }: PartPacket, now: number): void {
    const { extras, transferId } = receiver
    const before = extras.preview
    receiver.handlePart(type, data, now)
    if (extras.preview !== before) this.#events.push({ type: 'preview', transferId })
  }

  /** What may overtake its MANIFEST is kept for a while; false for anything else, or when another had to go. */
  #keepEarly(packet: PacketForReceiver): boolean {
    if (packet.type === 'symbol') return this.#early.keep(packet.transferId, packet.data)
    if (packet.type !== 'preview' && packet.type !== 'index') return false
    return this.#earlyParts.keep(packet.transferId, packet.type, packet.data)
  }

  /** The peer has not noticed that this transfer is over. */
  #answer(packet: Packet, ending: Ending, now: number): void {
    if (ending.type === 'received') {
      if (packet.type === 'end') this.#reports.push(ending.report)
    } else if (packet.type !== 'report' || packet.data.phase !== 'final') {
      this.#cancellations.start(packet.transferId, ending.reason, ending.limitBytes, now)
    }
  }

  #handleManifest(transferId: string, manifest: Manifest, now: number): void {
    const known = this.#incoming.get(transferId)
    if (known) {
      known.handleManifest(now)
      return
    }
    if (this.#outgoing.has(transferId)) {
      this.strays++
      return
    }
    let active = 0
    for (const receiver of this.#incoming.values()) if (!receiver.final) active++
    if (manifest.bytes > this.#maxPictureBytes) {
      this.#refuse(transferId, 'SHOAL_REFUSED_TOO_LARGE', this.#maxPictureBytes, now)
    } else if (active >= INCOMING_ACTIVE_MAX) {
      this.#refuse(transferId, 'SHOAL_REFUSED_BUSY', 0, now)
    } else {
      const { allocate, sinkFor, findHeld } = this.#options
      const sink = sinkFor?.(transferId) ?? null
      const held = findHeld?.(manifest) ?? null
      const options = { sink, peer: this.#peer, meter: this.#meter, held, ...(allocate && { allocate }) }
      const receiver = new PictureReceiver(transferId, manifest, options, now)
      this.#incoming.set(transferId, receiver)
      this.#events.push({ type: 'incoming', transferId })
      for (const symbol of this.#early.take(transferId)) receiver.handleSymbol(symbol, now)
      for (const { kind, part } of this.#earlyParts.take(transferId)) {
        this.#handlePart(receiver, { type: kind, transferId, data: part }, now)
      }
    }
  }

  #handleCancel(transferId: string, cancel: Cancel, now: number): void {
    if (cancel.acknowledges) {
      this.#cancellations.handleAcknowledged(transferId)
      return
    }
    this.#cancellations.acknowledge(transferId, cancel.reason)
    const sender = this.#outgoing.get(transferId)
    const receiver = this.#incoming.get(transferId)
    if (sender) {
      // What is over can only be ended by a receiver that had begun to repair it (SPEC CX4).
      const tooLate = sender.over && (sender.whole || cancel.reason === 'SHOAL_REPAIR_UNAVAILABLE')
      if (!tooLate) this.#end(transferId, 'send', cancel.reason, cancel.limitBytes)
    } else if (!receiver) {
      if (!this.#endings.get(transferId)) this.strays++
    } else if (cancel.reason === 'SHOAL_REPAIR_UNAVAILABLE') {
      receiver.refuseRepair(now)
      this.#pollHeld(receiver)
    } else if (!receiver.final) this.#end(transferId, 'receive', cancel.reason, 0)
  }

  #refuse(transferId: string, reason: CancelReason, limitBytes: number, now: number): void {
    this.#endings.add(transferId, { type: 'cancelled', reason, limitBytes })
    this.#cancellations.start(transferId, reason, limitBytes, now)
  }

  /** Ends a transfer from this side. */
  #abort(transferId: string, direction: 'send' | 'receive', reason: CancelReason): void {
    this.#end(transferId, direction, reason, 0)
    this.#cancellations.start(transferId, reason, 0, this.#now)
  }

  #end(transferId: string, direction: 'send' | 'receive', code: CancelReason, limitBytes: number): void {
    this.#outgoing.delete(transferId)
    this.#incoming.delete(transferId)
    this.#endings.add(transferId, { type: 'cancelled', reason: code, limitBytes: 0 })
    this.#events.push({ type: 'cancelled', transferId, direction, code, limitBytes })
  }

  #noted(sender: PictureSender, packet: Uint8Array): Uint8Array {
    this.#polledFrom = sender
    this.#polledBytes = packet.length
    return packet
  }

  #pollHeld(receiver: PictureReceiver): void {
    if (receiver.pollHeld()) this.#events.push({ type: 'held', transferId: receiver.transferId })
  }
}

function isForSender(packet: Packet): packet is PacketForSender {
  const { type } = packet
  return type === 'report' || type === 'repair' || type === 'feedback' || type === 'got'
}

function isChunk(packet: Packet): packet is ChunkPacket {
  return packet.type === 'data' || packet.type === 'symbol'
}
