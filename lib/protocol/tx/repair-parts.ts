/** Which parts of the request for one round are here; the round ends without those that do not come (SPEC RP5). */
export class RepairParts {
  readonly #wanted: number
  readonly #seen = new Set<number>()
  /** From then on the parts that are missing are not waited for. */
  readonly deadlineMs: number

  constructor(wanted: number, deadlineMs: number) {
    this.#wanted = wanted
    this.deadlineMs = deadlineMs
  }

  get complete(): boolean {
    return this.#seen.size >= this.#wanted
  }

  /** False for a copy of a part that is here. */
  add(part: number): boolean {
    if (this.#seen.has(part)) return false
    this.#seen.add(part)
    return true
  }
}
