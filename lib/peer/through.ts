import type { LaneSignal } from './lane'

/** An address that all packets of a lane go to, in place of the other end's own ones. */
export interface UdpAddress {
  /** IPv4. */
  readonly address: string
  readonly port: number
}

/** RFC 8445, section 5.1.2.1: type preference 126, the best there is, for a host candidate. */
const HOST_PRIORITY = 2_130_706_431

/** What this end tells the other: nothing of where it is, so that no way but the given one can be found. */
export function withoutCandidates(signal: LaneSignal): LaneSignal | null {
  if (signal.type === 'candidate') return null
  const lines = signal.sdp.split('\r\n').filter((line) => !/^a=(candidate|end-of-candidates)/.test(line))
  return { ...signal, sdp: lines.join('\r\n') }
}

/** What this end hears of the other: its descriptions as they are, and the given address as its only candidate. */
export function throughAddress(signal: LaneSignal, { address, port }: UdpAddress): readonly LaneSignal[] {
  const description = withoutCandidates(signal)
  if (!description) return []
  const candidate = `candidate:1 1 udp ${HOST_PRIORITY} ${address} ${port} typ host`
  return [description, { type: 'candidate', candidate: { candidate, sdpMLineIndex: 0, sdpMid: null } }]
}
