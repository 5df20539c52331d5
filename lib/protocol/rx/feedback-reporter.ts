import { encodeFeedback, RECENT_PACKETS } from '../packet/feedback'
import type { Assembler } from './assembler'
import type { PacketCounter } from './packet-counter'
import type { PathMeter } from './path-meter'
import type { SymbolCollector } from './symbol-collector'

/** How long the first packet after a feedback waits for company: a fraction of most round trips. */
const FEEDBACK_INTERVAL_MS = 8
/** On a fast LAN 15 ms are hundreds of packets: then their number asks for a feedback. */
const FEEDBACK_PACKETS = 64
/** Without news the same is said again, slower each time: any one feedback may be lost. */
const REPEAT_MIN_MS = 15
const REPEAT_MAX_MS = 320
const MISSING_RUNS_MAX = 120

/** When to tell the sender what is here, and the telling of it (SPEC AS). */
export class FeedbackReporter {
  readonly #transferId: string
  readonly #counter: PacketCounter
  readonly #collector: SymbolCollector
  readonly #assembler: Assembler
  readonly #meter: PathMeter
  #feedbackNumber = 0
  #unreported = 0
  #due: number | null = null
  #repeatMs = REPEAT_MIN_MS

  constructor(
    transferId: string,
    parts: {
      readonly counter: PacketCounter
      readonly collector: SymbolCollector
      readonly assembler: Assembler
      readonly meter: PathMeter
    },
  ) {
    this.#transferId = transferId
    this.#counter = parts.counter
    this.#collector = parts.collector
    this.#assembler = parts.assembler
    this.#meter = parts.meter
  }

  get dueMs(): number | null {
    return this.#due
  }

  handleArrival(now: number): void {
    if (this.#unreported++ === 0) this.#due = now + FEEDBACK_INTERVAL_MS
    if (this.#unreported >= FEEDBACK_PACKETS) this.#due = now
    this.#repeatMs = REPEAT_MIN_MS
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#due = null
  }

  /** The feedback packet that is due now, or null. */
  poll(now: number): Uint8Array | null {
    if (this.#due === null || now < this.#due) return null
    this.#unreported = 0
    this.#due = now + this.#repeatMs
    this.#repeatMs = Math.min(this.#repeatMs * 2, REPEAT_MAX_MS)
    const packetsSeen = this.#counter.highest + 1
    return encodeFeedback(this.#transferId, {
      feedbackNumber: ++this.#feedbackNumber,
      packetsReceived: this.#counter.received,
      packetsSeen,
      ...this.#meter.read(now),
      doneBefore: this.#collector.doneBefore,
      needs: this.#collector.needs(),
      recent: this.#recent(packetsSeen),
      missing: this.#assembler.missingRuns(MISSING_RUNS_MAX),
    })
  }

  #recent(packetsSeen: number): Uint8Array {
    const recent = new Uint8Array(RECENT_PACKETS / 8)
    for (let i = 0; i < RECENT_PACKETS && i < packetsSeen; i++) {
      if (this.#counter.has(packetsSeen - 1 - i)) recent[i >> 3] = (recent[i >> 3] ?? 0) | (1 << (i & 7))
    }
    return recent
  }
}
