import { throughAddress, withoutCandidates } from '@/lib/peer/through'

import type { PairOptions } from './carriage'

/** Two connections in this page whose packets cross the emulated path; nothing is said of where they really are. */
export class ConnectionPair {
  readonly a = new RTCPeerConnection()
  readonly b = new RTCPeerConnection()
  readonly #ends: PairOptions['ends']

  constructor(ends: PairOptions['ends']) {
    this.#ends = ends
  }

  /** One exchange of offer and answer, once the channels or tracks of A are there. */
  async connect(): Promise<void> {
    await this.a.setLocalDescription()
    await hear(this.b, this.a.localDescription, this.#ends.b)
    await this.b.setLocalDescription()
    await hear(this.a, this.b.localDescription, this.#ends.a)
  }

  close(): void {
    this.a.close()
    this.b.close()
  }
}

async function hear(
  connection: RTCPeerConnection,
  description: RTCSessionDescription | null,
  through: PairOptions['ends']['a'],
): Promise<void> {
  const told = description && withoutCandidates({ type: description.type, sdp: description.sdp })
  for (const signal of told ? throughAddress(told, through) : []) {
    if (signal.type === 'candidate') await connection.addIceCandidate(signal.candidate)
    else await connection.setRemoteDescription(signal)
  }
}
