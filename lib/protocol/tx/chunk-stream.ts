import { CHUNK_BYTES } from '../constants'
import { DataPacketWriter } from '../packet/data'
import { chunkLength, type Manifest } from '../packet/manifest'
import type { Run } from '../packet/runs'
import { packetNumberLimit } from '../rx/packet-counter'
import { ChunkQueue } from './chunk-queue'

/**
 * The chunks of one picture as data packets, for Classic and Repair (SPEC TX): those that are asked for go out once
 * each, in the order of asking. The end of a round waits until the lane has handed all of them to the network.
 */
export class ChunkStream {
  readonly #manifest: Manifest
  #picture: Uint8Array
  readonly #writer: DataPacketWriter
  readonly #queue = new ChunkQueue()
  readonly #limit: number
  #packetsSent = 0
  #drained = false
  #held = false
  #exhausted = false

  constructor(transferId: string, manifest: Manifest, picture: Uint8Array) {
    this.#manifest = manifest
    this.#picture = picture
    this.#writer = new DataPacketWriter(transferId)
    this.#limit = packetNumberLimit(manifest.chunkCount)
  }

  get packetsSent(): number {
    return this.#packetsSent
  }

  /** The packet numbers of this picture are used up (SPEC LM4): nothing goes out any more. */
  get exhausted(): boolean {
    return this.#exhausted
  }

  /** The first pass goes to many at once, by another way than this one's lanes (SPEC FO1). */
  get held(): boolean {
    return this.#held
  }

  /** All is handed over: tell `handleDrained` when the lane's buffer is empty. */
  get wantsDrain(): boolean {
    return !this.#held && this.#queue.empty && !this.#drained
  }

  /** The lane's buffer was empty after the last packet, though more may wait by now. */
  get drained(): boolean {
    return this.#drained
  }

  /** Nothing waits, and all that went out was handed to the network. */
  get done(): boolean {
    return this.#drained && this.#queue.empty
  }

  push(runs: readonly Run[]): void {
    this.#queue.push(runs)
    this.#drained = false
  }

  /** Nobody wants what waits. */
  clear(): void {
    this.#queue.clear()
  }

  /** Holds the first pass back; to be called before anything was sent. */
  hold(): void {
    if (this.#packetsSent === 0) this.#held = true
  }

  release(): void {
    this.#held = false
  }

  /** The next chunk goes out without us; its length, or null when none waits. */
  skip(): number | null {
    const chunkIndex = this.#queue.shift()
    if (chunkIndex === null) return null
    this.#packetsSent++
    return chunkLength(this.#manifest.bytes, chunkIndex)
  }

  /** The next packet, valid until the next call; null when there is none to send now. */
  poll(): Uint8Array | null {
    if (this.#held || this.#queue.empty) return null
    if (this.#packetsSent >= this.#limit) {
      this.#exhausted = true
      this.#queue.clear()
      return null
    }
    const chunkIndex = this.#queue.shift()
    if (chunkIndex === null) return null
    this.#drained = false
    const from = chunkIndex * CHUNK_BYTES
    const payload = this.#picture.subarray(from, Math.min(from + CHUNK_BYTES, this.#manifest.bytes))
    return this.#writer.encode(this.#packetsSent++, chunkIndex, payload)
  }

  handleDrained(): void {
    this.#drained = true
  }

  /** Nothing will be asked for again: the picture's memory goes back. */
  free(): void {
    this.#picture = new Uint8Array()
  }
}
