import type { Clock } from '@/lib/peer/clock'
import { CHUNK_BYTES } from '@/lib/protocol/constants'
import { DataPacketWriter } from '@/lib/protocol/packet/data'

import type { OutgoingTransfer } from './outgoing-transfer'

/** A way to many peers at once, opened for one picture. */
export interface Broadcast {
  readonly bufferedAmount: number
  /** What is sent now reaches this peer, unless it is lost. */
  isReady(peerId: string): boolean
  /** It is behind: what is sent now may be dropped for it. */
  isBusy(peerId: string): boolean
  /** False when the way is lost. The message is copied. */
  send(message: Uint8Array): boolean
  close(): void
}

/** Null where there is no such way now. */
export type OpenBroadcast = (peerIds: readonly string[]) => Broadcast | null

/** Who is not ready by then gets the picture by its own lanes: the others have waited long enough. */
const READY_WAIT_MS = 3000
/** One that is behind for so long is no longer waited for; it asks for what it misses afterwards. */
const LAG_MAX_MS = 2000
/** As much as keeps TCP busy; what is deeper only makes the picture older. */
const BUFFER_HIGH_BYTES = 64 * 1024
/** A WebSocket tells how much it holds only when asked. */
const POLL_MS = 5
/**
 * END goes by another way and would overtake what is still in the server, and the receiver would ask for all of that: who
 * has told of nothing new for so long (ten of its REPORTs) is taken to have missed the rest.
 */
const SETTLE_MS = 1000
/** Fewer are served better one by one. */
const TARGETS_LEAST = 2

export interface FanOutOptions {
  readonly clock: Clock
  readonly transferId: string
  readonly picture: Uint8Array
  readonly broadcast: Broadcast
  /** Held back (`PictureSender.hold`), one for each peer. */
  readonly transfers: readonly OutgoingTransfer[]
  /** Something of this peer's transfer may be due. */
  readonly pump: (peerId: string) => void
}

/**
 * The first pass of one picture to many peers: each chunk goes up once (SPEC FO). What comes before and after it,
 * MANIFEST, END and repair, is between the sender and each of them.
 */
export class FanOut {
  readonly #options: FanOutOptions
  readonly #writer: DataPacketWriter
  readonly #chunks: number
  readonly #deadline: number
  readonly #busySince = new Map<string, number>()
  /** All is out: what each receiver last told of, and since when it tells no more. */
  readonly #settling = new Map<string, { readonly received: number; readonly sinceMs: number }>()
  #waiting: OutgoingTransfer[]
  #ready: OutgoingTransfer[] = []
  #next = 0
  #cancelPoll: (() => void) | null = null
  #over = false

  constructor(options: FanOutOptions) {
    this.#options = options
    this.#writer = new DataPacketWriter(options.transferId)
    this.#chunks = Math.ceil(options.picture.length / CHUNK_BYTES)
    this.#waiting = [...options.transfers]
    this.#deadline = options.clock.now() + READY_WAIT_MS
    this.#poll()
  }

  get over(): boolean {
    return this.#over
  }

  /** What is left goes by each peer's own lanes. */
  close(): void {
    if (this.#over) return
    this.#over = true
    this.#cancelPoll?.()
    this.#options.broadcast.close()
    this.#release([...this.#waiting, ...this.#ready])
  }

  #poll(): void {
    this.#cancelPoll = null
    if (this.#next === 0 && !this.#gather()) this.#pollSoon()
    else this.#send()
  }

  #pollSoon(): void {
    this.#cancelPoll = this.#options.clock.schedule(POLL_MS, () => this.#poll())
  }

  /** True when it can begin. */
  #gather(): boolean {
    const { broadcast, clock } = this.#options
    const isReady = ({ core, peerId }: OutgoingTransfer) =>
      core?.takesBroadcast === true && broadcast.isReady(peerId)
    this.#ready.push(...this.#waiting.filter(isReady))
    this.#waiting = this.#waiting.filter((transfer) => transfer.active && !isReady(transfer))
    if (this.#waiting.length > 0 && clock.now() < this.#deadline) return false
    this.#release(this.#waiting)
    this.#waiting = []
    return true
  }

  #send(): void {
    const { broadcast, picture } = this.#options
    this.#keep(({ active, core }) => active && core?.takesBroadcast === true)
    if (this.#ready.length < (this.#next === 0 ? TARGETS_LEAST : 1)) {
      this.close()
      return
    }
    while (this.#next < this.#chunks && broadcast.bufferedAmount < BUFFER_HIGH_BYTES && !this.#isHeldUp()) {
      const from = this.#next * CHUNK_BYTES
      const packet = this.#writer.encode(this.#next, this.#next, picture.subarray(from, from + CHUNK_BYTES))
      if (!broadcast.send(packet)) {
        this.close()
        return
      }
      this.#next++
      for (const { core } of this.#ready) core?.handleBroadcast(broadcast, 'relay', packet.length)
    }
    if (this.#next === this.#chunks && broadcast.bufferedAmount === 0)
      this.#keep((transfer) => !this.#isSettled(transfer))
    if (this.#ready.length === 0) this.close()
    else this.#pollSoon()
  }

  /** The others go on by their own lanes. */
  #keep(isKept: (transfer: OutgoingTransfer) => boolean): void {
    const gone = this.#ready.filter((transfer) => !isKept(transfer))
    this.#ready = this.#ready.filter((transfer) => !gone.includes(transfer))
    this.#release(gone)
  }

  /** All of the pass is there, or what is not there is lost. */
  #isSettled({ peerId, core }: OutgoingTransfer): boolean {
    const now = this.#options.clock.now()
    const received = core?.status?.packetsReceived ?? 0
    const last = this.#settling.get(peerId)
    if (received >= this.#chunks) return true
    if (last?.received === received) return now - last.sinceMs >= SETTLE_MS
    this.#settling.set(peerId, { received, sinceMs: now })
    return false
  }

  /** Some peer is behind, and may still catch up. */
  #isHeldUp(): boolean {
    const { broadcast, clock } = this.#options
    const now = clock.now()
    let heldUp = false
    for (const { peerId } of this.#ready) {
      if (!broadcast.isBusy(peerId)) {
        this.#busySince.delete(peerId)
        continue
      }
      const since = this.#busySince.get(peerId) ?? now
      this.#busySince.set(peerId, since)
      if (now - since < LAG_MAX_MS) heldUp = true
    }
    return heldUp
  }

  #release(transfers: readonly OutgoingTransfer[]): void {
    for (const { core, peerId } of transfers) {
      core?.release()
      this.#options.pump(peerId)
    }
  }
}
