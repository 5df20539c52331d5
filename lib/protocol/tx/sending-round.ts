import { CONTROL_RETRY_MIN_MS, REPAIR_PARTS_WAIT_MS } from '../constants'
import type { RepairRequest } from '../packet/repair'
import { RepairParts } from './repair-parts'

/** The round that is going out: which it is, the parts of the request for it, and when its END was told (SPEC RP4 to RP6). */
export class SendingRound {
  #number = 0
  #parts = new RepairParts(0, -Infinity)
  #lastEndAt = -Infinity

  /** 0 is the first pass. */
  get number(): number {
    return this.#number
  }

  /** From then on the parts that are missing are not waited for. */
  get deadlineMs(): number {
    return this.#parts.deadlineMs
  }

  /** Whether the request is for a round after this one; `again`: or for this one once more. */
  isNext({ round }: RepairRequest, again: boolean): boolean {
    return again ? round >= this.#number : round > this.#number
  }

  /** Another round begins; no part of its request is taken by that. `parts`: how many there are to wait for. */
  open(round: number, parts: number, now: number): void {
    this.#number = round
    this.#parts = new RepairParts(parts, now + REPAIR_PARTS_WAIT_MS)
  }

  /** The receiver is in a later round, whose request never came; END has to name that one to be heard (SPEC RX5). */
  catchUp(round: number): void {
    this.#number = Math.max(this.#number, round)
  }

  /** False for a copy of a part that is here. */
  addPart(part: number): boolean {
    return this.#parts.add(part)
  }

  /** All parts are here, or have been waited for. */
  isAsked(now: number): boolean {
    return this.#parts.complete || now >= this.#parts.deadlineMs
  }

  handleEndSent(now: number): void {
    this.#lastEndAt = now
  }

  /** Copies of a request on other lanes and its other parts come at the same time: END answers once. */
  mayAnswer(now: number): boolean {
    return now >= this.#lastEndAt + CONTROL_RETRY_MIN_MS
  }
}
