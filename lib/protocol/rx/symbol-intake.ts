import type { Manifest } from '../packet/manifest'
import type { SymbolPacket } from '../packet/symbol'
import type { Assembler } from './assembler'
import { FeedbackReporter } from './feedback-reporter'
import type { PacketLedger } from './packet-ledger'
import type { PathMeter } from './path-meter'
import { CODED_CHUNK } from './receiver-options'
import { type DecodeJob, SymbolCollector } from './symbol-collector'

/** Assured: the symbols of one picture as they come, and the FEEDBACK that they call for (SPEC AS). */
export class SymbolIntake {
  readonly #assembler: Assembler
  readonly #ledger: PacketLedger
  readonly #meter: PathMeter
  readonly #collector: SymbolCollector
  readonly #feedback: FeedbackReporter

  /** Chunks go to `assembler`, counts to `ledger`, which the picture's receiver reads. */
  constructor(
    transferId: string,
    { bytes, chunkCount }: Manifest,
    assembler: Assembler,
    ledger: PacketLedger,
    meter: PathMeter,
  ) {
    this.#assembler = assembler
    this.#ledger = ledger
    this.#meter = meter
    this.#collector = new SymbolCollector(bytes, chunkCount, assembler)
    this.#feedback = new FeedbackReporter(transferId, {
      counter: ledger.counter,
      collector: this.#collector,
      assembler,
      meter,
    })
  }

  /** Chunks that the code has rebuilt. */
  get recovered(): number {
    return this.#collector.recovered
  }

  /** False when the symbol can not be of this picture (SPEC AS5). */
  fits(packet: SymbolPacket): boolean {
    return this.#collector.fits(packet) && this.#ledger.fits(packet.packetNumber)
  }

  /** False when it does not count as received. It fits. */
  handleSymbol(packet: SymbolPacket, now: number): boolean {
    const { packetNumber, block, symbolId, payload } = packet
    const queueDelayMs = this.#meter.handle(packet.sentAtTenths, now)
    const chunkIndex = this.#collector.chunkOf(block, symbolId) ?? CODED_CHUNK
    if (!this.#ledger.count({ packetNumber, chunkIndex, payload, queueDelayMs }, now)) return false
    if (!this.#assembler.whole) this.#collect(packet, now)
    return true
  }

  /** `bytes`: the block's chunks, 1 024 bytes each; null when the symbols did not suffice. */
  handleDecoded(block: number, bytes: Uint8Array | null, now: number): void {
    this.#collector.handleDecoded(block, bytes)
    if (!this.#assembler.whole) this.#feedback.handleArrival(now)
  }

  get hasDecode(): boolean {
    return this.#collector.hasDecode
  }

  pollDecode(): DecodeJob | null {
    return this.#collector.pollDecode()
  }

  /** Chunks have come or gone by another way than symbols. */
  recount(): void {
    this.#collector.recount()
  }

  /** The sender is to be told soon what is here. */
  requestFeedback(now: number): void {
    this.#feedback.handleArrival(now)
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#feedback.stop()
  }

  /** When FEEDBACK is due; null once the count is frozen. */
  get dueMs(): number | null {
    return this.#ledger.frozen ? null : this.#feedback.dueMs
  }

  /** The FEEDBACK that is due now, or null. */
  poll(now: number): Uint8Array | null {
    return this.#ledger.frozen ? null : this.#feedback.poll(now)
  }

  #collect(packet: SymbolPacket, now: number): void {
    this.#collector.add(packet)
    if (!this.#assembler.whole) this.#feedback.handleArrival(now)
  }
}
