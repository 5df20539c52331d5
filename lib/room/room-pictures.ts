import type { Clock } from '@/lib/peer/clock'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { browserSight } from '@/lib/transfer/browser-sight'
import { createDigestService } from '@/lib/transfer/digest'
import { createErasureCode } from '@/lib/transfer/erasure-code'
import type { OpenBroadcast } from '@/lib/transfer/fan-out'
import { createBrowserPictureStore } from '@/lib/transfer/kept/browser-store'
import { Transfers } from '@/lib/transfer/transfers'

import { isPageVisible, newTransferId } from './browser'
import { fanOutFrom } from './fan-out-from'
import { KeptPictures } from './kept-pictures'
import type { PeerView } from './types'

/** A way to a peer that is not open by then is not what the workers would keep the processor from. */
const WORKERS_AFTER_MS = 2000

export interface RoomPicturesOptions {
  readonly clock: Clock
  /** Received pictures outlive a reload of the page. */
  readonly keeps: boolean
  /** Sends a picture for many once, where there is a way for that; null: each gets it by itself. */
  readonly openBroadcast: OpenBroadcast | null
  readonly onChange: () => void
}

/** The pictures of this page in its room: what is sent and received, what of it is kept, and the workers it takes. */
export class RoomPictures {
  readonly transfers: Transfers
  readonly #clock: Clock
  readonly #digest = createDigestService()
  readonly #code = createErasureCode()
  readonly #kept: KeptPictures | null
  #workersAreDue = false

  constructor({ clock, keeps, openBroadcast, onChange }: RoomPicturesOptions) {
    this.#clock = clock
    this.#kept = keeps
      ? new KeptPictures(createBrowserPictureStore(clock), (pictures) => this.transfers.restore(pictures))
      : null
    this.transfers = new Transfers({
      clock,
      digest: this.#digest,
      code: this.#code,
      sight: { ...browserSight(clock), isVisible: isPageVisible },
      maxPictureBytes: PICTURE_MAX_DEFAULT_BYTES,
      newTransferId,
      onChange,
      ...(openBroadcast && { fanOut: { from: fanOutFrom(navigator), open: openBroadcast } }),
      onFinished: (picture) => this.#kept?.keep(picture),
    })
  }

  /** In that room, for the first time or again: what was received in it before a reload is shown. */
  enter(room: string): void {
    void this.#kept?.enter(room)
  }

  leave(): void {
    this.#kept?.leave()
  }

  /** Forgets a finished picture, also the kept one. */
  remove(transferKey: string): void {
    this.transfers.remove(transferKey)
    this.#kept?.drop(transferKey)
  }

  /**
   * Starts the workers once one of these peers can be reached, or after 2 s. What pictures need, the way to a peer does
   * not: the processor is for that first, where there is a peer.
   */
  startWorkersFor(peers: readonly PeerView[]): void {
    if (peers.length === 0 || peers.some(({ link }) => link === 'open')) this.#startWorkers()
    else if (!this.#workersAreDue) {
      this.#workersAreDue = true
      this.#clock.schedule(WORKERS_AFTER_MS, () => this.#startWorkers())
    }
  }

  close(): void {
    this.transfers.close()
    this.#kept?.close()
    this.#digest.close()
    this.#code.close()
  }

  #startWorkers(): void {
    this.#digest.start()
    this.#code.start()
  }
}
