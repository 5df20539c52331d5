import { REPAIR_PARTS_MAX } from '../constants'
import { encodeRepair } from '../packet/repair'
import { RetryTimer } from '../retry'
import type { Assembler } from './assembler'

/** More runs than a request can name are not looked for: a part holds at most about 570 of two bytes each. */
const RUNS_PER_REQUEST_MAX = REPAIR_PARTS_MAX * 600
const ROUND_MAX = 0xffff

/** Asks for the chunks that are missing, round by round, and again until END of the round is here (SPEC RP2, RP3). */
export class RepairRequests {
  readonly #transferId: string
  readonly #assembler: Assembler
  readonly #retry = new RetryTimer()
  #round = 0

  constructor(transferId: string, assembler: Assembler) {
    this.#transferId = transferId
    this.#assembler = assembler
  }

  /** The last one that was asked for; 0 for the first pass. */
  get round(): number {
    return this.#round
  }

  /** No further round can be asked for (SPEC RP9). */
  get usedUp(): boolean {
    return this.#round >= ROUND_MAX
  }

  /** When the request is to be repeated; null while none is out. */
  get dueMs(): number | null {
    return this.#retry.dueMs
  }

  /** The packets that ask for another round. */
  begin(now: number): Uint8Array[] {
    this.#round++
    this.#retry.start(now)
    return this.#request()
  }

  /** The round has ended, or nothing is wanted any more. */
  stop(): void {
    this.#retry.stop()
  }

  /** The sender is at work. */
  postpone(now: number): void {
    this.#retry.postpone(now)
  }

  /** The way to the sender has just opened. */
  hasten(now: number): void {
    this.#retry.hasten(now)
  }

  /** The same request with what is missing by now, when it is due; else none. */
  handleTimeout(now: number): Uint8Array[] {
    return this.#retry.handleTimeout(now) ? this.#request() : []
  }

  #request(): Uint8Array[] {
    return encodeRepair(this.#transferId, this.#round, this.#assembler.missingRuns(RUNS_PER_REQUEST_MAX))
  }
}
