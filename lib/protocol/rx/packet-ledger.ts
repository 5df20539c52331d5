import { FREEZE_QUIET_MS, REPAIR_QUIET_LAST_MS, REPAIR_QUIET_MS } from '../constants'
import type { End, SenderAccount } from '../packet/end'
import type { ReceiverStatus } from '../packet/status'
import { NO_ACCOUNT } from '../tx/carriage'
import { Arrivals } from './arrivals'
import type { PacketCounter } from './packet-counter'
import type { PacketSink } from './receiver-options'
import { SenderCount } from './sender-count'

/** What of a report comes from counting packets (SPEC CT). */
export type PacketCounts = ReturnType<Arrivals['counts']> &
  Pick<ReceiverStatus, 'packetsSent' | 'repaired' | 'firstPacketAtMs' | 'completedAtMs' | 'previewAtMs'>

/** What was sent of one picture and what came, round by round, until the count is frozen (SPEC CT, FZ). */
export class PacketLedger {
  readonly #arrivals: Arrivals
  readonly #sent = new SenderCount()
  /** As the last END said. */
  #account: SenderAccount = NO_ACCOUNT
  #repaired = 0
  /** When a new packet came, or when waiting for one began. */
  #lastProgressAt: number
  #completedAt: number | null = null
  #previewAt: number | null = null
  readonly counter: PacketCounter

  constructor(chunkCount: number, sink: PacketSink | null, now: number) {
    this.#arrivals = new Arrivals(chunkCount, sink)
    this.counter = this.#arrivals.counter
    this.#lastProgressAt = now
  }

  /** What only the sender knows, for the report. */
  get account(): SenderAccount {
    return this.#account
  }

  /** What arrives now is late (SPEC CT9). */
  get frozen(): boolean {
    return this.counter.frozen
  }

  /** False for a number that no packet of this picture can have (SPEC RX2). */
  fits(packetNumber: number): boolean {
    return packetNumber < (this.#sent.atEnd ?? Infinity) && this.counter.inRange(packetNumber)
  }

  /** As `Arrivals.count`: false for a copy, and after the freeze. The number fits. */
  count(packet: Parameters<Arrivals['count']>[0], now: number): boolean {
    if (!this.#arrivals.count(packet, now)) return false
    this.#lastProgressAt = now
    return true
  }

  /** The packet of this number brought a chunk that was missing. */
  handleFilled(packetNumber: number): void {
    if (this.#sent.isRepair(packetNumber)) this.#repaired++
  }

  /** END of the round that was asked for. False when it contradicts what has come (SPEC RX5). */
  handleEnd(end: End, now: number): boolean {
    const { packetsSent } = end
    const possible = this.counter.inRange(Math.max(packetsSent, 1) - 1)
    if (packetsSent <= this.counter.highest || !possible) return false
    if (this.#sent.atEnd === null) this.#lastProgressAt = now
    this.#sent.handleEnd(packetsSent, end.final)
    this.#account = end
    return true
  }

  /** Another round is asked for. */
  reopen(now: number): void {
    this.#sent.reopen(this.counter.highest)
    this.#lastProgressAt = now
  }

  /** Every chunk is held. */
  complete(now: number): void {
    this.#completedAt = now
  }

  /** Something of the picture can be seen since `atMs`; only the first time counts, and not after the freeze. */
  handlePreviewShown(atMs: number): void {
    if (!this.frozen) this.#previewAt ??= atMs
  }

  /** When what is missing of the round is lost; null while its END is not here, and when no other round can follow (SPEC RP1). */
  get quietDueMs(): number | null {
    if (this.frozen || this.#sent.atEnd === null || this.#sent.final) return null
    const hasLast = this.counter.highest + 1 >= this.#sent.atEnd
    return this.#lastProgressAt + (hasLast ? REPAIR_QUIET_LAST_MS : REPAIR_QUIET_MS)
  }

  /** When nothing more is waited for; null until the sender's final count is known, and once frozen (SPEC FZ2). */
  get freezeDueMs(): number | null {
    if (this.frozen || !this.#sent.final) return null
    return this.#lastProgressAt + FREEZE_QUIET_MS
  }

  /** It is time to freeze. `whole`: the receiver will ask for no other round, so the count of this one is final too (SPEC FZ1). */
  isOver(whole: boolean, now: number): boolean {
    if (this.frozen) return false
    const countKnown = this.#sent.final || whole
    if (countKnown && this.counter.received === this.#sent.atEnd) return true
    const due = this.freezeDueMs
    return due !== null && now >= due
  }

  freeze(now: number): void {
    this.counter.freeze()
    this.#completedAt ??= now
  }

  /** More is wanted after all: the count is open again (SPEC FZ5). */
  thaw(): void {
    this.#completedAt = null
    this.counter.thaw()
  }

  counts(): PacketCounts {
    const completedAt = this.#completedAt ?? this.#lastProgressAt
    return {
      packetsSent: this.#sent.known(this.counter.highest),
      ...this.#arrivals.counts(),
      repaired: this.#repaired,
      firstPacketAtMs: this.#arrivals.firstAt ?? completedAt,
      completedAtMs: completedAt,
      previewAtMs: this.#previewAt,
    }
  }
}
