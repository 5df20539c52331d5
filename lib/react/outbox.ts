import type { ErrorCode } from '@/lib/protocol/errors'
import type { TransferMode } from '@/lib/protocol/report'
import type { RoomSession } from '@/lib/room/types'
import type { OutgoingPicture, TransferView } from '@/lib/transfer/types'

import { isActive } from './transfer-choice'
import type { ReadableStore } from './use-store'

/** What the outbox needs to know of the picture being prepared. */
export interface DeskView {
  /** Changes with each picked file. */
  readonly pickId: number
  /** Ready to go; null while it is prepared or when nothing is picked. */
  readonly picture: OutgoingPicture | null
  /** The picked file cannot be sent as the settings stand. */
  readonly errorCode: ErrorCode | null
  /** Picked together with this one, and sent after it. */
  readonly waiting: readonly File[]
}

/** A desk that can put the next waiting file in place of the one that was sent. */
export interface SendingDesk extends ReadableStore<DeskView> {
  advance(): void
}

/** One press of Send. */
export interface SendOrder {
  readonly mode: TransferMode
  /** One receiver; null: everyone who is connected. */
  readonly peerId: string | null
  /** Epoch milliseconds of the click. */
  readonly startedAtMs: number
}

export interface OutboxState {
  /** Pressed, and waiting for a receiver or for the picture. */
  readonly armed: SendOrder | null
  /** Sent, and to be pressed again by itself for the file that waits next. */
  readonly following: SendOrder | null
  /** Transfers of the picture that is picked now. */
  readonly batchKeys: readonly string[]
}

const NOTHING_SENT: OutboxState = { armed: null, following: null, batchKeys: [] }

type SendingRoom = Pick<RoomSession, 'getState' | 'subscribe' | 'send' | 'hurry'>

/**
 * Makes sending one click: a press before the picture is compressed or before anyone is connected is kept,
 * and carried out by the event that makes it possible, never by a timer, so it works in a hidden tab.
 * Files that were picked together go one after the other; the queue stops at one that fails, which stays picked.
 */
export class Outbox implements ReadableStore<OutboxState> {
  readonly #room: SendingRoom
  readonly #desk: SendingDesk
  readonly #listeners = new Set<() => void>()
  #state: OutboxState = NOTHING_SENT
  #pickId: number

  constructor(room: SendingRoom, desk: SendingDesk) {
    this.#room = room
    this.#desk = desk
    this.#pickId = desk.getState().pickId
  }

  getState(): OutboxState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Starts to follow the room and the desk; returns how to stop. */
  watch(): () => void {
    const stops = [this.#room.subscribe(() => this.#settle()), this.#desk.subscribe(() => this.#settle())]
    this.#settle()
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** The click on Send. While the picture is on its way, or about to be, it means the one before. */
  press(order: SendOrder): void {
    if (this.#state.armed || this.#batch().some(isActive)) return
    this.#set({ ...this.#state, armed: order })
    this.#settle()
  }

  /** Takes a press back that has not been carried out, also for the files that wait. */
  disarm(): void {
    const { armed, following } = this.#state
    if (armed ?? following) this.#set({ ...this.#state, armed: null, following: null })
  }

  #settle(): void {
    const { pickId } = this.#desk.getState()
    if (pickId !== this.#pickId) {
      this.#pickId = pickId
      this.#set(NOTHING_SENT)
    }
    this.#follow()
    this.#sendWhenPossible()
  }

  #follow(): void {
    const { following } = this.#state
    if (!following) return
    const batch = this.#batch()
    if (batch.some(isActive)) return
    if (batch.some((transfer) => transfer.state === 'failed' || transfer.state === 'cancelled')) {
      this.#set({ ...this.#state, following: null })
      return
    }
    this.#set({ armed: following, following: null, batchKeys: [] })
    this.#desk.advance()
  }

  #sendWhenPossible(): void {
    const { armed } = this.#state
    if (!armed) return
    const { picture, errorCode, waiting } = this.#desk.getState()
    if (errorCode) {
      this.disarm()
      return
    }
    if (!this.#reachable(armed.peerId)) {
      this.#room.hurry()
      return
    }
    if (!picture) return
    // Disarmed first: `send` announces itself to listeners, and this is one of them.
    this.#set({ ...this.#state, armed: null })
    const { mode, startedAtMs, peerId } = armed
    const keys = this.#room.send({ picture, mode, startedAtMs, ...(peerId === null ? {} : { peerId }) })
    this.#set({ armed: null, following: waiting.length > 0 ? armed : null, batchKeys: keys })
  }

  #batch(): TransferView[] {
    const { batchKeys } = this.#state
    return this.#room.getState().transfers.filter((transfer) => batchKeys.includes(transfer.key))
  }

  #reachable(peerId: string | null): boolean {
    return this.#room
      .getState()
      .peers.some((peer) => peer.link === 'open' && (peerId === null || peer.id === peerId))
  }

  #set(state: OutboxState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}
