import type { LaneSignal } from '@/lib/peer/lane'
import { encodeLinkMessage, parseLinkMessage } from '@/lib/peer/link-message'
import { throughAddress, withoutCandidates } from '@/lib/peer/through'

import type { EndOptions } from './carriage'

/** One connection whose packets cross the emulated path; nothing is said of where this end really is. */
export class ConnectionEnd {
  readonly connection = new RTCPeerConnection()
  readonly #options: Pick<EndOptions, 'through' | 'signal'>

  constructor(options: Pick<EndOptions, 'through' | 'signal'>) {
    this.#options = options
  }

  /** Once the channels or tracks of this end are there. The other end answers by itself. */
  async offer(): Promise<void> {
    await this.connection.setLocalDescription()
    this.#tell()
  }

  /** What can't be read, by us or by the browser, connects nothing. */
  handleSignal(text: string): void {
    const message = parseLinkMessage(text)
    if (message?.type === 'lane') void this.#hear(message.signal).catch(() => undefined)
  }

  close(): void {
    this.connection.close()
  }

  async #hear(told: LaneSignal): Promise<void> {
    for (const signal of throughAddress(told, this.#options.through)) {
      if (signal.type === 'candidate') await this.connection.addIceCandidate(signal.candidate)
      else await this.connection.setRemoteDescription(signal)
    }
    if (told.type !== 'offer') return
    await this.connection.setLocalDescription()
    this.#tell()
  }

  #tell(): void {
    const description = this.connection.localDescription
    const signal = description && withoutCandidates({ type: description.type, sdp: description.sdp })
    if (signal) this.#options.signal(encodeLinkMessage({ type: 'lane', lane: 0, attempt: 0, signal }))
  }
}
