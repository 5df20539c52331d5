import { laneCount } from '@/lib/protocol/congestion/lane-count'
import { chunkCountOf } from '@/lib/protocol/packet/manifest'
import type { TransferMode } from '@/lib/protocol/report'

import type { EndOptions, Outgoing, OutgoingRun, SendingEnd } from './carriage'
import { SendRecorder } from './packet-recorder'
import { OTHER_END, openShoalEnd, READY_MAX_MS, transferIdOf } from './shoal-end'
import type { ShoalEnd, ShoalServices } from './shoal-end'
import { waitFor } from './waiting'
import type { Waiting } from './waiting'

export interface ShoalSendingEndOptions extends EndOptions {
  readonly mode: TransferMode
  readonly services: ShoalServices
  /** Tells the other end how many lanes this one wants. */
  readonly tellLanes: (lanes: number) => void
}

/** Sends as a page does. */
export class ShoalSendingEnd implements SendingEnd {
  readonly #options: ShoalSendingEndOptions
  readonly #end: ShoalEnd
  #recorder: SendRecorder | null = null
  #run = 0
  #lanes = 0
  #ready: Waiting<void> | null = null

  constructor(options: ShoalSendingEndOptions) {
    this.#options = options
    this.#end = openShoalEnd({
      ...options,
      initiator: true,
      newTransferId: () => transferIdOf(this.#run),
      onSent: (message) => this.#recorder?.handle(message),
      onTransfers: () => this.#shareLanes(),
      onLanes: () => this.#handleLanes(),
    })
    this.#shareLanes()
    this.#end.link.start()
  }

  handleSignal(signal: string): void {
    this.#end.link.handleSignal(signal)
  }

  async ready(signal: AbortSignal, receiver: () => Promise<void>): Promise<void> {
    // What the other end had open may have become too few meanwhile.
    do {
      this.#ready = waitFor(signal, this.#options.clock, READY_MAX_MS, 'SHOAL_LAB_NOT_CONNECTED')
      this.#handleLanes()
      await this.#ready.promise
      this.#ready = null
      await receiver()
    } while (!this.#isReady)
  }

  async prepare({ number, picture, onHandedOver }: OutgoingRun): Promise<Outgoing> {
    const { clock, mode } = this.#options
    const { transfers } = this.#end
    this.#run = number
    let recorder: SendRecorder | null = null
    let key = ''
    // As a page does while a person still looks at what was picked.
    await transfers.prepare(picture, mode)
    return {
      start: (now) => {
        recorder = this.#recorder = new SendRecorder(
          () => clock.now(),
          now,
          chunkCountOf(picture.bytes.length),
        )
        const others = [{ id: OTHER_END, name: OTHER_END }]
        ;[key = ''] = transfers.send(others, picture, mode, now)
        onHandedOver()
      },
      stop: () => {
        transfers.cancel(key)
        this.#recorder = null
      },
      sent: () => recorder?.packets() ?? [],
    }
  }

  close(): void {
    this.#recorder = null
    this.#end.close()
  }

  get #isReady(): boolean {
    return this.#end.link.openCount >= this.#end.link.target
  }

  /** As many as a page would have for it; Classic and Repair use no more than two. */
  #shareLanes(): void {
    const path = this.#end.transfers.pathTo(OTHER_END)
    const { contender, tellLanes } = this.#options
    const lanes = contender === 'assured' && path ? laneCount(path) : contender === 'assured-1' ? 1 : 2
    this.#end.link.setTarget(lanes)
    if (lanes !== this.#lanes) tellLanes(lanes)
    this.#lanes = lanes
    this.#handleLanes()
  }

  #handleLanes(): void {
    if (this.#isReady) this.#ready?.resolve()
  }
}
