import { FREEZE_QUIET_MS, REPAIR_QUIET_LAST_MS, REPAIR_QUIET_MS, REPORT_INTERVAL_MS } from '../constants'
import type { ErrorCode } from '../errors'
import type { DataPacket } from '../packet/data'
import type { End, SenderAccount } from '../packet/end'
import { chunkLength, type Manifest } from '../packet/manifest'
import type { Part, PartKind } from '../packet/part'
import { encodeStatus, NO_DIGEST, type ReceiverStatus } from '../packet/status'
import type { SymbolPacket } from '../packet/symbol'
import { PeerLiveness } from '../peer-liveness'
import { buildReport, type TransferReport } from '../report'
import { earliest } from '../retry'
import { NO_ACCOUNT } from '../tx/carriage'
import { Arrivals } from './arrivals'
import { Assembler } from './assembler'
import { ExtrasCollector } from './extras-collector'
import type { PacketCounter } from './packet-counter'
import { FeedbackReporter } from './feedback-reporter'
import { PathMeter } from './path-meter'
import { RepairRequests } from './repair-requests'
import { Resumption } from './resumption'
import { CODED_CHUNK, type ReceiverOptions } from './receiver-options'
import { SenderCount } from './sender-count'
import { type DecodeJob, SymbolCollector } from './symbol-collector'

/** One picture on its way in (SPEC RX, CT, FZ, RP). Sans-IO: told the time, asked for packets. */
export class PictureReceiver {
  readonly transferId: string
  readonly manifest: Manifest
  readonly assembler: Assembler
  /** Not part of any count. */
  readonly extras: ExtrasCollector
  readonly #arrivals: Arrivals
  readonly #counter: PacketCounter
  readonly #sent = new SenderCount()
  readonly #peer: PeerLiveness
  readonly #requests: RepairRequests
  readonly #outgoing: Uint8Array[] = []
  readonly #meter: PathMeter
  /** Null when nothing of the picture was here before, or when that was of no use. */
  #resumption: Resumption | null
  /** As the last END said. */
  #account: SenderAccount = NO_ACCOUNT
  #previewAt: number | null = null
  /** Assured only, both. */
  readonly #collector: SymbolCollector | null = null
  readonly #feedback: FeedbackReporter | null = null
  /** Packets that can't belong to this picture, or contradict it. */
  invalid = 0
  /** Set when the transfer ended before it was whole for another reason than loss. */
  errorCode: ErrorCode | null = null
  #asking: boolean
  #repaired = 0
  #completedAt: number | null = null
  #lastProgressAt: number
  #lastHeardAt: number
  #frozenAt: number | null = null
  #heldAnnounced = false
  #digest: string | null = null
  /** Ended from outside, for this reason. */
  #abandoned: ErrorCode | null = null
  #statusDue: number | null
  #lastStatusAt = -Infinity
  /** As `pollTimeout` last said; Infinity for never. */
  #polledDue = -Infinity

