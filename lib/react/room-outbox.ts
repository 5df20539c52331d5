import type { AuthorId, ChatPicture } from '@/lib/chat/types'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { TransferMode } from '@/lib/protocol/report'
import type { RoomSession } from '@/lib/room/types'
import type { OutgoingPicture } from '@/lib/transfer/types'

import { peerIdOf } from './message-transfers'
import type { SendingDesk } from './outbox'
import { isActive } from './transfer-choice'
import type { ReadableStore } from './use-store'

/** One press of Send with pictures picked. */
export interface PictureOrder {
  readonly mode: TransferMode
  /** One member alone; null: everyone. */
  readonly to: AuthorId | null
  /** Epoch milliseconds of the click. */
  readonly startedAtMs: number
}

export interface RoomOutboxState {
  /** Pressed; carried out for each picture as soon as it is ready. */
  readonly armed: PictureOrder | null
  /** Why the last one did not become a message. */
  readonly errorCode: ErrorCode | null
}

/** A desk that can also be cleared away once its picture has become a message. */
export interface RoomDesk extends SendingDesk {
  clear(): void
}

const NOTHING_PRESSED: RoomOutboxState = { armed: null, errorCode: null }

type SendingRoom = Pick<RoomSession, 'getState' | 'subscribe' | 'send' | 'chat'>

interface RoomOutboxOptions {
  readonly room: SendingRoom
  readonly desk: RoomDesk
  /** 64 hex digits over the file; rejects when it cannot be read. */
  readonly digest: (file: Blob) => Promise<string>
  /** The picture is a message now: whoever shows it keeps its bytes. */
  readonly onSent: (sha256: string, picture: OutgoingPicture) => void
}

/**
 * Turns picked pictures into messages, one after the other: a message at once, whoever is there, and a transfer to each
 * who is. The next picture waits until the one before has gone out, so that no receiver gets more than it takes.
 */
export class RoomOutbox implements ReadableStore<RoomOutboxState> {
  readonly #options: RoomOutboxOptions
  readonly #listeners = new Set<() => void>()
  #state = NOTHING_PRESSED
  #batchKeys: readonly string[] = []
  /** What is being hashed or was sent already. */
  #taken: OutgoingPicture | null = null
  #pickId = -1

  constructor(options: RoomOutboxOptions) {
    this.#options = options
  }

  getState(): RoomOutboxState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Starts to follow the room and the desk; returns how to stop. */
  watch(): () => void {
    const { room, desk } = this.#options
    const stops = [room.subscribe(() => this.#settle()), desk.subscribe(() => this.#settle())]
    this.#settle()
    return () => {
      for (const stop of stops) stop()
    }
  }

  press(order: PictureOrder): void {
    this.#pickId = this.#options.desk.getState().pickId
    this.#set({ armed: order, errorCode: null })
    this.#settle()
  }

  /** Takes back what has not gone out. */
  disarm(): void {
    if (this.#state.armed) this.#set(NOTHING_PRESSED)
  }

  #settle(): void {
    const { armed } = this.#state
    if (!armed) return
    const { picture, errorCode, pickId } = this.#options.desk.getState()
    // Something else was picked meanwhile, or this cannot be sent: it stays on the desk, which says why.
    if (pickId !== this.#pickId || errorCode) this.disarm()
    else if (picture && picture !== this.#taken && !this.#isBusy()) {
      this.#taken = picture
      void this.#send(picture, armed)
    }
  }

  async #send(picture: OutgoingPicture, order: PictureOrder): Promise<void> {
    const { room, desk, digest, onSent } = this.#options
    const sha256 = await digest(picture.file).catch(() => null)
    if (this.#state.armed !== order || desk.getState().picture !== picture) {
      this.#taken = null
      return
    }
    const errorCode = sha256 === null ? 'SHOAL_FILE_UNREADABLE' : this.#announce(sha256, picture, order)
    if (sha256 === null || errorCode) {
      this.#taken = null
      this.#set({ armed: null, errorCode })
      return
    }
    onSent(sha256, picture)
    this.#batchKeys = this.#transfer(room, picture, order)
    if (desk.getState().waiting.length > 0) desk.advance()
    else {
      this.#set(NOTHING_PRESSED)
      desk.clear()
    }
  }

  #announce(sha256: string, picture: OutgoingPicture, { to }: PictureOrder): ErrorCode | null {
    const { name, type, width, height, placeholder = '', file } = picture
    const body: ChatPicture = { sha256, name, type, bytes: file.size, width, height, placeholder }
    const { chat } = this.#options.room
    if (!chat) return 'SHOAL_NOT_IN_ROOM'
    return chat.sendPicture({ picture: body, ...(to !== null && { to }) })
  }

  #transfer(room: SendingRoom, picture: OutgoingPicture, { mode, to, startedAtMs }: PictureOrder): string[] {
    if (to === null) return room.send({ picture, mode, startedAtMs })
    const peerId = peerIdOf(room.getState().members, to)
    return peerId === null ? [] : room.send({ picture, mode, startedAtMs, peerId })
  }

  #isBusy(): boolean {
    const { transfers } = this.#options.room.getState()
    return transfers.some((transfer) => this.#batchKeys.includes(transfer.key) && isActive(transfer))
  }

  #set(state: RoomOutboxState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}
