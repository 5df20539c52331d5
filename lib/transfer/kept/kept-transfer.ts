import { chunkCountOf } from '@/lib/protocol/packet/manifest'

import type { OutgoingPicture, TransferView } from '../types'
import type { KeptPicture } from './kept-picture'

/** A picture from before the page was loaded anew: finished, and shown as it was. Owns the object URL of its file. */
export class KeptTransfer {
  readonly key: string
  readonly transferId: string
  readonly peerId: string
  readonly state = 'done'
  readonly active = false
  readonly #view: TransferView
  readonly #url: string
  readonly #file: Blob

  constructor({ key, peerId, peerName, channels, fileName, report, file }: KeptPicture) {
    this.key = key
    this.transferId = report.transferId
    this.peerId = peerId
    this.#url = URL.createObjectURL(file)
    this.#file = file
    const { transferId, name, type, bytes, width, height, mode, startedAtMs, sha256 } = report
    const chunks = chunkCountOf(bytes)
    this.#view = {
      ...{ key, transferId, peerId, peerName, name, type, bytes, width, height, channels, mode, startedAtMs },
      direction: 'receive',
      state: 'done',
      errorCode: null,
      interrupted: false,
      kept: true,
      progress: {
        packetsSent: report.packetsSent,
        packetsReceived: report.packetsReceived,
        lossPercent: report.lossPercent,
        duplicates: report.duplicates,
        chunksHeld: chunks,
        chunks,
        bytesPerSecond: 0,
        secondsLeft: 0,
        repairRounds: report.repairRounds,
      },
      report,
      picture: { url: this.#url, isCopy: false, fileUrl: this.#url, fileName, sha256, complete: true },
      sight: null,
      packetLog: null,
      canRepair: false,
    }
  }

  /** To be handed on. */
  held(sha256: string): OutgoingPicture | null {
    if (this.#view.report?.sha256 !== sha256) return null
    const { name, type, width, height, channels } = this.#view
    return { file: this.#file, name, type, width, height, channels }
  }

  view(): TransferView {
    return this.#view
  }

  close(): void {
    URL.revokeObjectURL(this.#url)
  }
}
