import type { SenderAccount } from '../packet/end'
import type { CarryingPath } from '../report'
import { Carriage, NO_ACCOUNT } from './carriage'
import type { SymbolStream } from './symbol-stream'

/** What only the sender knows of its data packets; taken down when a round ends, for END and the report (SPEC CT11). */
export class TransmissionAccount {
  readonly #carriage = new Carriage()
  #bytesSent = 0
  #inFlightAtEnd = 0
  #taken: SenderAccount = NO_ACCOUNT

  /** As it was taken last: repeats of END must not say anything else, or the two reports would differ. */
  get taken(): SenderAccount {
    return this.#taken
  }

  /** A data packet is to go out, with so many bytes of the picture or of its code. */
  handleSent(payloadBytes: number): void {
    this.#bytesSent += payloadBytes
  }

  /** A data packet of that many bytes was given to a lane, which is known by its identity. */
  handleCarried(lane: object, path: CarryingPath, packetBytes: number): void {
    this.#carriage.handleSent(lane, path, packetBytes)
  }

  /** The receiver is whole, with so many packets of unknown fate. */
  handleWhole(inFlight: number): void {
    this.#inFlightAtEnd = inFlight
  }

  /** The round has ended; `stream` for Assured. */
  take(stream: SymbolStream | null): void {
    const { lanes, path, relayedBytes } = this.#carriage
    const rttMs = stream?.minRttMs ?? null
    this.#taken = {
      bytesSent: this.#bytesSent,
      codedPacketsSent: stream?.codedPacketsSent ?? 0,
      inFlightAtEnd: this.#inFlightAtEnd,
      lanes,
      path,
      relayedBytes,
      minRttMs: rttMs === null ? null : Math.round(rttMs * 10) / 10,
    }
  }
}
