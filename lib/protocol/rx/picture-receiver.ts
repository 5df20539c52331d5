import type { ErrorCode } from '../errors'
import type { DataPacket } from '../packet/data'
import type { End } from '../packet/end'
import { chunkLength, type Manifest } from '../packet/manifest'
import type { Part, PartKind } from '../packet/part'
import { encodeStatus, type ReceiverStatus } from '../packet/status'
import type { SymbolPacket } from '../packet/symbol'
import { PeerLiveness } from '../peer-liveness'
import { buildReport, type TransferReport } from '../report'
import { earliest } from '../retry'
import { SilenceWatch } from '../silence-watch'
import { Assembler } from './assembler'
import { DigestCheck } from './digest-check'
import { ExtrasCollector } from './extras-collector'
import { PacketLedger } from './packet-ledger'
import { PathMeter } from './path-meter'
import type { ReceiverOptions } from './receiver-options'
import { RepairRequests } from './repair-requests'
import { ReportTimer } from './report-timer'
import { Resumption } from './resumption'
import type { DecodeJob } from './symbol-collector'
import { SymbolIntake } from './symbol-intake'

/** One picture on its way in (SPEC RX, CT, FZ, RP). Sans-IO: told the time, asked for packets. */
export class PictureReceiver {
  readonly transferId: string
  readonly manifest: Manifest
  readonly assembler: Assembler
  /** Not part of any count. */
  readonly extras: ExtrasCollector
  readonly #ledger: PacketLedger
  readonly #check: DigestCheck
  readonly #requests: RepairRequests
  readonly #reports = new ReportTimer()
  readonly #silence: SilenceWatch
  /** Assured only. */
  readonly #symbols: SymbolIntake | null = null
  readonly #outgoing: Uint8Array[] = []
  /** Packets that can't belong to this picture, or contradict it. */
  invalid = 0
  /** Set when the transfer ended before it was whole for another reason than loss. */
  errorCode: ErrorCode | null = null
  /** What is missing is asked for. */
  #asking: boolean
  /** Ended from outside, for this reason. */
  #abandoned: ErrorCode | null = null
  /** As `pollTimeout` last said; Infinity for never. */
  #polledDue = -Infinity

  constructor(transferId: string, manifest: Manifest, options: ReceiverOptions, now: number) {
    this.transferId = transferId
    this.manifest = manifest
    this.assembler = new Assembler(manifest.bytes, options.allocate)
    this.extras = new ExtrasCollector(transferId)
    this.#ledger = new PacketLedger(manifest.chunkCount, options.sink ?? null, now)
    const resumption = Resumption.begin(transferId, this.assembler, options.held ?? null)
    this.#check = new DigestCheck(manifest.sha256, this.assembler, resumption)
    this.#requests = new RepairRequests(transferId, this.assembler)
    this.#silence = new SilenceWatch(options.peer ?? new PeerLiveness(), now)
    this.#asking = manifest.mode === 'repair'
    if (manifest.mode === 'assured') {
      const meter = options.meter ?? new PathMeter()
      this.#symbols = new SymbolIntake(transferId, manifest, this.assembler, this.#ledger, meter)
    }
    if (resumption) {
      this.#symbols?.recount()
      this.#symbols?.requestFeedback(now)
    }
    this.#reports.hasten(now)
  }

