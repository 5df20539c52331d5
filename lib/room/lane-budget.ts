/** Lanes of one page, over all its peers: each is a connection with its own memory and timers. */
const LANES_PER_PAGE_MAX = 96
/** A link has so many whatever its target is. */
const LANES_LEAST = 2

/** How many lanes each link gets of those that it wants, which come in the order of their precedence. */
export function shareLanes(wanted: readonly number[]): number[] {
  let left = LANES_PER_PAGE_MAX
  return wanted.map((lanes, i) => {
    // Each of those behind it has two lanes at least.
    const given = Math.min(lanes, left - LANES_LEAST * (wanted.length - 1 - i))
    left -= Math.max(LANES_LEAST, given)
    return given
  })
}
