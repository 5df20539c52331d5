import { BlockLayout } from '../code/block-layout'
import type { CodedSymbol } from '../code/coded-symbol'
import type { CongestionController } from '../congestion/controller'
import { CHUNK_BYTES } from '../constants'
import { type Feedback, RECENT_PACKETS } from '../packet/feedback'
import type { Manifest } from '../packet/manifest'
import type { Run } from '../packet/runs'
import { spanMs, SYMBOL_HEADER_BYTES, SymbolPacketWriter, toTenths } from '../packet/symbol'
import { earliest } from '../retry'
import { CodedSupply, type EncodeJob } from './coded-supply'
import { Flight } from './flight'
import type { LaneLag } from './lane-lag'

/** Without feedback for so long, and at least three round trips, what is under way is given up. */
const SILENCE_MIN_MS = 250
const SILENCE_MAX_MS = 2000
/** How sure we want to be that what is under way suffices: standard deviations of the number that arrives. */
const MARGIN_SIGMAS = 3
/** Loss assumed of a path nobody has measured. */
const LOSS_PRIOR = 0.02
/** Up to this round trip a chunk that is sent again is there before a decoding would be done. */
const RESEND_RTT_MAX_MS = 12

/** Whether a missing chunk is better sent again than rebuilt, by the path's round trip; null: not known. */
export function resends(minRttMs: number | null): boolean {
  return minRttMs !== null && minRttMs <= RESEND_RTT_MAX_MS
}

const PACKET_BYTES = SYMBOL_HEADER_BYTES + CHUNK_BYTES
/** More chunks than this are not sent again between two feedbacks. */
const NAMED_MAX = 1024
interface Block {
  /** As last heard. */
  need: number
  sourceSent: number
}

/**
 * Which symbol goes next (SPEC AS): every chunk once; then, for a block that the receiver can't complete from what
 * is under way, coded symbols or the missing chunks again; then nothing, until a feedback says otherwise.
 */
export class SymbolStream {
  readonly #manifest: Manifest
  readonly #picture: Uint8Array
  readonly #controller: CongestionController
  readonly #layout: BlockLayout
  readonly #writer: SymbolPacketWriter
  readonly #flight: Flight
  readonly #blocks: Block[]
  /** By chunk: the number of the packet that carried it last, + 1; 0 for never. */
  readonly #lastPacket: Uint32Array
  /** By chunk: 1 when the receiver had it before; not sent unless a feedback names it after all. */
  #spared: Uint8Array | null = null
  readonly #coded: CodedSupply
  readonly #canCode: boolean
  #missing: number[] = []
  /** Packets known to be lost, as of the last feedback. */
  #lost = 0
  /** The last `poll` had to wait for allowance. */
  #paced = false
  #feedback: Feedback | null = null
  #quietSince: number | null = null
  #silenceMs = SILENCE_MIN_MS

