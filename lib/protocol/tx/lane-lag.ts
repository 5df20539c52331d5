/** A lane may be behind the others by this much before what it carries counts as lost, */
const MIN_MS = 8
/** and by so much once that has been wrong: a busy page reads its lanes in turn, tens of milliseconds apart. */
const MAX_MS = 64

/**
 * How far one lane of a path may be behind the others before a packet on it is taken for lost (SPEC AS8). One a peer:
 * what a picture has learned of it serves the next one.
 */
export class LaneLag {
  #ms = MIN_MS
  #wasWrong = false

  get ms(): number {
    return this.#ms
  }

  /** A packet that was taken for lost has come after all. */
  widen(): void {
    // As RACK widens its window (RFC 8985, 6.2).
    this.#ms = Math.min(2 * this.#ms, MAX_MS)
    this.#wasWrong = true
  }

  /** A picture begins: what was never wrong during the last one may have been too patient. */
  begin(): void {
    if (!this.#wasWrong) this.#ms = Math.max(MIN_MS, this.#ms / 2)
    this.#wasWrong = false
  }
}
