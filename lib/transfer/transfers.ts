import { shallow } from 'zustand/vanilla/shallow'

import type { Clock } from '@/lib/peer/clock'
import type { Link } from '@/lib/peer/link'
import type { laneCount } from '@/lib/protocol/congestion/lane-count'
import type { EndpointEvent } from '@/lib/protocol/endpoint'
import type { Manifest } from '@/lib/protocol/packet/manifest'
import type { TransferMode } from '@/lib/protocol/report'
import type { Assembler } from '@/lib/protocol/rx/assembler'
import { resends } from '@/lib/protocol/tx/symbol-stream'

import { Announcer } from './announcer'
import type { DigestService } from './digest'
import type { ErasureCode } from './erasure-code'
import type { OpenBroadcast } from './fan-out'
import { IncomingTransfer } from './incoming-transfer'
import { keepUnchanged } from './keep-unchanged'
import type { KeptPicture } from './kept/kept-picture'
import { KeptTransfer } from './kept/kept-transfer'
import { OutgoingTransfer } from './outgoing-transfer'
import { PacketLog } from './packet-log'
import { PeerDriver } from './peer-driver'
import { PictureSight, type SightOptions } from './picture-sight'
import { Preload } from './preload'
import type { OutgoingPicture, TransferState, TransferView } from './types'

/**
 * How often what moves is shown anew, and how long after a change of state first: a figure that changes faster is not read,
 * most small pictures are whole by then, and each showing takes the processor from packets.
 */
const SHOW_INTERVAL_MS = 500

type Transfer = OutgoingTransfer | IncomingTransfer | KeptTransfer

interface Peer {
  readonly id: string
  readonly name: string
  readonly driver: PeerDriver
  readonly logs: Map<string, PacketLog>
}

export interface TransfersOptions {
  readonly clock: Clock
  readonly digest: DigestService
  readonly code: ErasureCode
  readonly sight: Omit<SightOptions, 'schedule'>
  /** The largest picture taken, bytes. */
  readonly maxPictureBytes: number
  /** 16 fresh hex digits. */
  readonly newTransferId: () => string
  readonly onChange: () => void
  /** For a picture that goes to so many peers or more: each chunk of its first pass goes up once. */
  readonly fanOut?: { readonly from: number; readonly open: OpenBroadcast }
  /** A received picture is finished: it may be kept over a reload of the page. */
  readonly onFinished?: (picture: KeptPicture) => void
}

/** All pictures of this page, to and from every peer: an observable list of views, newest first. */
export class Transfers {
  readonly #options: TransfersOptions
  readonly #peers = new Map<string, Peer>()
  /** Oldest first. */
  readonly #transfers = new Map<string, Transfer>()
  /** By key, as last shown. */
  readonly #shown = new Map<string, TransferView>()
  readonly #preload: Preload
  readonly #announcer: Announcer
  #views: readonly TransferView[] = []
  #cancelShow: (() => void) | null = null
  #closed = false

