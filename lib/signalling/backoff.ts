const FIRST_MS = 500
const MAX_MS = 5000

/**
 * How long to wait before the next attempt after `failures` (1 and up) failed ones: half fixed, half random, so
 * that the pages of a restarted server do not all come at once. From 250 ms to 5 s.
 */
export function backoffMs(failures: number, random: () => number): number {
  const wholeMs = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
  return wholeMs / 2 + (wholeMs / 2) * random()
}
