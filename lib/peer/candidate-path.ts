import type { CarryingPath } from '@/lib/protocol/report'

/** What one peer connection's packets can travel by. */
export type LanePath = Exclude<CarryingPath, 'relay'>

/** What getStats says, as far as it is read (webrtc-stats: RTCTransportStats, RTCIceCandidatePairStats). */
type Stat = Readonly<Record<string, unknown>>

/** Null where the browser does not say. */
export async function pathOf(connection: RTCPeerConnection): Promise<LanePath | null> {
  try {
    const stats: Stat[] = []
    const report: { forEach(visit: (stat: Stat) => void): void } = await connection.getStats()
    report.forEach((stat) => stats.push(stat))
    return pathIn(stats)
  } catch {
    return null
  }
}

/** Through a TURN server when either end of the pair in use is an address on one. */
export function pathIn(stats: readonly Stat[]): LanePath | null {
  const byId = new Map(stats.map((stat) => [stat['id'], stat]))
  const transport = stats.find((stat) => stat['type'] === 'transport' && stat['selectedCandidatePairId'])
  const pair = transport
    ? byId.get(transport['selectedCandidatePairId'])
    : // Firefox has no transport entry.
      stats.find((stat) => stat['type'] === 'candidate-pair' && stat['selected'] === true)
  if (!pair) return null
  const ends = [byId.get(pair['localCandidateId']), byId.get(pair['remoteCandidateId'])]
  return ends.some((end) => end?.['candidateType'] === 'relay') ? 'turn' : 'direct'
}