  constructor(options: TransfersOptions) {
    this.#options = options
    this.#preload = new Preload(options.digest, options.code)
    this.#announcer = new Announcer({
      clock: options.clock,
      driverOf: ({ peerId, peerName }) => this.#peer(peerId, peerName).driver,
      pump: (peerId) => this.pump(peerId),
      onFailed: () => this.#show(),
    })
  }

  get views(): readonly TransferView[] {
    return this.#views
  }

  /** The peer's lanes, or others in their place after it was lost and came back. */
  attach(peerId: string, peerName: string, link: Link): void {
    this.#peer(peerId, peerName).driver.setLink(link)
  }

  handleMessage(peerId: string, message: Uint8Array): void {
    this.#peers.get(peerId)?.driver.handleMessage(message)
  }

  /** A lane opened, closed or has room again. */
  pump(peerId: string): void {
    this.#peers.get(peerId)?.driver.pump()
  }

  isOpen(peerId: string): boolean {
    return this.#peers.get(peerId)?.driver.isOpen ?? false
  }

  /** What has been learned of the path to a peer, for how many lanes it needs; null for a peer we do not know. */
  pathTo(peerId: string): Parameters<typeof laneCount>[0] | null {
    const controller = this.#peers.get(peerId)?.driver.endpoint.controller
    if (!controller) return null
    const { minRttMs, lossRate, rateBytesPerMs, measured } = controller
    return { rttMs: minRttMs, lossRate: measured ? lossRate : null, rateBytesPerMs }
  }

  /** The round trip to a peer, measured by something else than a picture. */
  handleRtt(peerId: string, rttMs: number): void {
    this.#peers.get(peerId)?.driver.endpoint.controller.handleRtt(rttMs)
  }

  /** A picture to or from it is under way. */
  isBusy(peerId: string): boolean {
    for (const transfer of this.#transfers.values()) {
      if (transfer.peerId === peerId && transfer.active) return true
    }
    return false
  }

  /** The peer's page is gone: its transfers end with what they have; a new page of it starts anew. */
  handlePeerGone(peerId: string): void {
    const peer = this.#peers.get(peerId)
    if (!peer) return
    this.#peers.delete(peerId)
    for (const transfer of this.#transfers.values()) {
      if (transfer.peerId === peerId && transfer instanceof OutgoingTransfer && !transfer.core) {
        transfer.end('failed', 'SHOAL_PEER_GONE')
      }
    }
    peer.driver.setLink(null)
    peer.driver.handlePeerGone()
    this.#show()
  }

  /** This picture is likely to be sent next; null: none is. Resolves when it could leave at once. */
  prepare(picture: OutgoingPicture | null, mode: TransferMode): Promise<void> {
    const controllers = [...this.#peers.values()].map(({ driver }) => driver.endpoint.controller)
    const lossRate = Math.max(0, ...controllers.map((controller) => controller.lossRate))
    const encode = mode === 'assured' && controllers.some(({ minRttMs }) => !resends(minRttMs))
    return this.#preload.prepare(picture?.file ?? null, encode, lossRate)
  }

  /** Starts one transfer to each peer; the file is read once. Returns their keys. */
  send(
    peers: readonly { readonly id: string; readonly name: string }[],
    picture: OutgoingPicture,
    mode: TransferMode,
    startedAtMs: number,
  ): string[] {
    const reading = this.#preload.take(picture.file)
    const { fanOut } = this.#options
    const together = fanOut && mode !== 'classic' && peers.length >= fanOut.from
    const sharedId = together ? this.#options.newTransferId() : null
    const transfers = peers.map(({ id, name }) => {
      const transfer = new OutgoingTransfer({
        transferId: sharedId ?? this.#options.newTransferId(),
        peerId: id,
        peerName: name,
        picture,
        mode: together ? 'repair' : mode,
        startedAtMs,
      })
      this.#transfers.set(transfer.key, transfer)
      return transfer
    })
    if (together && sharedId !== null)
      void this.#announcer.announceToMany(sharedId, transfers, reading, fanOut.open)
    else for (const transfer of transfers) void this.#announcer.announce(transfer, reading)
    this.#show()
    return transfers.map(({ key }) => key)
  }

  cancel(key: string): void {
    const transfer = this.#transfers.get(key)
    if (!transfer?.active) return
    const peer = this.#peers.get(transfer.peerId)
    if (transfer instanceof OutgoingTransfer && !transfer.core) {
      transfer.end('cancelled', 'SHOAL_CANCELLED_BY_SENDER')
      this.#show()
    } else if (peer) {
      peer.driver.endpoint.cancel(transfer.transferId, this.#options.clock.now())
      peer.driver.pump()
    }
  }

  repair(key: string): void {
    const transfer = this.#transfers.get(key)
    const peer = transfer && this.#peers.get(transfer.peerId)
    if (!(transfer instanceof IncomingTransfer) || !peer) return
    peer.driver.endpoint.repair(transfer.transferId, this.#options.clock.now())
    peer.driver.pump()
  }

  /** Something of an incoming picture is on the screen since `atMs`, epoch milliseconds. */
  handlePreviewShown(key: string, atMs: number): void {
    const transfer = this.#transfers.get(key)
    if (transfer instanceof IncomingTransfer) transfer.core.handlePreviewShown(atMs)
  }

  /** Pictures from before the page was loaded anew, oldest first; they are older than all that is here. */
  restore(pictures: readonly KeptPicture[]): void {
    if (this.#closed) return
    const later = [...this.#transfers]
    const earlier = pictures
      .filter(({ key }) => !this.#transfers.has(key))
      .map((picture) => new KeptTransfer(picture))
    this.#transfers.clear()
    for (const transfer of earlier) this.#transfers.set(transfer.key, transfer)
    for (const [key, transfer] of later) this.#transfers.set(key, transfer)
    this.#show()
  }

  /** A picture that this page has, sent or received, to be sent to somebody else; null when it has none of this digest. */
  held(sha256: string): OutgoingPicture | null {
    for (const transfer of this.#transfers.values()) {
      const picture = transfer.held(sha256)
      if (picture) return picture
    }
    return null
  }

  /** Forgets a finished transfer; one under way is cancelled first. */
  remove(key: string): void {
    this.cancel(key)
    const transfer = this.#transfers.get(key)
    if (!transfer) return
    this.#transfers.delete(key)
    this.#shown.delete(key)
    this.#free(transfer)
    const peer = this.#peers.get(transfer.peerId)
    peer?.driver.endpoint.forget(transfer.transferId)
    peer?.logs.delete(transfer.transferId)
    peer?.driver.pump()
    this.#show()
  }

  close(): void {
    this.#closed = true
    this.#cancelShow?.()
    this.#announcer.close()
    for (const peer of this.#peers.values()) peer.driver.close()
    for (const transfer of this.#transfers.values()) this.#free(transfer)
    this.#peers.clear()
    this.#transfers.clear()
  }

  #peer(id: string, name: string): Peer {
    const known = this.#peers.get(id)
    if (known) return known
    const logs = new Map<string, PacketLog>()
    const driver = new PeerDriver({
      clock: this.#options.clock,
      code: this.#options.code,
      endpoint: {
        canCode: true,
        maxPictureBytes: this.#options.maxPictureBytes,
        findHeld: (manifest) => this.#findHeld(manifest),
        sinkFor: (transferId) => {
          const log = new PacketLog()
          logs.set(transferId, log)
          return log
        },
      },
      onEvent: (event) => this.#handleEvent(peer, event),
      onPumped: () => this.#showSoon(peer),
    })
    const peer: Peer = { id, name, driver, logs }
    this.#peers.set(id, peer)
    return peer
  }

  /** What is left of a picture whose peer was lost; that peer may come back under another name. */
  #findHeld(picture: Pick<Manifest, 'sha256' | 'bytes'>): Assembler | null {
    for (const transfer of [...this.#transfers.values()].reverse()) {
      if (!(transfer instanceof IncomingTransfer)) continue
      const isWaiting = this.#peers.get(transfer.peerId)?.driver.isWaiting ?? true
      const chunks = transfer.chunksFor(picture, isWaiting)
      if (chunks) return chunks
    }
    return null
  }

  #handleEvent(peer: Peer, event: EndpointEvent): void {
    const key = `${peer.id}:${event.transferId}`
    const transfer = this.#transfers.get(key)
    if (event.type === 'incoming') {
      const core = peer.driver.endpoint.receiver(event.transferId)
      const log = peer.logs.get(event.transferId)
      if (core && log) {
        const { sight: options, clock } = this.#options
        const sight = new PictureSight(
          core,
          { ...options, schedule: (delayMs, run) => clock.schedule(delayMs, run) },
          () => clock.now(),
          () => this.#show(),
        )
        this.#transfers.set(key, new IncomingTransfer(peer.id, peer.name, core, log, sight))
      }
    } else if (event.type === 'preview') {
      if (transfer instanceof IncomingTransfer) transfer.sight.handlePreview()
    } else if (event.type === 'cancelled') {
      const byPerson = event.code.startsWith('SHOAL_CANCELLED')
      const ended = transfer instanceof KeptTransfer ? null : transfer
      ended?.end(byPerson ? 'cancelled' : 'failed', event.code)
    } else if (transfer instanceof IncomingTransfer) {
      void this.#digest(peer, transfer)
    }
    this.#show()
  }

  async #digest(peer: Peer, transfer: IncomingTransfer): Promise<void> {
    try {
      const sha256 = await transfer.digest(this.#options.digest)
      if (sha256 === null || this.#closed) return
      peer.driver.endpoint.handleDigest(transfer.transferId, sha256, this.#options.clock.now())
    } catch {
      peer.driver.endpoint.cancel(transfer.transferId, this.#options.clock.now())
      transfer.end('failed', 'SHOAL_STORAGE_FULL')
    }
    peer.driver.pump()
    this.#show()
    await transfer.showHeavy()
    this.#show()
  }

  /** After a pump: at once when a transfer changed its state, else with the next regular showing. */
  #showSoon(peer: Peer): void {
    if (this.#closed) return
    let moving = false
    for (const transfer of this.#transfers.values()) {
      if (transfer.peerId !== peer.id) continue
      if (isNews(this.#shown.get(transfer.key)?.state, transfer.state)) {
        this.#show()
        return
      }
      moving = true
    }
    if (moving) this.#cancelShow ??= this.#options.clock.schedule(SHOW_INTERVAL_MS, () => this.#show())
  }

  #show(): void {
    this.#cancelShow?.()
    this.#cancelShow = null
    if (this.#closed) return
    const now = this.#options.clock.now()
    for (const transfer of this.#transfers.values()) {
      if (transfer instanceof IncomingTransfer) transfer.sight.improve()
    }
    const views = [...this.#transfers.values()].reverse().map((transfer) => {
      const before = this.#shown.get(transfer.key)
      if (before?.state !== transfer.state) this.#handleState(transfer)
      const view = keepUnchanged(before, this.#viewOf(transfer, now))
      this.#shown.set(transfer.key, view)
      return view
    })
    if (!shallow(views, this.#views)) this.#views = views
    this.#options.onChange()
  }

  #viewOf(transfer: Transfer, now: number): TransferView {
    if (transfer instanceof KeptTransfer) return transfer.view()
    const driver = this.#peers.get(transfer.peerId)?.driver
    const isWaiting = driver?.isWaiting ?? true
    if (transfer instanceof OutgoingTransfer) return transfer.view(now, isWaiting)
    // A new page of the same member knows nothing of what the old one sent.
    const isThere = driver?.isOpen === true && driver.endpoint.receiver(transfer.transferId) === transfer.core
    return transfer.view(now, { isThere, isWaiting })
  }

  #handleState(transfer: Transfer): void {
    const picture = transfer instanceof IncomingTransfer ? transfer.keepable() : null
    if (picture) this.#options.onFinished?.(picture)
  }

  #free(transfer: Transfer): void {
    if (transfer instanceof OutgoingTransfer) transfer.aborter.abort()
    else transfer.close()
  }
}

/**
 * A change of state that can't wait for the next regular showing. The first pass is mostly followed by a short round of
 * repair, whose packets would wait while that is drawn.
 */
function isNews(shown: TransferState | undefined, now: TransferState): boolean {
  if (now === 'repairing' && (shown === 'receiving' || shown === 'sending')) return false
  return shown !== now
}
