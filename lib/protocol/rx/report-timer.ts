import { REPORT_INTERVAL_MS } from '../constants'

/** When REPORT is due: at once for what changes the state, else at most every 100 ms (SPEC RX3). */
export class ReportTimer {
  #due: number | null = null
  #lastAt = -Infinity

  /** Null while nothing calls for a REPORT. */
  get dueMs(): number | null {
    return this.#due
  }

  /** Something has changed that the sender waits for. */
  hasten(now: number): void {
    this.#due = now
  }

  /** Something has come. */
  request(now: number): void {
    this.#due ??= Math.max(now, this.#lastAt + REPORT_INTERVAL_MS)
  }

  /** True when it is due now, and to be sent. */
  handleTimeout(now: number): boolean {
    if (this.#due === null || now < this.#due) return false
    this.#lastAt = now
    this.#due = null
    return true
  }
}
