import { LaneLag } from './lane-lag'

/** The network itself turns packets of one lane round by less than this. */
const LANE_REORDER_MS = 2

const SETTLED = 1
const TAKEN_FOR_LOST = 2

/** What is known of the packets that were sent: under way, or settled (arrived or lost). By block. */
export class Flight {
  readonly #underWay: Int32Array
  #blocks = new Uint16Array(256)
  #sentAt = new Float64Array(256)
  #settled = new Uint8Array(256)
  readonly #lanes: (object | undefined)[] = []
  /** By lane: when the newest of its packets that arrived was sent. */
  readonly #laneArrivedTo = new WeakMap<object, number>()
  readonly #lag: LaneLag
  #floor = 0
  #sent = 0

  constructor(blockCount: number, lag: LaneLag = new LaneLag()) {
    this.#lag = lag
    lag.begin()
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

  /** Packets with a lower number whose fate is not known. */
  unsettledBelow(packetNumber: number): number {
    let count = 0
    for (let n = this.#floor; n < packetNumber; n++) if (!this.isSettled(n)) count++
    return count
  }

  ofBlock(block: number): number {
    return this.#underWay[block] ?? 0
  }

  isSettled(packetNumber: number): boolean {
    return packetNumber < this.#floor || (this.#settled[packetNumber] ?? 0) > 0
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

  /** The packet that was added last went by this lane. */
  handleCarried(lane: object): void {
    if (this.#sent > this.#floor) this.#lanes[this.#sent - 1] = lane
  }

  /**
   * Settles the packets below `seen` that `arrived` says are here, and as lost those that one of the same lane has
   * overtaken, or that were sent so long before `heardTo` that no lane is that far behind. From `known` on `arrived`
   * tells the truth of each.
   */
  settle(
    seen: number,
    { known, heardTo }: { readonly known: number; readonly heardTo: number },
    arrived: (packetNumber: number) => boolean,
  ): void {
    this.#noteArrivals(Math.max(0, known), seen, arrived)
    const lostBefore = heardTo - this.#lag.ms
    for (let n = this.#floor; n < this.#sent; n++) {
      if (n >= seen && this.sentAt(n) > lostBefore) break
      if (this.isSettled(n)) continue
      if (n < seen && arrived(n)) this.#settle(n, SETTLED)
      else if (this.sentAt(n) <= lostBefore || this.#isOvertaken(n)) this.#settle(n, TAKEN_FOR_LOST)
    }
    while (this.#floor < this.#sent && this.isSettled(this.#floor)) this.#floor++
  }

  #noteArrivals(from: number, to: number, arrived: (packetNumber: number) => boolean): void {
    let wrong = false
    for (let n = from; n < to; n++) {
      if (this.#settled[n] === SETTLED || !arrived(n)) continue
      if (this.#settled[n] === TAKEN_FOR_LOST) {
        this.#settled[n] = SETTLED
        wrong = true
      }
      const lane = this.#lanes[n]
      if (lane) this.#laneArrivedTo.set(lane, Math.max(this.#laneArrivedTo.get(lane) ?? 0, this.sentAt(n)))
    }
    if (wrong) this.#lag.widen()
  }

  #isOvertaken(packetNumber: number): boolean {
    const lane = this.#lanes[packetNumber]
    const arrivedTo = lane ? this.#laneArrivedTo.get(lane) : undefined
    return arrivedTo !== undefined && this.sentAt(packetNumber) <= arrivedTo - LANE_REORDER_MS
  }

  /** Nothing is heard of any packet: all are taken for lost. */
  giveUp(): void {
    for (let n = this.#floor; n < this.#sent; n++) if (this.#settled[n] === 0) this.#settle(n, SETTLED)
    this.#floor = this.#sent
  }

  #settle(packetNumber: number, as: number): void {
    this.#settled[packetNumber] = as
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
