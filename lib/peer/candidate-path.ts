import type { CarryingPath } from '@/lib/protocol/report'

/** What one peer connection's packets can travel by. */
export type LanePath = Exclude<CarryingPath, 'relay'>

/** What getStats says, as far as it is read (webrtc-stats: RTCTransportStats, RTCIceCandidatePairStats). */
type Stat = Readonly<Record<string, unknown>>

/** Null where the browser does not say. */
export async function pathOf(connection: RTCPeerConnection): Promise<LanePath | null> {
  return pathIn(await statsOf(connection))
}

/** The round trip of the last connectivity check, ms; null where the browser does not say. */
export async function rttOf(connection: RTCPeerConnection): Promise<number | null> {
  return rttIn(await statsOf(connection))
}

async function statsOf(connection: RTCPeerConnection): Promise<readonly Stat[]> {
  const stats: Stat[] = []
  try {
    const report: { forEach(visit: (stat: Stat) => void): void } = await connection.getStats()
    report.forEach((stat) => stats.push(stat))
  } catch {
    // A connection that is closed has nothing to say.
  }
  return stats
}

/** In milliseconds; a check that was answered at once still took something. */
export function rttIn(stats: readonly Stat[]): number | null {
  const seconds = selectedPair(stats)?.['currentRoundTripTime']
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null
}

/** Through a TURN server when either end of the pair in use is an address on one. */
export function pathIn(stats: readonly Stat[]): LanePath | null {
  const pair = selectedPair(stats)
  if (!pair) return null
  const byId = new Map(stats.map((stat) => [stat['id'], stat]))
  const ends = [byId.get(pair['localCandidateId']), byId.get(pair['remoteCandidateId'])]
  return ends.some((end) => end?.['candidateType'] === 'relay') ? 'turn' : 'direct'
}

function selectedPair(stats: readonly Stat[]): Stat | undefined {
  const transport = stats.find((stat) => stat['type'] === 'transport' && stat['selectedCandidatePairId'])
  return transport
    ? stats.find((stat) => stat['id'] === transport['selectedCandidatePairId'])
    : // Firefox has no transport entry.
      stats.find((stat) => stat['type'] === 'candidate-pair' && stat['selected'] === true)
}
