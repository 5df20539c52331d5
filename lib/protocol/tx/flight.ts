/** What is known of the packets that were sent: under way, or settled (arrived or lost). By block. */
export class Flight {
  readonly #underWay: Int32Array
  #blocks = new Uint16Array(256)
  #sentAt = new Float64Array(256)
  #settled = new Uint8Array(256)
  #floor = 0
  #sent = 0

  constructor(blockCount: number) {
    this.#underWay = new Int32Array(blockCount)
  }

  /** The number of the next packet. */
  get sent(): number {
    return this.#sent
  }

  get total(): number {
    let total = 0
    for (const count of this.#underWay) total += count
    return total
  }

  ofBlock(block: number): number {
    return this.#underWay[block] ?? 0
  }

  isSettled(packetNumber: number): boolean {
    return packetNumber < this.#floor || this.#settled[packetNumber] === 1
  }

  sentAt(packetNumber: number): number {
    return this.#sentAt[packetNumber] ?? 0
  }

  /** Notes a packet; returns its number. */
  add(block: number, now: number): number {
    if (this.#sent >= this.#blocks.length) this.#grow()
    this.#blocks[this.#sent] = block
    this.#sentAt[this.#sent] = now
    this.#underWay[block] = (this.#underWay[block] ?? 0) + 1
    return this.#sent++
  }

  /**
   * Settles the packets below `seen` that `arrived` says are here, and all that were sent before `lostBefore`: they
   * are lost if they are not here by now.
   */
  settle(seen: number, lostBefore: number, arrived: (packetNumber: number) => boolean): void {
    for (let n = this.#floor; n < this.#sent; n++) {
      if (n >= seen && this.sentAt(n) > lostBefore) break
      if (this.#settled[n] === 0 && (this.sentAt(n) <= lostBefore || arrived(n))) this.#settle(n)
    }
    while (this.#floor < this.#sent && this.#settled[this.#floor] === 1) this.#floor++
  }

  /** Nothing is heard of any packet: all are taken for lost. */
  giveUp(): void {
    for (let n = this.#floor; n < this.#sent; n++) if (this.#settled[n] === 0) this.#settle(n)
    this.#floor = this.#sent
  }

  #settle(packetNumber: number): void {
    this.#settled[packetNumber] = 1
    const block = this.#blocks[packetNumber] ?? 0
    this.#underWay[block] = (this.#underWay[block] ?? 0) - 1
  }

  #grow(): void {
    const length = this.#blocks.length * 2
    const blocks = new Uint16Array(length)
    const sentAt = new Float64Array(length)
    const settled = new Uint8Array(length)
    blocks.set(this.#blocks)
    sentAt.set(this.#sentAt)
    settled.set(this.#settled)
    this.#blocks = blocks
    this.#sentAt = sentAt
    this.#settled = settled
  }
}
