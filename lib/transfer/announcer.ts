import type { Clock } from '@/lib/peer/clock'
import { chunkCountOf, type Manifest } from '@/lib/protocol/packet/manifest'

import { FanOut, type OpenBroadcast } from './fan-out'
import type { OutgoingTransfer } from './outgoing-transfer'
import type { PeerDriver } from './peer-driver'
import type { LoadedPicture } from './preload'

export interface AnnouncerOptions {
  readonly clock: Clock
  /** Of the peer that a transfer goes to. */
  readonly driverOf: (transfer: OutgoingTransfer) => PeerDriver
  readonly pump: (peerId: string) => void
  /** A transfer has ended before it began. */
  readonly onFailed: () => void
}

/** Brings pictures from the click to the peers they go to: once they are read they are announced, to one or to many. */
export class Announcer {
  readonly #options: AnnouncerOptions
  readonly #fanOuts = new Set<FanOut>()
  #closed = false

  constructor(options: AnnouncerOptions) {
    this.#options = options
  }

  /** `hold`: the first pass is not sent by the peer's own lanes. */
  async announce(transfer: OutgoingTransfer, reading: Promise<LoadedPicture>, hold = false): Promise<void> {
    const { clock, driverOf, onFailed } = this.#options
    const driver = driverOf(transfer)
    try {
      const loaded = await reading
      if (transfer.aborter.signal.aborted || this.#closed) return
      const { transferId, picture } = transfer
      const manifest = manifestOf(transfer, loaded)
      driver.endpoint.send(transferId, manifest, loaded.bytes, clock.now(), picture.extras)
      transfer.core = driver.endpoint.sender(transferId)
      if (hold) transfer.core?.hold()
      loaded.coded.forEach((symbols, block) => transfer.core?.handleCoded(block, symbols))
      driver.pump()
    } catch {
      transfer.end('failed', 'SHOAL_FILE_UNREADABLE')
      onFailed()
    }
  }

  /** One picture to many: announced to each, then sent once for all (SPEC FO). */
  async announceToMany(
    transferId: string,
    transfers: readonly OutgoingTransfer[],
    reading: Promise<LoadedPicture>,
    open: OpenBroadcast,
  ): Promise<void> {
    const { clock, pump } = this.#options
    const broadcast = open(transfers.map(({ peerId }) => peerId))
    await Promise.all(transfers.map((transfer) => this.announce(transfer, reading, broadcast !== null)))
    if (!broadcast) return
    const loaded = await reading.catch(() => null)
    if (!loaded || this.#closed) {
      broadcast.close()
      return
    }
    const fanOut = new FanOut({ clock, transferId, picture: loaded.bytes, broadcast, transfers, pump })
    for (const running of this.#fanOuts) if (running.over) this.#fanOuts.delete(running)
    this.#fanOuts.add(fanOut)
  }

  close(): void {
    this.#closed = true
    for (const fanOut of this.#fanOuts) fanOut.close()
  }
}

function manifestOf(
  { mode, startedAtMs, picture }: OutgoingTransfer,
  { sha256, bytes }: LoadedPicture,
): Manifest {
  const { type, name, width, height, channels, placeholder = '' } = picture
  return {
    ...{ mode, type, name, width, height, channels, startedAtMs, sha256, placeholder },
    ...{ bytes: bytes.length, chunkCount: chunkCountOf(bytes.length) },
  }
}
