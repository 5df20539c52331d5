import { ShoalError } from '@/lib/protocol/errors'

/** One question to the other device and its answer; epoch milliseconds of the two clocks. */
export interface RoundTrip {
  readonly askedAt: number
  /** On the other device's clock. */
  readonly answeredAt: number
  readonly heardAt: number
}

/** How far the other device's clock is ahead of this one's. */
export interface ClockEstimate {
  readonly offsetMs: number
  /** The true offset is no further than that from `offsetMs`: half the round trip that it was learned from. */
  readonly boundMs: number
}

/** Enough that one of them meets two idle pages; they take a few milliseconds each in one network. */
export const ROUND_TRIPS = 8

/**
 * As NTP does (RFC 5905, section 8, and its clock filter): the answer was given somewhere between question and hearing, taken
 * for the middle; the fastest trip leaves the least room. Null without any.
 */
export function estimateClock(trips: readonly RoundTrip[]): ClockEstimate | null {
  let best: ClockEstimate | null = null
  for (const { askedAt, answeredAt, heardAt } of trips) {
    const boundMs = Math.max(0, heardAt - askedAt) / 2
    if (!best || boundMs < best.boundMs) best = { offsetMs: answeredAt - (askedAt + heardAt) / 2, boundMs }
  }
  return best
}

/** Asks `roundTrip` so often, one after the other; rejects as it does. */
export async function measureClock(roundTrip: () => Promise<RoundTrip>): Promise<ClockEstimate> {
  const trips: RoundTrip[] = []
  for (let i = 0; i < ROUND_TRIPS; i++) trips.push(await roundTrip())
  const estimate = estimateClock(trips)
  if (!estimate) throw new ShoalError('SHOAL_INTERNAL')
  return estimate
}
