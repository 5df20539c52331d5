/** A control packet goes out on so many lanes: enough that losing all copies is rare, few enough to cost little. */
const CONTROL_LANES = 3

/** Chooses the lanes for a control packet: those in which the least waits, in turn among equals. */
export class ControlLanes {
  #turn = 0

  choose<L extends { readonly bufferedAmount: number }>(lanes: readonly L[]): readonly L[] {
    if (lanes.length <= CONTROL_LANES) return lanes
    this.#turn = (this.#turn + CONTROL_LANES) % lanes.length
    return [...lanes.slice(this.#turn), ...lanes.slice(0, this.#turn)]
      .sort((a, b) => a.bufferedAmount - b.bufferedAmount)
      .slice(0, CONTROL_LANES)
  }
}