  get phase(): 'receiving' | 'repairing' | 'whole' | 'final' {
    if (this.final) return 'final'
    if (this.#check.whole) return 'whole'
    return this.#requests.round > 0 && !this.frozen ? 'repairing' : 'receiving'
  }

  /** The count is closed (SPEC FZ): what arrives now is late. */
  get frozen(): boolean {
    return this.#ledger.frozen
  }

  /** The count is frozen and the digest taken: nothing in the report changes any more but lateAfterFreeze. */
  get final(): boolean {
    return this.frozen && this.#check.done
  }

  get exact(): boolean {
    return this.#check.exact
  }

  /** It did not end by itself: the peer was lost. What is here may serve when the picture is sent again. */
  get interrupted(): boolean {
    const lost = this.errorCode === 'SHOAL_PEER_GONE' || this.errorCode === 'SHOAL_PEER_SILENT'
    return lost && this.frozen && !this.assembler.whole
  }

  handleManifest(now: number): void {
    this.#silence.handleHeard(now)
    this.#check.resumption?.tellAgain()
    this.#reports.request(now)
  }

  handleData(packet: DataPacket, now: number): void {
    const { packetNumber, chunkIndex, payload } = packet
    if (!this.#fits(packet)) {
      this.invalid++
      return
    }
    this.#silence.handleHeard(now)
    this.#reports.request(now)
    if (!this.#ledger.count(packet, now)) return
    this.#requests.postpone(now)
    if (this.assembler.write(chunkIndex, payload)) {
      this.#ledger.handleFilled(packetNumber)
      if (this.assembler.whole) this.#handleWhole(now)
    }
    this.#freezeIfDue(now)
  }

  /** Assured: one symbol of one block. */
  handleSymbol(packet: SymbolPacket, now: number): void {
    const symbols = this.#symbols
    if (!symbols?.fits(packet)) {
      this.invalid++
      return
    }
    this.#silence.handleHeard(now)
    this.#reports.request(now)
    const wasWhole = this.assembler.whole
    if (!symbols.handleSymbol(packet, now)) return
    if (this.assembler.whole && !wasWhole) this.#handleWhole(now)
    this.#freezeIfDue(now)
  }

  /** A block that has enough symbols; decode it and call `handleDecoded`. */
  pollDecode(): DecodeJob | null {
    return this.frozen ? null : (this.#symbols?.pollDecode() ?? null)
  }

  /** `bytes`: the block's chunks, 1 024 bytes each; null when the symbols did not suffice. */
  handleDecoded(block: number, bytes: Uint8Array | null, now: number): void {
    if (this.frozen) return
    this.#symbols?.handleDecoded(block, bytes, now)
    if (this.assembler.whole) this.#handleWhole(now)
    this.#freezeIfDue(now)
  }

  /** A part of what goes beside the picture. */
  handlePart(kind: PartKind, part: Part, now: number): void {
    if (this.extras.handlePart(kind, part, now)) this.#silence.handleHeard(now)
    else this.invalid++
  }

  handleEnd(end: End, now: number): void {
    this.#reports.request(now)
    if (end.round === this.#requests.round && !this.frozen) this.#handleEndOfRound(end, now)
    else this.#silence.handleHeard(now)
  }

  #handleEndOfRound(end: End, now: number): void {
    if (!this.#ledger.handleEnd(end, now)) {
      // No sign of life either: an END that never fits must not keep both sides waiting for ever.
      this.invalid++
      return
    }
    this.#silence.handleHeard(now)
    this.#requests.stop()
    this.#freezeIfDue(now)
  }

  /** A lane is open again after there was none: what waits for an answer asks at once (SPEC RS1). */
  handleLanesOpen(now: number): void {
    this.#silence.restart(now)
    this.#requests.hasten(now)
    if (!this.frozen) {
      this.#reports.hasten(now)
      if (!this.assembler.whole) this.#symbols?.requestFeedback(now)
    }
  }

  /** The digest of `assembler.pieces()`, 64 hex digits: asked for by `pollHeld`. */
  handleDigest(sha256: string, now: number): void {
    const outcome = this.#check.handleDigest(sha256)
    if (outcome === 'ignored') return
    this.#reports.hasten(now)
    if (outcome === 'begun-anew') {
      this.#beginAnew(now)
      return
    }
    if (this.assembler.whole && !this.exact) this.errorCode = 'SHOAL_DIGEST_MISMATCH'
    if (this.#check.whole) this.#symbols?.stop()
    this.#freezeIfDue(now)
  }

  /** All is fetched once more (SPEC RS6). */
  #beginAnew(now: number): void {
    this.#symbols?.recount()
    if (this.#abandoned) {
      this.errorCode = this.#abandoned
      return
    }
    this.#ledger.thaw()
    this.#silence.restart(now)
    if (this.#symbols) this.#symbols.requestFeedback(now)
    else {
      this.#asking = true
      this.#ask(now)
    }
  }

  /** Something of the picture can be seen since `atMs`; only the first time counts, and not after the freeze. */
  handlePreviewShown(atMs: number): void {
    this.#ledger.handlePreviewShown(atMs)
  }

  /** The person asked for what is missing, or does so again; only after the final report (SPEC RP7). */
  startRepair(now: number): void {
    if (this.assembler.whole || !this.final || this.#requests.usedUp) return
    this.#asking = true
    this.errorCode = null
    this.#abandoned = null
    this.#check.reopen()
    this.#ledger.thaw()
    this.#silence.restart(now)
    this.#ask(now)
  }

  /** The sender no longer has the picture. */
  refuseRepair(now: number): void {
    if (!this.frozen) this.abandon('SHOAL_REPAIR_UNAVAILABLE', now)
  }

  /** The sender is gone or will not answer: what is here is all there is (SPEC FZ4). */
  abandon(code: ErrorCode, now: number): void {
    if (this.frozen) return
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
    const feedback = this.#symbols?.poll(now)
    if (feedback) this.#outgoing.push(feedback)
    const got = this.extras.poll(now)
    if (got) this.#outgoing.push(got)
    if (this.#reports.handleTimeout(now)) this.#sendStatus()
  }

  pollTimeout(): number | null {
    const due = earliest(
      this.#reports.dueMs,
      this.extras.dueMs,
      this.#requests.dueMs,
      this.#askDueMs(),
      this.#ledger.freezeDueMs,
      this.#silentDueMs(),
      this.#symbols?.dueMs ?? null,
    )
    this.#polledDue = due ?? Infinity
    return due
  }

  pollControl(): Uint8Array | null {
    return this.#outgoing.shift() ?? null
  }

  /** `pollControl` or `pollDecode` may have something, or a packet has made `pollTimeout` sooner than it was. */
  get hasWork(): boolean {
    if (this.#outgoing.length > 0 || this.#symbols?.hasDecode === true) return true
    const due = this.#polledDue
    return (
      (this.#reports.dueMs ?? Infinity) < due ||
      (this.#symbols?.dueMs ?? Infinity) < due ||
      (this.#askDueMs() ?? Infinity) < due
    )
  }

  /** True once each time a digest of what is held is wanted: when whole, or frozen with holes. */
  pollHeld(): boolean {
    return this.#check.poll(this.frozen)
  }

  status(): ReceiverStatus {
    return {
      phase: this.final ? 'final' : this.#check.whole ? 'whole' : 'receiving',
      exact: this.exact,
      ...this.#ledger.counts(),
      chunksHeld: this.assembler.held,
      repairRounds: this.#requests.round,
      resumed: this.#check.resumption?.count ?? 0,
      recovered: this.#symbols?.recovered ?? 0,
      sha256: this.#check.digest,
    }
  }

  /** Null until final. */
  report(): TransferReport | null {
    return this.final
      ? buildReport(this.transferId, this.manifest, this.status(), this.#ledger.account)
      : null
  }

  #fits({ packetNumber, chunkIndex, payload }: DataPacket): boolean {
    const { bytes, chunkCount } = this.manifest
    if (chunkIndex >= chunkCount || payload.length !== chunkLength(bytes, chunkIndex)) return false
    return this.#ledger.fits(packetNumber)
  }

  #handleWhole(now: number): void {
    this.#ledger.complete(now)
    // Until the digest is here the sender is told that nothing is missing, but not yet that it may stop.
    if (this.#check.resumption) this.#symbols?.requestFeedback(now)
    else this.#symbols?.stop()
    this.#requests.stop()
    this.#reports.hasten(now)
  }

  /** Null once frozen. */
  #silentDueMs(): number | null {
    return this.frozen ? null : this.#silence.peerDueMs
  }

  #askDueMs(): number | null {
    return this.#asking && !this.assembler.whole ? this.#ledger.quietDueMs : null
  }

  #freezeIfDue(now: number): void {
    if (this.#ledger.isOver(this.#check.whole, now)) this.#freeze(now)
  }

  #freeze(now: number): void {
    this.#ledger.freeze(now)
    this.#requests.stop()
    this.#reports.hasten(now)
    if (!this.assembler.whole) this.errorCode ??= 'SHOAL_INCOMPLETE'
  }

  #ask(now: number): void {
    if (this.#requests.usedUp) {
      this.abandon('SHOAL_INCOMPLETE', now)
      return
    }
    this.#ledger.reopen(now)
    this.#outgoing.push(...this.#requests.begin(now))
  }

  #sendStatus(): void {
    this.#outgoing.push(encodeStatus(this.transferId, this.status()))
    const { resumption } = this.#check
    if (resumption) this.#outgoing.push(...resumption.pollWanted())
  }
}
