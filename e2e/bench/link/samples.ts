import { percentile } from '@/lib/lab/statistics'

/** What the receiver's host has received since it is there, at one moment. */
export interface Sample {
  /** Epoch milliseconds. */
  readonly at: number
  /** Bytes of the TCP download. */
  readonly payload: number
  /** Of all IP packets, headers included. */
  readonly ipBytes: number
  readonly tcpSegments: number
  /** One-way delays of the probes since the sample before. */
  readonly delaysMs: readonly number[]
}

/** IP and TCP headers of a segment, with timestamps. */
const SEGMENT_HEADER_BYTES = 52

/** What each carried over the link between two moments, headers included. Everything that is not TCP is Shoal's. */
export function carriedBetween(
  samples: readonly Sample[],
  fromMs: number,
  toMs: number,
): { readonly tcpBytes: number; readonly shoalBytes: number } | null {
  const within = samples.filter(({ at }) => at >= fromMs && at <= toMs)
  const [first] = within
  const last = within.at(-1)
  if (!first || !last || last === first) return null
  const tcpBytes =
    last.payload - first.payload + SEGMENT_HEADER_BYTES * (last.tcpSegments - first.tcpSegments)
  return { tcpBytes, shoalBytes: last.ipBytes - first.ipBytes - tcpBytes }
}

/** 95th percentile of the probes' delay above the least of all, between two moments; null without probes. */
export function queueDelayP95(samples: readonly Sample[], fromMs: number, toMs: number): number | null {
  const least = Math.min(...samples.flatMap(({ delaysMs }) => delaysMs))
  const within = samples.filter(({ at }) => at >= fromMs && at <= toMs).flatMap(({ delaysMs }) => delaysMs)
  return within.length > 0 ? percentile(within, 0.95) - least : null
}

/** The lines of a program's output that are samples. */
export function parseSamples(output: string): Sample[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Sample)
}
