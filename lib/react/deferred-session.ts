import type { ErrorCode } from '@/lib/protocol/errors'
import { idleRoom } from '@/lib/room/idle-room'
import type { Role, RoomChat, RoomSession, RoomState } from '@/lib/room/types'

/** Makes the real session; in the page this loads the code that touches WebRTC. */
export type SessionLoader = (role: Role) => Promise<RoomSession>

/**
 * A session that exists at once, on the server too, and fetches the real one with the first `open` or `join`.
 * After `close` it can be used again: React mounts an effect twice in development.
 */
export class DeferredSession implements RoomSession {
  readonly #role: Role
  readonly #load: SessionLoader
  readonly #maxPictureBytes: number
  readonly #listeners = new Set<() => void>()
  #state: RoomState
  #inner: RoomSession | null = null
  #loading = false
  #waiting: ((session: RoomSession) => void) | null = null
  #generation = 0
  #prepared: Parameters<RoomSession['prepare']>[0] | null = null
  #hurried = false
  readonly #textListeners = new Set<(peerId: string, text: string) => void>()

  constructor(role: Role, load: SessionLoader, maxPictureBytes: number) {
    this.#role = role
    this.#load = load
    this.#maxPictureBytes = maxPictureBytes
    this.#state = this.#idleState()
  }

  get chat(): RoomChat | null {
    return this.#inner?.chat ?? null
  }

  getState(): RoomState {
    return this.#inner?.getState() ?? this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  open(options: Parameters<RoomSession['open']>[0]): void {
    this.#enter(options.name, (session) => session.open(options))
  }

  join(options: Parameters<RoomSession['join']>[0]): void {
    this.#enter(options.name, (session) => session.join(options))
  }

  leave(): void {
    this.#inner?.leave()
  }

  prepare(options: Parameters<RoomSession['prepare']>[0]): void {
    this.#prepared = options
    this.#inner?.prepare(options)
  }

  hurry(): void {
    this.#hurried = true
    this.#inner?.hurry()
  }

  send(options: Parameters<RoomSession['send']>[0]): string[] {
    return this.#inner?.send(options) ?? []
  }

  sendText(peerId: string, text: string): boolean {
    return this.#inner?.sendText(peerId, text) ?? false
  }

  onText(listener: (peerId: string, text: string) => void): () => void {
    this.#textListeners.add(listener)
    return () => void this.#textListeners.delete(listener)
  }

  handlePreviewShown(transferKey: string, atMs: number): void {
    this.#inner?.handlePreviewShown(transferKey, atMs)
  }

  cancel(transferKey: string): void {
    this.#inner?.cancel(transferKey)
  }

  repair(transferKey: string): void {
    this.#inner?.repair(transferKey)
  }

  remove(transferKey: string): void {
    this.#inner?.remove(transferKey)
  }

  close(): void {
    this.#generation++
    this.#loading = false
    this.#waiting = null
    this.#inner?.close()
    this.#inner = null
    this.#set(this.#idleState())
  }

  #enter(name: string, enter: (session: RoomSession) => void): void {
    if (this.#inner) {
      enter(this.#inner)
      return
    }
    // Only the last wish counts while the code is still on its way.
    this.#waiting = enter
    this.#set({ ...this.#state, phase: 'connecting', errorCode: null, selfName: name })
    if (this.#loading) return
    this.#loading = true
    const generation = this.#generation
    this.#load(this.#role).then(
      (session) => this.#loaded(generation, session),
      () => this.#failed(generation, 'SHOAL_SERVER_UNREACHABLE'),
    )
  }

  #loaded(generation: number, session: RoomSession): void {
    if (generation !== this.#generation) {
      session.close()
      return
    }
    this.#loading = false
    this.#inner = session
    if (this.#prepared) session.prepare(this.#prepared)
    if (this.#hurried) session.hurry()
    session.subscribe(() => this.#announce())
    session.onText((peerId, text) => {
      for (const listener of this.#textListeners) listener(peerId, text)
    })
    this.#waiting?.(session)
    this.#waiting = null
    this.#announce()
  }

  #failed(generation: number, errorCode: ErrorCode): void {
    if (generation !== this.#generation) return
    this.#loading = false
    this.#set({ ...this.#state, phase: 'failed', errorCode })
  }

  #set(state: RoomState): void {
    this.#state = state
    this.#announce()
  }

  #announce(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  #idleState(): RoomState {
    return idleRoom(this.#role, this.#maxPictureBytes)
  }
}
