/** What the receiver knows of how many packets the sender has sent (SPEC FZ1, CT4). */
export class SenderCount {
  /** The count at the end of the round asked for; null until its END is here. */
  atEnd: number | null = null
  /** That count will not change any more. */
  final = false
  /** Kept over rounds whose END is not here yet. */
  #least = 0
  #firstPass: number | null = null

  handleEnd(packetsSent: number, final: boolean): void {
    this.atEnd = Math.max(packetsSent, this.atEnd ?? 0)
    this.final ||= final
  }

  /** Another round is asked for: the count is open again. */
  reopen(highestSeen: number): void {
    this.#least = this.known(highestSeen)
    this.#firstPass ??= this.#least
    this.atEnd = null
    this.final = false
  }

  /** What was sent for sure, given the highest packet number seen (-1 for none). */
  known(highestSeen: number): number {
    return this.atEnd ?? Math.max(this.#least, highestSeen + 1)
  }

  /** Numbers after the first pass belong to repair rounds. */
  isRepair(packetNumber: number): boolean {
    return this.#firstPass !== null && packetNumber >= this.#firstPass
  }
}
