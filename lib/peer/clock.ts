/** Time as the drivers of the core see it: it goes on in hidden tabs (see transfer/worker-clock). */
export interface Clock {
  /** Epoch milliseconds that never go back. */
  now(): number
  /** Calls back once, `delayMs` from now or a little later; returns what cancels it. */
  schedule(delayMs: number, callback: () => void): () => void
}
