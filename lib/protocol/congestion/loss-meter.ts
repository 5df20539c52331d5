/** Packets over which the loss rate is remembered. */
const MEMORY_PACKETS = 400

/** Which share of the last packets was lost. */
export class LossMeter {
  #lost = 0
  #arrived = 0

  /** `lost` may be negative: some that were taken for lost have come after all. */
  count(arrived: number, lost: number): void {
    this.#arrived += arrived
    this.#lost = Math.max(0, this.#lost + lost)
    const excess = (this.#arrived + this.#lost) / MEMORY_PACKETS
    if (excess > 1) {
      this.#arrived /= excess
      this.#lost /= excess
    }
  }

  /** 0 to 1. */
  get rate(): number {
    return this.#lost / Math.max(1, this.#lost + this.#arrived)
  }

  /** Something was counted. */
  get measured(): boolean {
    return this.#lost + this.#arrived > 0
  }
}
