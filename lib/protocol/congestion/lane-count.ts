/** Never fewer: one lane that stalls must not hold the others up. */
export const LANES_MIN = 8
/** Never more to one peer: each is a connection with its own keys, timers and memory. */
export const LANES_MAX = 48
/** Of a path nobody has measured: 20 Mbit/s, a good home link. */
const RATE_MIN_BYTES_PER_MS = 2500
/** And its round trip: the longer one of those that are common. */
const RTT_PRIOR_MS = 50
/** And its loss. */
const LOSS_PRIOR = 0.03
/** SCTP's initial window, packets (RFC 9260, 7.2.1, as dcSCTP has it). */
const WINDOW_MAX = 10
/** With less than this half of the losses end in a timeout of 400 ms, in which the lane carries nothing. */
const WINDOW_MIN = 1.8
/** SCTP's window keeps halving and growing: over time it is about two thirds of what the formula says. */
const WINDOW_SHARE = 1 / 1.5
const PACKET_BYTES = 1100

/**
 * How many lanes carry a path's rate although SCTP's window on each shrinks with the loss (SPEC LN1): the bandwidth-delay
 * product in packets over the window that a lane keeps, sqrt(1.5 / loss) after Mathis and others (CCR 27(3), 1997).
 */
export function laneCount(path: {
  readonly rttMs: number | null
  /** Share of packets, 0 to 1; null while nobody has measured it. */
  readonly lossRate: number | null
  readonly rateBytesPerMs: number
}): number {
  const { rttMs, lossRate, rateBytesPerMs } = path
  const rate = Math.max(rateBytesPerMs, RATE_MIN_BYTES_PER_MS)
  const inFlight = (rate * (rttMs ?? RTT_PRIOR_MS)) / PACKET_BYTES
  const window = Math.sqrt(1.5 / Math.max(lossRate ?? LOSS_PRIOR, 1e-6)) * WINDOW_SHARE
  const lanes = Math.ceil(inFlight / Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, window)))
  return Math.min(LANES_MAX, Math.max(LANES_MIN, lanes))
}
