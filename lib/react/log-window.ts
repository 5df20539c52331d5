/** So many messages are in the page when it follows the end. */
const FOLLOWED = 150
/** And so many at most while the reader goes back. */
const SHOWN_MAX = 400
const STEP = 150

/** Which of `count` messages are in the page; `first` null: the last ones. */
export function logWindow(
  count: number,
  first: number | null,
): { readonly start: number; readonly end: number } {
  if (first === null) return { start: Math.max(0, count - FOLLOWED), end: count }
  const start = Math.min(Math.max(0, first), Math.max(0, count - 1))
  return { start, end: Math.min(count, start + SHOWN_MAX) }
}

/** The `first` that shows what stands before the window. */
export function windowBefore(start: number): number {
  return Math.max(0, start - STEP)
}

/** The `first` that shows what comes after it; null once that is the end. */
export function laterWindow(count: number, start: number): number | null {
  const next = start + STEP
  return next + SHOWN_MAX >= count ? null : next
}

/** The `first` with one message in the middle; null where that is in the last ones anyway. */
export function windowAround(count: number, index: number): number | null {
  return index >= count - FOLLOWED ? null : Math.max(0, index - Math.floor(SHOWN_MAX / 2))
}
