import type { CodedSymbol } from '../code/coded-symbol'
import { CONTROL_RETRY_MIN_MS, INDEX_AFTER_MS } from '../constants'
import type { ErrorCode } from '../errors'
import { DATA_HEADER_BYTES } from '../packet/data'
import { encodeEnd } from '../packet/end'
import type { Got } from '../packet/got'
import { encodeManifest, type Manifest } from '../packet/manifest'
import type { Feedback } from '../packet/feedback'
import type { RepairRequest } from '../packet/repair'
import { contradictsSent, type ReceiverStatus } from '../packet/status'
import { SYMBOL_HEADER_BYTES } from '../packet/symbol'
import { PeerLiveness } from '../peer-liveness'
import { buildReport, type CarryingPath, type TransferReport } from '../report'
import { earliest, RetryTimer } from '../retry'
import { packetNumberLimit } from '../rx/packet-counter'
import { SilenceWatch } from '../silence-watch'
import { ChunkStream } from './chunk-stream'
import { ExtrasSender, NO_EXTRAS, type PictureExtras } from './extras-sender'
import type { EncodeJob } from './coded-supply'
import { ReceiverView } from './receiver-view'
import { SendingRound } from './sending-round'
import type { SymbolStream } from './symbol-stream'
import { TransmissionAccount } from './transmission-account'

/**
 * Assured: a burst takes all copies of MANIFEST that leave together, and symbols that nobody expects are kept only for
 * about a round trip. So it is repeated before an answer can be here.
 */
const ANNOUNCE_AGAIN_MS = 20

export type SenderPhase =
  /** MANIFEST is repeated until the receiver answers */
  | 'announcing'
  /** chunks of this round are going out */
  | 'streaming'
  /** END is repeated until the receiver asks for more or says that it is done */
  | 'waiting'
  | 'final'
  | 'failed'

/** One picture on its way out (SPEC TX, RP). Sans-IO: told the time, asked for packets. */
export class PictureSender {
  readonly transferId: string
  readonly manifest: Manifest
  readonly #chunks: ChunkStream
  /** Assured only. */
  readonly #stream: SymbolStream | null
  readonly #extras: ExtrasSender
  readonly #receiver: ReceiverView
  readonly #round = new SendingRound()
  readonly #account = new TransmissionAccount()
  readonly #peer: PeerLiveness
  readonly #silence: SilenceWatch
  readonly #retry = new RetryTimer()
  readonly #outgoing: Uint8Array[] = []
  /** Messages from the receiver that contradict what was sent, or themselves. */
  invalid = 0
  errorCode: ErrorCode | null = null
  #phase: SenderPhase = 'announcing'
  #announced = false

  /** `picture` is read, never changed; it is not copied. */
  constructor(
    transferId: string,
    manifest: Manifest,
    picture: Uint8Array,
    now: number,
    peer: PeerLiveness = new PeerLiveness(),
    stream: SymbolStream | null = null,
    extras: PictureExtras = NO_EXTRAS,
  ) {
    this.transferId = transferId
    this.manifest = manifest
    this.#chunks = new ChunkStream(transferId, manifest, picture)
    this.#receiver = new ReceiverView(manifest.chunkCount)
    this.#peer = peer
    this.#silence = new SilenceWatch(peer, now)
    this.#stream = stream
    // Assured does not wait for an answer: its first symbols travel beside the announcement.
    if (stream) this.#phase = 'streaming'
    else this.#chunks.push([{ start: 0, length: manifest.chunkCount }])
    this.#outgoing.push(encodeManifest(transferId, manifest))
    this.#retry.start(now, stream ? ANNOUNCE_AGAIN_MS : CONTROL_RETRY_MIN_MS)
    this.#extras = new ExtrasSender(transferId, extras, now, stream ? INDEX_AFTER_MS : 0)
  }

  get phase(): SenderPhase {
    return this.#phase
  }

  /** Nothing more happens here unless the receiver asks for repair. */
  get over(): boolean {
    return this.#phase === 'final' || this.#phase === 'failed'
  }

  get round(): number {
    return this.#round.number
  }

  get packetsSent(): number {
    return this.#stream?.packetsSent ?? this.#chunks.packetsSent
  }

  /** The receiver's counts as last heard. */
  get status(): ReceiverStatus | null {
    return this.#receiver.status
  }

  /** The receiver has said that it holds every chunk: no round is opened any more. */
  get whole(): boolean {
    return this.#receiver.whole
  }

  /** All of this round is handed over: tell `handleDrained` when the lane's buffer is empty. */
  get wantsDrain(): boolean {
    return !this.#stream && this.#phase === 'streaming' && this.#chunks.wantsDrain
  }

  /** Answered by the receiver, which has nothing of the picture yet: the first pass may go out for it. */
  get takesBroadcast(): boolean {
    return this.#chunks.held && this.#phase === 'streaming' && this.round === 0 && !this.whole
  }

