import { INCOMING_ACTIVE_MAX, PICTURE_MAX_DEFAULT_BYTES } from '../constants'
import type { EndpointEvent, EndpointOptions } from '../endpoint-types'
import type { CancelReason } from '../packet/cancel'
import type { Manifest } from '../packet/manifest'
import type { PeerLiveness } from '../peer-liveness'
import { earliest } from '../retry'
import type { Packet } from '../wire'
import { EarlyParts } from './early-parts'
import { EarlySymbols } from './early-symbols'
import { PathMeter } from './path-meter'
import { PictureReceiver } from './picture-receiver'

/** What a receiver takes, but for its MANIFEST. */
export type IncomingPacket = Extract<Packet, { type: 'data' | 'symbol' | 'end' | 'preview' | 'index' }>

/** Why a picture is not taken on. */
export interface Refusal {
  readonly reason: CancelReason
  /** The largest picture taken with SHOAL_REFUSED_TOO_LARGE, else 0. */
  readonly limitBytes: number
}

/** The pictures that come from one peer: which are taken on (SPEC MF4, LM3), and what overtook its MANIFEST. */
export class IncomingPictures {
  readonly #maxPictureBytes: number
  readonly #options: EndpointOptions
  readonly #peer: PeerLiveness
  /** The endpoint's: what happens to pictures is told in its order. */
  readonly #events: EndpointEvent[]
  readonly #receivers = new Map<string, PictureReceiver>()
  readonly #meter = new PathMeter()
  readonly #earlySymbols = new EarlySymbols()
  readonly #earlyParts = new EarlyParts()

  /** `incoming`, `preview` and `held` are added to `events`. */
  constructor(options: EndpointOptions, peer: PeerLiveness, events: EndpointEvent[]) {
    this.#maxPictureBytes = options.maxPictureBytes ?? PICTURE_MAX_DEFAULT_BYTES
    this.#options = options
    this.#peer = peer
    this.#events = events
  }

  get(transferId: string): PictureReceiver | null {
    return this.#receivers.get(transferId) ?? null
  }

  delete(transferId: string): void {
    this.#receivers.delete(transferId)
  }

  /** A MANIFEST of a transfer that is not known. Null when the picture is taken on. */
  admit(transferId: string, manifest: Manifest, now: number): Refusal | null {
    if (manifest.bytes > this.#maxPictureBytes) {
      return { reason: 'SHOAL_REFUSED_TOO_LARGE', limitBytes: this.#maxPictureBytes }
    }
    let active = 0
    for (const receiver of this.#receivers.values()) if (!receiver.final) active++
    if (active >= INCOMING_ACTIVE_MAX) return { reason: 'SHOAL_REFUSED_BUSY', limitBytes: 0 }
    this.#takeOn(transferId, manifest, now)
    return null
  }

  /** False when there is no memory for a chunk: the transfer has to end (SPEC CX6). */
  handlePacket(receiver: PictureReceiver, packet: IncomingPacket, now: number): boolean {
    if (packet.type === 'data') receiver.handleData(packet.data, now)
    else if (packet.type === 'symbol') receiver.handleSymbol(packet.data, now)
    else if (packet.type === 'end') receiver.handleEnd(packet.data, now)
    else this.#handlePart(receiver, packet, now)
    if (receiver.assembler.outOfMemory) return false
    this.#pollHeld(receiver)
    return true
  }

  /** What may overtake its MANIFEST is kept for a while; false for anything else, or when another had to go. */
  keepEarly(packet: IncomingPacket): boolean {
    if (packet.type === 'symbol') return this.#earlySymbols.keep(packet.transferId, packet.data)
    if (packet.type !== 'preview' && packet.type !== 'index') return false
    return this.#earlyParts.keep(packet.transferId, packet.type, packet.data)
  }

  /** The sender no longer has the picture. */
  handleRepairRefused(receiver: PictureReceiver, now: number): void {
    receiver.refuseRepair(now)
    this.#pollHeld(receiver)
  }

  handleDigest(transferId: string, sha256: string, now: number): void {
    const receiver = this.#receivers.get(transferId)
    if (!receiver) return
    receiver.handleDigest(sha256, now)
    this.#pollHeld(receiver)
  }

  /** `bytes`: the block's chunks, 1 024 bytes each; null when the symbols did not suffice. */
  handleDecoded(transferId: string, block: number, bytes: Uint8Array | null, now: number): void {
    const receiver = this.#receivers.get(transferId)
    if (!receiver) return
    receiver.handleDecoded(block, bytes, now)
    this.#pollHeld(receiver)
  }

  handleLanesOpen(now: number): void {
    for (const receiver of this.#receivers.values()) receiver.handleLanesOpen(now)
  }

  handlePeerGone(now: number): void {
    for (const receiver of this.#receivers.values()) {
      receiver.abandon('SHOAL_PEER_GONE', now)
      this.#pollHeld(receiver)
    }
  }

  handleTimeout(now: number): void {
    for (const receiver of this.#receivers.values()) {
      receiver.handleTimeout(now)
      this.#pollHeld(receiver)
    }
  }

  pollTimeout(): number | null {
    let due: number | null = null
    for (const receiver of this.#receivers.values()) due = earliest(due, receiver.pollTimeout())
    return due
  }

  pollControl(): Uint8Array | null {
    for (const receiver of this.#receivers.values()) {
      const packet = receiver.pollControl()
      if (packet) return packet
    }
    return null
  }

  /** The next block to decode, of any picture. */
  pollDecode(): EndpointEvent | null {
    for (const [transferId, receiver] of this.#receivers) {
      const job = receiver.pollDecode()
      if (job) return { type: 'decode', transferId, job }
    }
    return null
  }

  #takeOn(transferId: string, manifest: Manifest, now: number): void {
    const { allocate, sinkFor, findHeld } = this.#options
    const sink = sinkFor?.(transferId) ?? null
    const held = findHeld?.(manifest) ?? null
    const options = { sink, peer: this.#peer, meter: this.#meter, held, ...(allocate && { allocate }) }
    const receiver = new PictureReceiver(transferId, manifest, options, now)
    this.#receivers.set(transferId, receiver)
    this.#events.push({ type: 'incoming', transferId })
    for (const symbol of this.#earlySymbols.take(transferId)) receiver.handleSymbol(symbol, now)
    for (const { kind, part } of this.#earlyParts.take(transferId)) {
      this.#handlePart(receiver, { type: kind, transferId, data: part }, now)
    }
  }

  #handlePart(receiver: PictureReceiver, { type, data }: PartPacket, now: number): void {
    const { extras, transferId } = receiver
    const before = extras.preview
    receiver.handlePart(type, data, now)
    if (extras.preview !== before) this.#events.push({ type: 'preview', transferId })
  }

  #pollHeld(receiver: PictureReceiver): void {
    if (receiver.pollHeld()) this.#events.push({ type: 'held', transferId: receiver.transferId })
  }
}

type PartPacket = Extract<Packet, { type: 'preview' | 'index' }>