  constructor(options: {
    readonly transferId: string
    readonly manifest: Manifest
    readonly picture: Uint8Array
    readonly controller: CongestionController
    /** False where no code is at hand: then missing chunks are sent again. */
    readonly canCode: boolean
    /** The peer's, for all its pictures. */
    readonly lag?: LaneLag
  }) {
    this.#manifest = options.manifest
    this.#picture = options.picture
    this.#controller = options.controller
    this.#canCode = options.canCode
    this.#layout = new BlockLayout(options.manifest.chunkCount)
    this.#coded = new CodedSupply(options.picture, this.#layout)
    this.#writer = new SymbolPacketWriter(options.transferId)
    this.#flight = new Flight(this.#layout.blockCount, options.lag)
    this.#lastPacket = new Uint32Array(options.manifest.chunkCount)
    this.#blocks = Array.from({ length: this.#layout.blockCount }, (_, block) => ({
      need: this.#layout.size(block),
      sourceSent: 0,
    }))
  }

  get packetsSent(): number {
    return this.#flight.sent
  }

  get codedPacketsSent(): number {
    return this.#coded.taken
  }

  /** Packets whose fate is not known. */
  get inFlight(): number {
    return this.#flight.total
  }

  get minRttMs(): number | null {
    return this.#controller.minRttMs
  }

  handleFeedback(feedback: Feedback, now: number): void {
    const last = this.#feedback
    if (last && feedback.feedbackNumber <= last.feedbackNumber) return
    if (feedback.packetsSeen > this.#flight.sent) return
    this.#feedback = feedback
    this.#quietSince = now
    this.#silenceMs = Math.max(SILENCE_MIN_MS, 3 * (this.#controller.minRttMs ?? 0))
    this.#settle(feedback, now)
    this.#controller.handleFeedback({
      now,
      receiverSpanMs: last ? spanMs(last.receiverTenths, feedback.receiverTenths) : 0,
      senderSpanMs: last ? this.#sendingSpan(last, feedback) : 0,
      ...this.#newlyKnown(last, feedback),
      queueDelayMs: feedback.queueDelayTenths / 10,
      rttMs: this.#rtt(feedback, now),
    })
    this.#blocks.forEach((block, index) => {
      if (index < feedback.doneBefore) block.need = 0
    })
    for (const { block, need } of feedback.needs) {
      const state = this.#blocks[block]
      if (state) state.need = Math.min(need, this.#layout.size(block) + 64)
    }
    this.#missing = this.#named(feedback)
  }

  /** The receiver has all chunks but these from before. */
  handleWanted(runs: readonly Run[]): void {
    const spared = new Uint8Array(this.#manifest.chunkCount).fill(1)
    for (const { start, length } of runs) spared.fill(0, start, start + length)
    this.#spared = spared
    this.#blocks.forEach((block, index) => {
      const start = this.#layout.start(index)
      const size = this.#layout.size(index)
      let need = 0
      for (let chunk = start; chunk < start + size; chunk++) need += 1 - (spared[chunk] ?? 0)
      block.need = Math.min(block.need, need)
      this.#skipSpared(index, block)
    })
  }

  /** All lanes were lost and others are in their place: what was under way is lost, and the path may be another. */
  handleLanesOpen(now: number): void {
    this.#flight.giveUp()
    this.#controller.handleOtherPath?.(now)
    this.#silenceMs = SILENCE_MIN_MS
    if (this.#quietSince !== null) this.#quietSince = now
  }

  /** The packet that was polled last went by this lane, which is known by its identity. */
  handleCarried(lane: object): void {
    this.#flight.handleCarried(lane)
  }

  /** Coded symbols of a block: all that were made so far, in an order that does not change. */
  handleCoded(block: number, symbols: readonly CodedSymbol[]): void {
    this.#coded.handleCoded(block, symbols)
  }

  pollEncode(): EncodeJob | null {
    return this.#coded.pollEncode()
  }

  /** The next packet, valid until the next call; null when the path or the receiver wants none now. */
  poll(now: number): Uint8Array | null {
    this.#paced = !this.#controller.maySend(PACKET_BYTES, now)
    if (this.#paced) return null
    const packet = this.#repairPacket(now, false) ?? this.#sourcePacket(now) ?? this.#repairPacket(now, true)
    if (packet) {
      this.#quietSince ??= now
      this.#controller.handleSent(packet.length, now)
    }
    return packet
  }

  handleTimeout(now: number): void {
    // The allowance is there. Lanes that are full do not poll for it, and say by themselves when they have room.
    if (this.#paced && now >= this.#controller.nextSendAt(PACKET_BYTES)) this.#paced = false
    if (this.#quietSince === null || now < this.#quietSince + this.#silenceMs) return
    this.#flight.giveUp()
    this.#controller.handleSilence(now)
    this.#quietSince = now
    this.#silenceMs = Math.min(this.#silenceMs * 2, SILENCE_MAX_MS)
  }

  /** When `poll` may have something that it had not for want of allowance, or feedback is overdue. */
  pollTimeout(): number | null {
    const silence = this.#quietSince !== null ? this.#quietSince + this.#silenceMs : null
    return earliest(this.#paced ? this.#controller.nextSendAt(PACKET_BYTES) : null, silence)
  }

  #settle(feedback: Feedback, now: number): void {
    const { packetsSeen, recent } = feedback
    const newest = packetsSeen > 0 ? this.#flight.sentAt(packetsSeen - 1) : -Infinity
    const known = packetsSeen - RECENT_PACKETS
    // What left a whole round trip before this feedback came has had its time to arrive, whatever came after it. A busy
    // page at either end makes a round trip longer than the network does; this feedback says by how much.
    const least = (this.#controller.minRttMs ?? Infinity) + feedback.queueDelayTenths / 10
    const heardTo = Math.max(newest, now - Math.max(least, this.#rtt(feedback, now) ?? 0))
    this.#flight.settle(packetsSeen, { known, heardTo }, (packetNumber) => {
      const i = packetsSeen - 1 - packetNumber
      return packetNumber < known || ((recent[i >> 3] ?? 0) & (1 << (i & 7))) !== 0
    })
  }

  /** The chunks that a feedback names, as far as they may matter before the next one comes. */
  #named(feedback: Feedback): number[] {
    const chunks: number[] = []
    for (const { start, length } of feedback.missing) {
      const end = Math.min(start + length, this.#manifest.chunkCount)
      for (let chunk = start; chunk < end; chunk++) {
        if (this.#lastPacket[chunk] === 0 && !this.#spared?.[chunk]) break
        chunks.push(chunk)
        if (chunks.length === NAMED_MAX) return chunks
      }
    }
    return chunks
  }

  #newlyKnown(last: Feedback | null, feedback: Feedback) {
    const arrivedPackets = Math.max(0, feedback.packetsReceived - (last?.packetsReceived ?? 0))
    // What is merely behind those seen is not lost: lanes overtake each other.
    const { packetsSeen, packetsReceived } = feedback
    const lost = Math.max(0, packetsSeen - packetsReceived - this.#flight.unsettledBelow(packetsSeen))
    const lostPackets = lost - this.#lost
    this.#lost = lost
    return { arrivedPackets, arrivedBytes: arrivedPackets * PACKET_BYTES, lostPackets }
  }

  #sendingSpan(last: Feedback, feedback: Feedback): number {
    if (last.packetsSeen === 0 || feedback.packetsSeen === 0) return 0
    return Math.max(
      0,
      this.#flight.sentAt(feedback.packetsSeen - 1) - this.#flight.sentAt(last.packetsSeen - 1),
    )
  }

  #rtt(feedback: Feedback, now: number): number | null {
    const rtt = spanMs(feedback.echoTenths, toTenths(now)) - feedback.holdTenths / 10
    return rtt >= 0 && rtt < 60_000 ? rtt : null
  }

  #sourcePacket(now: number): Uint8Array | null {
    const index = this.#blocks.findIndex((block, i) => block.sourceSent < this.#layout.size(i))
    const block = this.#blocks[index]
    if (!block) return null
    if (!this.#resends()) this.#coded.begin(index, this.#controller.lossRate)
    const symbolId = block.sourceSent++
    this.#skipSpared(index, block)
    return this.#chunkPacket(index, symbolId, now)
  }

  #skipSpared(index: number, block: Block): void {
    const start = this.#layout.start(index)
    while (block.sourceSent < this.#layout.size(index) && this.#spared?.[start + block.sourceSent]) {
      block.sourceSent++
    }
  }

  #repairPacket(now: number, withMargin: boolean): Uint8Array | null {
    const index = this.#wantingBlock(withMargin)
    if (index === null) return null
    if (!this.#resends()) {
      const symbol = this.#coded.take(index)
      if (symbol)
        return this.#writer.encode(this.#flight.add(index, now), index, symbol.id, now, symbol.bytes)
      this.#coded.askMore(index)
    }
    const chunk = this.#lostChunk(index)
    return chunk === null ? null : this.#chunkPacket(index, chunk - this.#layout.start(index), now)
  }

  /** The first block whose chunks are all sent and for which not enough is under way. */
  #wantingBlock(withMargin: boolean): number | null {
    const loss = this.#expectedLoss()
    for (let index = this.#feedback?.doneBefore ?? 0; index < this.#blocks.length; index++) {
      const block = this.#blocks[index]
      if (!block || block.sourceSent < this.#layout.size(index)) return null
      if (block.need === 0) continue
      const underWay = this.#flight.ofBlock(index)
      const margin =
        withMargin && !this.#resends() ? MARGIN_SIGMAS * Math.sqrt(underWay * loss * (1 - loss)) : 0
      if (block.need + margin > underWay * (1 - loss) + (withMargin ? 0 : 0.5)) {
        if (this.#canRepair(index)) return index
      }
    }
    return null
  }

  #canRepair(index: number): boolean {
    if (!this.#resends()) {
      if (this.#coded.has(index)) return true
      this.#coded.askMore(index)
    }
    return this.#lostChunk(index) !== null
  }

  /** A chunk of this block that is not there: the receiver says so, or has seen nothing as late as its packet. */
  #lostChunk(index: number): number | null {
    const named = this.#missing.find((chunk) => this.#layout.blockOf(chunk) === index && this.#isLost(chunk))
    if (named !== undefined) return named
    const seen = this.#feedback?.packetsSeen ?? 0
    const start = this.#layout.start(index)
    for (let chunk = start; chunk < start + this.#layout.size(index); chunk++) {
      if ((this.#lastPacket[chunk] ?? 0) > seen && this.#isLost(chunk)) return chunk
    }
    return null
  }

  #isLost(chunk: number): boolean {
    const last = this.#lastPacket[chunk] ?? 0
    return last > 0 ? this.#flight.isSettled(last - 1) : this.#spared?.[chunk] === 1
  }

  #resends(): boolean {
    return !this.#canCode || resends(this.#controller.minRttMs)
  }

  #expectedLoss(): number {
    return this.#feedback
      ? Math.max(this.#controller.lossRate, 0.001)
      : Math.max(this.#controller.lossRate, LOSS_PRIOR)
  }

  #chunkPacket(index: number, symbolId: number, now: number): Uint8Array {
    const chunk = this.#layout.start(index) + symbolId
    const from = chunk * CHUNK_BYTES
    const payload = this.#picture.subarray(from, Math.min(from + CHUNK_BYTES, this.#manifest.bytes))
    const packetNumber = this.#flight.add(index, now)
    this.#lastPacket[chunk] = packetNumber + 1
    return this.#writer.encode(packetNumber, index, symbolId, now, payload)
  }
}