  constructor(transferId: string, manifest: Manifest, options: ReceiverOptions, now: number) {
    this.transferId = transferId
    this.manifest = manifest
    this.assembler = new Assembler(manifest.bytes, options.allocate)
    this.extras = new ExtrasCollector(transferId)
    this.#arrivals = new Arrivals(manifest.chunkCount, options.sink ?? null)
    this.#counter = this.#arrivals.counter
    this.#requests = new RepairRequests(transferId, this.assembler)
    this.#peer = options.peer ?? new PeerLiveness()
    this.#asking = manifest.mode === 'repair'
    this.#resumption = Resumption.begin(transferId, this.assembler, options.held ?? null)
    this.#meter = options.meter ?? new PathMeter()
    if (manifest.mode === 'assured') {
      const { assembler } = this
      this.#collector = new SymbolCollector(manifest.bytes, manifest.chunkCount, assembler)
      this.#feedback = new FeedbackReporter(transferId, {
        counter: this.#counter,
        collector: this.#collector,
        assembler,
        meter: this.#meter,
      })
    }
    if (this.#resumption) {
      this.#collector?.recount()
      this.#feedback?.handleArrival(now)
    }
    this.#lastProgressAt = now
    this.#lastHeardAt = now
    this.#statusDue = now
  }

  get phase(): 'receiving' | 'repairing' | 'whole' | 'final' {
    if (this.final) return 'final'
    if (this.#whole) return 'whole'
    return this.#requests.round > 0 && this.#frozenAt === null ? 'repairing' : 'receiving'
  }

  /** The count is closed (SPEC FZ): what arrives now is late. */
  get frozen(): boolean {
    return this.#frozenAt !== null
  }

  /** The count is frozen and the digest taken: nothing in the report changes any more but lateAfterFreeze. */
  get final(): boolean {
    return this.#frozenAt !== null && this.#digest !== null
  }

  get exact(): boolean {
    return this.assembler.whole && this.#digest === this.manifest.sha256
  }

  /** It did not end by itself: the peer was lost. What is here may serve when the picture is sent again. */
  get interrupted(): boolean {
    const lost = this.errorCode === 'SHOAL_PEER_GONE' || this.errorCode === 'SHOAL_PEER_SILENT'
    return lost && this.frozen && !this.assembler.whole
  }

  handleManifest(now: number): void {
    this.#heard(now)
    this.#resumption?.tellAgain()
    this.#statusSoon(now)
  }

  handleData(packet: DataPacket, now: number): void {
    const { packetNumber, chunkIndex, payload } = packet
    if (!this.#fits(packet)) {
      this.invalid++
      return
    }
    this.#heard(now)
    this.#statusSoon(now)
    if (!this.#arrivals.count(packet, now)) return
    this.#lastProgressAt = now
    this.#requests.postpone(now)
    if (this.assembler.write(chunkIndex, payload)) {
      if (this.#sent.isRepair(packetNumber)) this.#repaired++
      if (this.assembler.whole) this.#handleWhole(now)
    }
    this.#freezeIfDue(now)
  }

  /** Assured: one symbol of one block. */
  handleSymbol(packet: SymbolPacket, now: number): void {
    const collector = this.#collector
    if (!collector?.fits(packet) || !this.#numberFits(packet.packetNumber)) {
      this.invalid++
      return
    }
    const { packetNumber, block, symbolId, payload } = packet
    this.#heard(now)
    this.#statusSoon(now)
    const queueDelayMs = this.#meter.handle(packet.sentAtTenths, now)
    const chunkIndex = collector.chunkOf(block, symbolId) ?? CODED_CHUNK
    if (!this.#arrivals.count({ packetNumber, chunkIndex, payload, queueDelayMs }, now)) return
    this.#lastProgressAt = now
    if (!this.assembler.whole) this.#collect(collector, packet, now)
    this.#freezeIfDue(now)
  }

  #collect(collector: SymbolCollector, packet: SymbolPacket, now: number): void {
    collector.add(packet)
    if (this.assembler.whole) this.#handleWhole(now)
    else this.#feedback?.handleArrival(now)
  }

  /** A block that has enough symbols; decode it and call `handleDecoded`. */
  pollDecode(): DecodeJob | null {
    return this.#frozenAt === null ? (this.#collector?.pollDecode() ?? null) : null
  }

  /** `bytes`: the block's chunks, 1 024 bytes each; null when the symbols did not suffice. */
  handleDecoded(block: number, bytes: Uint8Array | null, now: number): void {
    if (this.#frozenAt !== null) return
    this.#collector?.handleDecoded(block, bytes)
    if (this.assembler.whole) this.#handleWhole(now)
    else this.#feedback?.handleArrival(now)
    this.#freezeIfDue(now)
  }

  /** A part of what goes beside the picture. */
  handlePart(kind: PartKind, part: Part, now: number): void {
    if (this.extras.handlePart(kind, part, now)) this.#heard(now)
    else this.invalid++
  }

  handleEnd(end: End, now: number): void {
    this.#statusSoon(now)
    if (end.round === this.#requests.round && this.#frozenAt === null) this.#handleEndOfRound(end, now)
    else this.#heard(now)
  }

  #handleEndOfRound(end: End, now: number): void {
    const { packetsSent } = end
    if (packetsSent <= this.#counter.highest || !this.#counter.inRange(Math.max(packetsSent, 1) - 1)) {
      // No sign of life either: an END that never fits must not keep both sides waiting for ever.
      this.invalid++
      return
    }
    this.#heard(now)
    if (this.#sent.atEnd === null) this.#lastProgressAt = now
    this.#sent.handleEnd(packetsSent, end.final)
    this.#account = end
    this.#requests.stop()
    this.#freezeIfDue(now)
  }

  /** A lane is open again after there was none: what waits for an answer asks at once (SPEC RS1). */
  handleLanesOpen(now: number): void {
    this.#lastHeardAt = now
    this.#requests.hasten(now)
    if (this.#frozenAt === null) {
      this.#statusDue = now
      if (!this.assembler.whole) this.#feedback?.handleArrival(now)
    }
  }

  /** The digest of `assembler.pieces()`, 64 hex digits: asked for by `pollHeld`. */
  handleDigest(sha256: string, now: number): void {
    if (!this.#heldAnnounced || this.#digest !== null) return
    if (this.#resumption && this.assembler.whole && sha256 !== this.manifest.sha256) {
      this.#beginAnew(now)
      return
    }
    this.#digest = sha256
    if (this.assembler.whole && !this.exact) this.errorCode = 'SHOAL_DIGEST_MISMATCH'
    if (this.#whole) this.#feedback?.stop()
    this.#statusDue = now
    this.#freezeIfDue(now)
  }

  /** What was here before was not of this picture, nor is what was rebuilt with it: all is fetched (SPEC RS6). */
  #beginAnew(now: number): void {
    this.assembler.clear()
    this.#collector?.recount()
    this.#resumption = null
    this.#heldAnnounced = false
    this.#statusDue = now
    if (this.#abandoned) {
      this.errorCode = this.#abandoned
      return
    }
    this.#completedAt = null
    this.#frozenAt = null
    this.#counter.thaw()
    this.#lastHeardAt = now
    if (this.#feedback) this.#feedback.handleArrival(now)
    else {
      this.#asking = true
      this.#ask(now)
    }
  }

  /** Something of the picture can be seen since `atMs`; only the first time counts, and not after the freeze. */
  handlePreviewShown(atMs: number): void {
    if (this.#frozenAt === null) this.#previewAt ??= atMs
  }

  /** The person asked for what is missing, or does so again; only after the final report (SPEC RP7). */
  startRepair(now: number): void {
    if (this.assembler.whole || !this.final || this.#requests.usedUp) return
    this.#asking = true
    this.errorCode = null
    this.#abandoned = null
    this.#frozenAt = null
    this.#digest = null
    this.#heldAnnounced = false
    this.#completedAt = null
    this.#counter.thaw()
    this.#lastHeardAt = now
    this.#ask(now)
  }

  /** The sender no longer has the picture. */
  refuseRepair(now: number): void {
    if (this.#frozenAt === null) this.abandon('SHOAL_REPAIR_UNAVAILABLE', now)
  }

  /** The sender is gone or will not answer: what is here is all there is (SPEC FZ4). */
  abandon(code: ErrorCode, now: number): void {
    if (this.#frozenAt !== null) return
    this.#abandoned = code
    if (!this.assembler.whole) this.errorCode = code
    this.#freeze(now)
  }

  handleTimeout(now: number): void {
    const silentDue = this.#silentDueMs()
    if (silentDue !== null && now >= silentDue) this.abandon('SHOAL_PEER_SILENT', now)
    this.#freezeIfDue(now)
    const askDue = this.#askDueMs()
    if (askDue !== null && now >= askDue) this.#ask(now)
    else this.#outgoing.push(...this.#requests.handleTimeout(now))
    const feedback = this.#frozenAt === null ? this.#feedback?.poll(now) : null
    if (feedback) this.#outgoing.push(feedback)
    const got = this.extras.poll(now)
    if (got) this.#outgoing.push(got)
    if (this.#statusDue !== null && now >= this.#statusDue) this.#sendStatus(now)
  }

  pollTimeout(): number | null {
    const due = earliest(
      this.#statusDue,
      this.extras.dueMs,
      this.#requests.dueMs,
      this.#askDueMs(),
      this.#freezeDueMs(),
      this.#silentDueMs(),
      this.#feedbackDueMs(),
    )
    this.#polledDue = due ?? Infinity
    return due
  }

  pollControl(): Uint8Array | null {
    return this.#outgoing.shift() ?? null
  }

  /** `pollControl` or `pollDecode` may have something, or a packet has made `pollTimeout` sooner than it was. */
  get hasWork(): boolean {
    if (this.#outgoing.length > 0 || this.#collector?.hasDecode === true) return true
    const due = this.#polledDue
    return (
      (this.#statusDue ?? Infinity) < due ||
      (this.#feedbackDueMs() ?? Infinity) < due ||
      (this.#askDueMs() ?? Infinity) < due
    )
  }

  /** True once each time a digest of what is held is wanted: when whole, or frozen with holes. */
  pollHeld(): boolean {
    if (this.#heldAnnounced || this.#digest !== null) return false
    if (!this.assembler.whole && this.#frozenAt === null) return false
    this.#heldAnnounced = true
    return true
  }

  status(): ReceiverStatus {
    const completedAt = this.#completedAt ?? this.#lastProgressAt
    return {
      phase: this.final ? 'final' : this.#whole ? 'whole' : 'receiving',
      exact: this.exact,
      packetsSent: this.#sent.known(this.#counter.highest),
      ...this.#arrivals.counts(),
      chunksHeld: this.assembler.held,
      repaired: this.#repaired,
      repairRounds: this.#requests.round,
      resumed: this.#resumption?.count ?? 0,
      firstPacketAtMs: this.#arrivals.firstAt ?? completedAt,
      completedAtMs: completedAt,
      recovered: this.#collector?.recovered ?? 0,
      previewAtMs: this.#previewAt,
      sha256: this.#digest ?? NO_DIGEST,
    }
  }

  /** Null until final. */
  report(): TransferReport | null {
    return this.final ? buildReport(this.transferId, this.manifest, this.status(), this.#account) : null
  }

  /** Every chunk is held; where some were here before, only the digest tells that they are the right ones. */
  get #whole(): boolean {
    return this.assembler.whole && (!this.#resumption || this.exact)
  }

  #fits({ packetNumber, chunkIndex, payload }: DataPacket): boolean {
    const { bytes, chunkCount } = this.manifest
    if (chunkIndex >= chunkCount || payload.length !== chunkLength(bytes, chunkIndex)) return false
    return this.#numberFits(packetNumber)
  }

  #numberFits(packetNumber: number): boolean {
    return packetNumber < (this.#sent.atEnd ?? Infinity) && this.#counter.inRange(packetNumber)
  }

  #heard(now: number): void {
    this.#lastHeardAt = now
    this.#peer.lastHeardAt = now
  }

  #handleWhole(now: number): void {
    this.#completedAt = now
    // Until the digest is here the sender is told that nothing is missing, but not yet that it may stop.
    if (this.#resumption) this.#feedback?.handleArrival(now)
    else this.#feedback?.stop()
    this.#requests.stop()
    this.#statusDue = now
  }

  #feedbackDueMs(): number | null {
    return this.#frozenAt === null ? (this.#feedback?.dueMs ?? null) : null
  }

  #statusSoon(now: number): void {
    this.#statusDue ??= Math.max(now, this.#lastStatusAt + REPORT_INTERVAL_MS)
  }

  /** Null once frozen. A peer that lives for other transfers has not fallen silent (SPEC EP6). */
  #silentDueMs(): number | null {
    if (this.#frozenAt !== null) return null
    return this.#peer.silentDueMs(Math.max(this.#lastHeardAt, this.#peer.lastHeardAt))
  }

  /** Null until the sender's final count is known (SPEC FZ2). */
  #freezeDueMs(): number | null {
    if (this.#frozenAt !== null || !this.#sent.final) return null
    return this.#lastProgressAt + FREEZE_QUIET_MS
  }

  #freezeIfDue(now: number): void {
    if (this.#frozenAt !== null) return
    // Who is whole asks no more, so the count of the last round asked for is final as well (SPEC FZ1).
    const countKnown = this.#sent.final || this.#whole
    const allHere = countKnown && this.#counter.received === this.#sent.atEnd
    const due = this.#freezeDueMs()
    if (allHere || (due !== null && now >= due)) this.#freeze(now)
  }

  #freeze(now: number): void {
    this.#frozenAt = now
    this.#counter.freeze()
    this.#completedAt ??= now
    this.#requests.stop()
    this.#statusDue = now
    if (!this.assembler.whole) this.errorCode ??= 'SHOAL_INCOMPLETE'
  }

  #askDueMs(): number | null {
    const wanted = this.#asking && this.#frozenAt === null && !this.assembler.whole
    if (!wanted || this.#sent.atEnd === null || this.#sent.final) return null
    const hasLast = this.#counter.highest + 1 >= this.#sent.atEnd
    return this.#lastProgressAt + (hasLast ? REPAIR_QUIET_LAST_MS : REPAIR_QUIET_MS)
  }

  #ask(now: number): void {
    if (this.#requests.usedUp) {
      this.abandon('SHOAL_INCOMPLETE', now)
      return
    }
    this.#sent.reopen(this.#counter.highest)
    this.#lastProgressAt = now
    this.#outgoing.push(...this.#requests.begin(now))
  }

  #sendStatus(now: number): void {
    this.#lastStatusAt = now
    this.#statusDue = null
    this.#outgoing.push(encodeStatus(this.transferId, this.status()))
    if (this.#resumption) this.#outgoing.push(...this.#resumption.pollWanted())
  }
}
