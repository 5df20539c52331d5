import { SNIFF_BYTES, sniffType } from '@/lib/image/formats/sniff'
import { isHeavy } from '@/lib/image/screen-copy'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { PictureReceiver } from '@/lib/protocol/rx/picture-receiver'

import type { DigestService } from './digest'
import { receivedFileName } from './file-name'
import type { KeptPicture } from './kept/kept-picture'
import type { PacketLog } from './packet-log'
import type { PictureSight } from './picture-sight'
import { progressOf } from './progress'
import { RateMeter } from './rate-meter'
import type { OutgoingPicture, ReceivedPicture, TransferState, TransferView } from './types'

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
  #file: Blob | null = null
  #ended: { state: 'failed' | 'cancelled'; code: ErrorCode } | null = null
  #typeDiffers = false
  /** It is whole, and nothing shows it yet. */
  #awaitsCopy = false
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
    // Memory that the try before reads as well is copied, not handed over.
    const consume = whole && !assembler.sharesMemory
    const { sha256, file } = await service.assemble(assembler.pieces(), manifest.type, consume)
    if (this.#closed || this.#ended) return null
    if (whole) assembler.release()
    const sniffed = sniffType(new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer()))
    const shown = whole ? file : file.slice(0, intactBytes, manifest.type)
    this.#typeDiffers = whole && sniffed !== manifest.type
    // An unannounced kind of file is never handed to the image decoder; nor is a picture without its beginning.
    const canBeShown = sniffed === manifest.type && shown.size > 0
    this.#awaitsCopy = canBeShown && whole && isHeavy(file)
    this.#revoke()
    this.#file = file
    this.#picture = {
      url: canBeShown && !this.#awaitsCopy ? URL.createObjectURL(shown) : null,
      isCopy: false,
      fileUrl: URL.createObjectURL(file),
      fileName: receivedFileName(this.#peerName, manifest.name, manifest.type),
      sha256,
      complete: whole,
    }
    if (whole && !this.#awaitsCopy) this.sight.release()
    return sha256
  }

  /** Makes a heavy picture showable, by a copy or, where none can be had, by itself; others are already. */
  async showHeavy(): Promise<void> {
    const file = this.#file
    if (!this.#awaitsCopy || !file) return
    this.#awaitsCopy = false
    const copy = await this.sight.drawCopy(file)
    if (this.#closed || !this.#picture || this.#file !== file) return
    this.#picture = {
      ...this.#picture,
      url: copy ? URL.createObjectURL(copy) : this.#picture.fileUrl,
      isCopy: copy !== null,
    }
    this.sight.release()
  }

  /** Where an earlier try of a picture left its chunks, for the next one; null when there is nothing to be had. */
  chunksFor({ sha256, bytes }: { readonly sha256: string; readonly bytes: number }, interrupted: boolean) {
    const { manifest, assembler } = this.core
    if (this.#ended || this.#closed || assembler.whole || assembler.held === 0) return null
    if (!this.core.interrupted && !(this.active && interrupted)) return null
    return manifest.sha256 === sha256 && manifest.bytes === bytes ? assembler : null
  }

  /** To be handed on; null unless the picture is whole and what it was announced as. */
  held(sha256: string): OutgoingPicture | null {
    const { manifest } = this.core
    if (this.state !== 'done' || !this.#file || manifest.sha256 !== sha256) return null
    const { name, type, width, height, channels, placeholder } = manifest
    return { file: this.#file, name, type, width, height, channels, ...(placeholder && { placeholder }) }
  }

  /** What is worth keeping over a reload of the page; null unless the picture is finished. */
  keepable(): KeptPicture | null {
    const report = this.core.report()
    if (this.state !== 'done' || !report || !this.#file || !this.#picture) return null
    return {
      key: this.key,
      peerId: this.peerId,
      peerName: this.#peerName,
      channels: this.core.manifest.channels,
      fileName: this.#picture.fileName,
      report,
      file: this.#file,
    }
  }

  view(now: number, peer: { readonly isThere: boolean; readonly isWaiting: boolean }): TransferView {
    const { manifest } = this.core
    const status = this.core.status()
    const { state, active } = this
    if (active) this.#rate.sample(status.bytesReceived, now)
    return {
      key: this.key,
      transferId: this.transferId,
      direction: 'receive',
      peerId: this.peerId,
      peerName: this.#peerName,
      state,
      errorCode:
        this.#ended?.code ?? this.core.errorCode ?? (this.#typeDiffers ? 'SHOAL_TYPE_MISMATCH' : null),
      interrupted: active && peer.isWaiting,
      kept: false,
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
      canRepair: state === 'incomplete' && peer.isThere,
    }
  }

  close(): void {
    this.#closed = true
    this.#revoke()
    this.#picture = null
    this.sight.close()
    this.#file = null
    this.core.assembler.release()
  }

  #revoke(): void {
    if (this.#picture?.url) URL.revokeObjectURL(this.#picture.url)
    if (this.#picture) URL.revokeObjectURL(this.#picture.fileUrl)
  }
}
