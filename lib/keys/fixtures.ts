import type { RandomBytes } from './secret'

/** Test data: bytes that are different each time and the same in each run. */
export function countedBytes(seed: number): RandomBytes {
  let state = seed >>> 0
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      // Numerical Recipes' linear congruence: enough for keys that only have to differ.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
}
