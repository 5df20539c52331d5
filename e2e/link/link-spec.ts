/** One emulated link, the same in both directions. */
export interface LinkSpec {
  readonly oneWayMs: number
  /** Of each direction. */
  readonly lossPercent: number
  readonly mbit: number
  /** Drop-tail, for each direction. */
  readonly queuePackets: number
  /** Mean length of a burst of losses in packets; 1: each packet is lost or not on its own. */
  readonly meanBurst: number
}

/** Bytes on the wire for one byte of a picture: headers of the chunk, SCTP, DTLS, UDP and IP. */
const WIRE_SHARE = 1.09

/** "25,5,20,200" or, with bursts of mean 4, "25,5,20,200,4"; null for anything else. */
export function parseLinkSpec(text: string): LinkSpec | null {
  const numbers = text.split(',').map((part) => (/^\d+(\.\d+)?$/.test(part.trim()) ? Number(part) : NaN))
  if (numbers.length < 4 || numbers.length > 5 || numbers.some(Number.isNaN)) return null
  const [oneWayMs = 0, lossPercent = 0, mbit = 0, queuePackets = 0, meanBurst = 1] = numbers
  if (lossPercent >= 100 || mbit <= 0 || meanBurst < 1) return null
  return { oneWayMs, lossPercent, mbit, queuePackets, meanBurst }
}

/** The inverse of `parseLinkSpec`. */
export function formatLinkSpec({ oneWayMs, lossPercent, mbit, queuePackets, meanBurst }: LinkSpec): string {
  return [oneWayMs, lossPercent, mbit, queuePackets, ...(meanBurst > 1 ? [meanBurst] : [])].join(',')
}

/** The least time in ms for so many picture bytes: every byte once on the wire, what is lost once more, one way. */
export function limitMs({ oneWayMs, lossPercent, mbit }: LinkSpec, bytes: number): number {
  return (WIRE_SHARE * bytes * 8) / (mbit * 1000) / (1 - lossPercent / 100) + oneWayMs
}
