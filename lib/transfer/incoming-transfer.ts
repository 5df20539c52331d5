import { SNIFF_BYTES, sniffType } from '@/lib/image/formats/sniff'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { PictureReceiver } from '@/lib/protocol/rx/picture-receiver'

import type { DigestService } from './digest'
import { receivedFileName } from './file-name'
import type { PacketLog } from './packet-log'
import type { PictureSight } from './picture-sight'
import { progressOf } from './progress'
import { RateMeter } from './rate-meter'
import type { ReceivedPicture, TransferState, TransferView } from './types'

/** One picture from one peer. Owns the object URLs of what it shows. */
export class IncomingTransfer {
  readonly key: string
  readonly transferId: string
  readonly peerId: string
  readonly core: PictureReceiver
  readonly sight: PictureSight
  readonly #peerName: string
  readonly #packetLog: PacketLog
  readonly #rate = new RateMeter()
  #picture: ReceivedPicture | null = null
  #ended: { state: 'failed' | 'cancelled'; code: ErrorCode } | null = null
  #typeDiffers = false
  #closed = false

  constructor(
    peerId: string,
    peerName: string,
    core: PictureReceiver,
    packetLog: PacketLog,
    sight: PictureSight,
  ) {
    this.transferId = core.transferId
    this.peerId = peerId
    this.key = `${peerId}:${core.transferId}`
    this.core = core
    this.sight = sight
    this.#peerName = peerName
    this.#packetLog = packetLog
  }

  get state(): TransferState {
    if (this.#ended) return this.#ended.state
    if (!this.core.final) return this.core.phase === 'repairing' ? 'repairing' : 'receiving'
    if (!this.core.assembler.whole) return 'incomplete'
    return this.core.exact && !this.#typeDiffers ? 'done' : 'failed'
  }

  get active(): boolean {
    return this.state === 'receiving' || this.state === 'repairing'
  }

  end(state: 'failed' | 'cancelled', code: ErrorCode): void {
    this.#ended ??= { state, code }
    this.core.assembler.release()
    this.sight.release()
  }

  /** Takes the digest of what is held and makes it showable; returns the digest, or null when cancelled meanwhile. */
  async digest(service: DigestService): Promise<string | null> {
    const { assembler, manifest } = this.core
    const whole = assembler.whole
    const intactBytes = assembler.intactBytes
    const { sha256, file } = await service.assemble(assembler.pieces(), manifest.type, whole)
    if (this.#closed || this.#ended) return null
    if (whole) assembler.release()
    const sniffed = sniffType(new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer()))
    const shown = whole ? file : file.slice(0, intactBytes, manifest.type)
    this.#typeDiffers = whole && sniffed !== manifest.type
    this.#revoke()
    this.#picture = {
      // An unannounced kind of file is never handed to the image decoder; nor is a picture without its beginning.
      url: sniffed === manifest.type && shown.size > 0 ? URL.createObjectURL(shown) : null,
      fileUrl: URL.createObjectURL(file),
      fileName: receivedFileName(this.#peerName, manifest.name, manifest.type),
      sha256,
      complete: whole,
    }
    if (whole) this.sight.release()
    return sha256
  }

  view(now: number, peerIsThere: boolean): TransferView {
    const { manifest } = this.core
    const status = this.core.status()
    this.#rate.sample(status.bytesReceived, now)
    const state = this.state
    return {
      key: this.key,
      transferId: this.transferId,
      direction: 'receive',
      peerId: this.peerId,
      peerName: this.#peerName,
      state,
      errorCode:
        this.#ended?.code ?? this.core.errorCode ?? (this.#typeDiffers ? 'SHOAL_TYPE_MISMATCH' : null),
      mode: manifest.mode,
      name: manifest.name,
      type: manifest.type,
      bytes: manifest.bytes,
      width: manifest.width,
      height: manifest.height,
      channels: manifest.channels,
      startedAtMs: manifest.startedAtMs,
      progress: progressOf(manifest, status.packetsSent, status, this.#rate.bytesPerSecond()),
      report: this.#ended ? null : this.core.report(),
      picture: this.#picture,
      sight: this.sight.view,
      packetLog: this.#packetLog,
      canRepair: state === 'incomplete' && peerIsThere,
    }
  }

  close(): void {
    this.#closed = true
    this.#revoke()
    this.#picture = null
    this.sight.close()
    this.core.assembler.release()
  }

  #revoke(): void {
    if (this.#picture?.url) URL.revokeObjectURL(this.#picture.url)
    if (this.#picture) URL.revokeObjectURL(this.#picture.fileUrl)
  }
}
