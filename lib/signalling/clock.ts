/**
 * Time as the client sees it. The page hands in a clock that a worker drives: page timers fire once a second in
 * a hidden tab, which is the normal place of one of two tabs.
 */
export interface Clock {
  /** Epoch milliseconds that never go back. */
  now(): number
  /** Calls back once, `delayMs` from now or a little later; returns what cancels it. */
  schedule(delayMs: number, callback: () => void): () => void
}
