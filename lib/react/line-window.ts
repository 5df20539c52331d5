export const LINE_PX = 24

/** As many lines as fit into the box of the printed stream (240 px), and one that is cut on each side. */
const VISIBLE_LINES = 12
/**
 * Drawn above and below what is in view, so that scrolling finds lines and not gaps. None at the end of the stream:
 * there every line is another one at each showing, and has to be shaped and laid out anew.
 */
const SPARE_LINES = 8

/** The lines that exist: `count` of them from `first` on. */
export interface LineWindow {
  readonly first: number
  readonly count: number
}

/** Which of `length` lines to draw when `below` of them lie below the lower edge of the box. */
export function windowFromEnd(length: number, below: number): LineWindow {
  const spare = below > 0 ? SPARE_LINES : 0
  const end = Math.min(length, Math.max(0, length - below + spare))
  const first = Math.max(0, Math.min(end, length - below) - VISIBLE_LINES - spare)
  return { first, count: end - first }
}