  /** Holds the first pass back: it will come by `handleBroadcast`. To be called before anything was sent. */
  hold(): void {
    if (!this.#stream) this.#chunks.hold()
  }

  /** The next packet of the first pass went out to many, this receiver among them (SPEC FO2). */
  handleBroadcast(lane: object, path: CarryingPath, packetBytes: number): void {
    const payloadBytes = this.takesBroadcast ? this.#chunks.skip() : null
    if (payloadBytes === null) return
    this.#account.handleSent(payloadBytes)
    this.#account.handleCarried(lane, path, packetBytes)
  }

  /** What is left of the first pass goes by this receiver's own lanes, END in any case (SPEC FO3). */
  release(): void {
    this.#chunks.release()
  }

  handleStatus(status: ReceiverStatus, now: number): void {
    if (contradictsSent(status, this.manifest, this.packetsSent)) {
      this.invalid++
      return
    }
    this.#silence.handleHeard(now)
    if (this.#phase === 'failed' || this.#receiver.isStale(status, this.round)) return
    const wasWhole = this.whole
    const inFlight = this.#stream?.inFlight ?? 0
    // A receiver that asks again after the end shows it by REPAIR; one that needs none waits for END.
    if (this.#phase === 'final' && (status.phase === 'receiving' || (status.phase === 'whole' && wasWhole))) {
      return
    }
    this.#receiver.update(status)
    this.#handleAnswered()
    if (this.whole) this.#extras.stop()
    if (this.whole && !wasWhole) this.#account.handleWhole(inFlight)
    if (status.phase !== 'receiving') this.#chunks.clear()
    if (status.phase === 'final') {
      this.#handleFinal(status)
    } else if (status.phase === 'whole' && !wasWhole) {
      this.#round.catchUp(status.repairRounds)
      this.errorCode = null
      if (this.#phase === 'streaming' && !this.#stream) this.#closeRoundIfDue(now)
      else this.#sendEnd(now)
    }
  }

  /** Assured: what the receiver knows. */
  handleFeedback(feedback: Feedback, now: number): void {
    if (!this.#stream || feedback.packetsSeen > this.packetsSent) {
      this.invalid++
      return
    }
    this.#silence.handleHeard(now)
    if (this.over || this.whole) return
    this.#stream.handleFeedback(feedback, now)
  }

  /** Which parts of the preview and of the index are there. */
  handleGot(got: Got, now: number): void {
    this.#silence.handleHeard(now)
    this.#extras.handleGot(got)
  }

  handleRepair(request: RepairRequest, now: number): void {
    const last = request.runs.at(-1)
    if (!last || last.start + last.length > this.manifest.chunkCount) {
      this.invalid++
      return
    }
    this.#silence.handleHeard(now)
    if (request.round === 0) this.#handleWanted(request)
    else if (this.#opensRound(request)) this.#openRound(request, now)
    else if (request.round !== this.round) return
    else if (this.#phase === 'streaming' && !this.whole) this.#addPart(request)
    // Asked again: END was lost.
    else if (this.#phase === 'waiting' && this.#round.mayAnswer(now)) this.#sendEnd(now)
  }

  /** The lane that carries the data has handed everything to the network. */
  handleDrained(now: number): void {
    if (!this.wantsDrain) return
    this.#chunks.handleDrained()
    this.#closeRoundIfDue(now)
  }

  /** A lane is open again after there was none: what waits for an answer asks at once (SPEC RS1). */
  handleLanesOpen(now: number): void {
    this.#silence.restart(now)
    this.#retry.hasten(now)
    if (this.#streams) this.#stream?.handleLanesOpen(now)
    if (!this.over) this.#extras.handleLanesOpen(now)
  }

  /** The receiver left. */
  abandon(code: ErrorCode): void {
    if (this.over) return
    this.#phase = 'failed'
    this.errorCode = code
    this.#chunks.clear()
    this.#retry.stop()
    this.#extras.stop()
  }

  handleTimeout(now: number): void {
    const previewRepeated = this.#extras.handleTimeout(now)
    if (this.over) return
    if (now >= this.#silentDueMs()) {
      this.abandon('SHOAL_PEER_SILENT')
      return
    }
    if (this.#streams && !this.#peer.lanesLost) this.#stream?.handleTimeout(now)
    this.#closeRoundIfDue(now)
    // A preview is nothing without its announcement, which may be what was lost.
    if (previewRepeated && !this.#announced)
      this.#outgoing.push(encodeManifest(this.transferId, this.manifest))
    if (!this.#retry.handleTimeout(now)) return
    if (!this.#announced) this.#outgoing.push(encodeManifest(this.transferId, this.manifest))
    else this.#pushEnd(now)
  }

  pollTimeout(): number | null {
    const extrasDue = this.#extras.pollTimeout()
    if (this.over) return extrasDue
    const closeDue = this.#chunks.drained && this.#phase === 'streaming' ? this.#round.deadlineMs : null
    const symbolDue = this.#streams && !this.#peer.lanesLost ? (this.#stream?.pollTimeout() ?? null) : null
    return earliest(this.#retry.dueMs, closeDue, symbolDue, this.#silentDueMs(), extrasDue)
  }

  pollControl(): Uint8Array | null {
    return this.#outgoing.shift() ?? this.#extras.pollUrgent()
  }

  get hasCalm(): boolean {
    return this.#extras.hasCalm
  }

  /** A packet for any one lane that has room: losing it costs little, and it is repeated. */
  pollCalm(): Uint8Array | null {
    return this.#extras.pollCalm()
  }

  /** The next data packet, valid until the next call; null when there is none to send now. */
  pollData(): Uint8Array | null {
    const packet = this.#phase === 'streaming' ? this.#chunks.poll() : null
    if (packet) this.#account.handleSent(packet.length - DATA_HEADER_BYTES)
    return packet
  }

  get hasSymbols(): boolean {
    return this.#stream !== null && this.#streams
  }

  /** Assured: the next symbol, for whichever lane has room; valid until the next call. */
  pollSymbol(now: number): Uint8Array | null {
    if (!this.#stream || !this.#streams) return null
    if (this.packetsSent >= packetNumberLimit(this.manifest.chunkCount)) {
      this.abandon('SHOAL_INTERNAL')
      return null
    }
    const packet = this.#stream.poll(now)
    if (packet) this.#account.handleSent(packet.length - SYMBOL_HEADER_BYTES)
    return packet
  }

  /** The data packet that was polled last was given to this lane. */
  handleCarried(lane: object, path: CarryingPath, bytes: number): void {
    this.#account.handleCarried(lane, path, bytes)
    this.#stream?.handleCarried(lane)
  }

  pollEncode(): EncodeJob | null {
    return this.#streams ? (this.#stream?.pollEncode() ?? null) : null
  }

  handleCoded(block: number, symbols: readonly CodedSymbol[]): void {
    this.#stream?.handleCoded(block, symbols)
  }

  /** Null until the receiver's final counts are here. */
  report(): TransferReport | null {
    if (this.#phase !== 'final' || !this.status) return null
    const counted = { ...this.status, packetsSent: this.packetsSent }
    return buildReport(this.transferId, this.manifest, counted, this.#account.taken)
  }

  /** Symbols may go out. */
  get #streams(): boolean {
    return this.#stream !== null && this.#phase === 'streaming' && !this.whole
  }

  #handleAnswered(): void {
    if (this.#announced || !this.#receiver.answered) return
    this.#announced = true
    this.#retry.stop()
    if (this.#phase === 'announcing') this.#phase = 'streaming'
  }

  /** While packets go out the receiver may have nothing to say. */
  #silentDueMs(): number {
    return this.#phase === 'streaming' ? this.#silence.peerDueMs : this.#silence.transferDueMs
  }

  /** Not while a round is going out, and never again for a receiver that is whole. */
  #opensRound(request: RepairRequest): boolean {
    if (this.whole) return false
    if (this.#phase !== 'waiting' && !this.over) return false
    return this.#round.isNext(request, this.#phase === 'failed')
  }

  #handleFinal(status: ReceiverStatus): void {
    this.#phase = 'final'
    this.#retry.stop()
    // An exact picture is never asked for again: its memory goes back.
    if (status.exact) this.#chunks.free()
    this.errorCode = status.exact ? null : this.whole ? 'SHOAL_DIGEST_MISMATCH' : 'SHOAL_INCOMPLETE'
  }

  /** The receiver has some of the picture already: the first pass is what it names (SPEC RS5). */
  #handleWanted(request: RepairRequest): void {
    if (this.#announced || this.over || !this.#receiver.addWanted(request)) return
    // It needs a part only; the broadcast is for those who need all.
    this.#chunks.release()
    const { wanted: runs } = this.#receiver
    if (this.#stream) this.#stream.handleWanted(runs)
    else {
      this.#chunks.clear()
      this.#chunks.push(runs)
    }
    this.#handleAnswered()
  }

  #openRound(request: RepairRequest, now: number): void {
    this.#round.open(request.round, request.parts, now)
    this.#phase = 'streaming'
    this.#receiver.reopen()
    this.errorCode = null
    this.#retry.stop()
    this.#chunks.clear()
    this.#addPart(request)
  }

  #addPart(request: RepairRequest): void {
    // Assured goes on by what FEEDBACK says is missing; a chunk as a data packet would count under a symbol's number.
    if (this.#stream) return
    if (this.#round.addPart(request.part)) this.#chunks.push(request.runs)
  }

  #closeRoundIfDue(now: number): void {
    if (this.#phase !== 'streaming' || !this.#chunks.done) return
    if (this.#round.isAsked(now) || this.whole || this.#chunks.exhausted) this.#sendEnd(now)
  }

  #sendEnd(now: number): void {
    this.#account.take(this.#stream)
    // Only from here on an answer is owed: a picture that waited its turn was not met with silence.
    if (this.#phase !== 'waiting') this.#silence.restart(now)
    this.#phase = 'waiting'
    this.#retry.start(now)
    this.#pushEnd(now)
  }

  #pushEnd(now: number): void {
    this.#round.handleEndSent(now)
    const { round, packetsSent } = this
    const onlyPass = this.manifest.mode === 'classic' && round === 0
    const final = onlyPass || this.whole || this.#chunks.exhausted
    this.#outgoing.push(encodeEnd(this.transferId, { ...this.#account.taken, round, packetsSent, final }))
  }
}
