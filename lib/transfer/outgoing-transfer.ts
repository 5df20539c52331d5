import type { ErrorCode } from '@/lib/protocol/errors'
import { chunkCountOf } from '@/lib/protocol/packet/manifest'
import type { TransferMode } from '@/lib/protocol/report'
import type { PictureSender } from '@/lib/protocol/tx/picture-sender'

import { progressOf } from './progress'
import { RateMeter } from './rate-meter'
import type { OutgoingPicture, TransferState, TransferView } from './types'

/** One picture to one peer, from the click on. */
export class OutgoingTransfer {
  readonly key: string
  readonly transferId: string
  readonly peerId: string
  readonly picture: OutgoingPicture
  readonly mode: TransferMode
  readonly startedAtMs: number
  readonly peerName: string
  readonly #rate = new RateMeter()
  /** Stops the reading of the file while it is not yet announced. */
  readonly aborter = new AbortController()
  /** Null until the file is read and announced. */
  core: PictureSender | null = null
  #ended: { state: 'failed' | 'cancelled'; code: ErrorCode } | null = null

  constructor(options: {
    readonly transferId: string
    readonly peerId: string
    readonly peerName: string
    readonly picture: OutgoingPicture
    readonly mode: TransferMode
    readonly startedAtMs: number
  }) {
    this.transferId = options.transferId
    this.peerId = options.peerId
    this.key = `${options.peerId}:${options.transferId}`
    this.peerName = options.peerName
    this.picture = options.picture
    this.mode = options.mode
    this.startedAtMs = options.startedAtMs
  }

  get state(): TransferState {
    if (this.#ended) return this.#ended.state
    switch (this.core?.phase) {
      case undefined:
      case 'announcing':
        return 'waiting'
      case 'streaming':
      case 'waiting':
        return this.core.round > 0 ? 'repairing' : 'sending'
      case 'failed':
        return 'failed'
      case 'final':
        if (this.core.status?.exact) return 'done'
        return this.core.errorCode === 'SHOAL_INCOMPLETE' ? 'incomplete' : 'failed'
    }
  }

  /** The picture, once it is read and if it is this one. */
  held(sha256: string): OutgoingPicture | null {
    return this.core?.manifest.sha256 === sha256 ? this.picture : null
  }

  get active(): boolean {
    return this.state === 'waiting' || this.state === 'sending' || this.state === 'repairing'
  }

  end(state: 'failed' | 'cancelled', code: ErrorCode): void {
    this.#ended ??= { state, code }
    this.aborter.abort()
  }

  view(now: number, peerIsWaiting: boolean): TransferView {
    const { name, type, width, height, channels, file } = this.picture
    const status = this.core?.status ?? null
    const { state, active } = this
    if (status && active) this.#rate.sample(status.bytesReceived, now)
    const counts = { bytes: file.size, chunkCount: chunkCountOf(file.size) }
    return {
      key: this.key,
      transferId: this.transferId,
      direction: 'send',
      peerId: this.peerId,
      peerName: this.peerName,
      state,
      errorCode: this.#ended?.code ?? this.core?.errorCode ?? null,
      interrupted: active && peerIsWaiting,
      kept: false,
      mode: this.mode,
      name,
      type,
      bytes: file.size,
      width,
      height,
      channels,
      startedAtMs: this.startedAtMs,
      progress: progressOf(counts, this.core?.packetsSent ?? 0, status, this.#rate.bytesPerSecond()),
      report: this.#ended ? null : (this.core?.report() ?? null),
      picture: null,
      sight: null,
      packetLog: null,
      canRepair: false,
    }
  }
}
