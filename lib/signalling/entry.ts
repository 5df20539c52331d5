import type { ErrorCode } from '@/lib/protocol/errors'

import type { CreateOptions, JoinOptions } from './client-types'
import type { ClientMessage, ServerMessage } from './messages'
import type { StoredPlace } from './place'

/** What the person asked for. */
export type Intent = (CreateOptions & { readonly kind: 'create' }) | (JoinOptions & { readonly kind: 'join' })

type ErrorMessage = Extract<ServerMessage, { type: 'error' }>
type Joined = Extract<ServerMessage, { type: 'joined' }>
type EntryRequest = Extract<ClientMessage, { type: 'create' | 'join' | 'resume' }>

/** What to do after a refusal. */
export type AfterRefusal =
  | { readonly then: 'ask-now' }
  /** null: when the back-off says so. */
  | { readonly then: 'ask-later'; readonly inMs: number | null }
  | { readonly then: 'fail'; readonly code: ErrorCode }

/** Members of a restarted server are back within one back-off; after that a code is simply wrong. */
const ROOM_RETRY_FOR_MS = 6000

/** The way into one room, and back into it: which request comes next, and what a refusal means. */
export class Entry {
  readonly #intent: Intent
  readonly #instance: string
  #place: StoredPlace | null
  /** The room to join when there is no place to come back to. */
  #room: string | null
  #wasIn = false
  #asked: EntryRequest['type'] | null = null
  #roomMissingSinceMs: number | null = null

  /** `place`: what this tab has from before a reload, if it is what the intent asks for. */
  constructor(intent: Intent, place: StoredPlace | null, instance: string) {
    this.#intent = intent
    this.#instance = instance
    this.#place = place
    this.#room = intent.kind === 'join' ? intent.room : (place?.room ?? null)
  }

  get place(): StoredPlace | null {
    return this.#place
  }

  /** We have been in the room, so the person expects to stay there. */
  get wasIn(): boolean {
    return this.#wasIn
  }

  /** A request is on its way and not answered yet. */
  get isAsking(): boolean {
    return this.#asked !== null
  }

  /** To come back, else to join the room that we know, else for a new one. */
  nextRequest(): EntryRequest {
    const request = this.#buildRequest()
    this.#asked = request.type
    return request
  }

  /** The socket is lost, and the answer with it. */
  forgetRequest(): void {
    this.#asked = null
  }

  /** False for an answer from another room than the one that we asked for: what our link promises holds in that alone. */
  isAskedFor({ room }: Joined): boolean {
    return this.#room === null || room === this.#room
  }

  handleJoined({ room, token }: Joined): void {
    const { name, role } = this.#intent
    this.#asked = null
    this.#roomMissingSinceMs = null
    this.#wasIn = true
    this.#room = room
    this.#place = { token, room, name, role }
  }

  handleRefusal({ code, retryAfterMs }: ErrorMessage, nowMs: number): AfterRefusal {
    const asked = this.#asked
    this.#asked = null
    const isBusy = code === 'SHOAL_TOO_MANY_JOINS' || code === 'SHOAL_SERVER_FULL'
    const hasPlace = this.#wasIn || asked === 'resume'
    if (code === 'SHOAL_RATE_LIMITED' || (isBusy && hasPlace)) {
      return { then: 'ask-later', inMs: retryAfterMs ?? null }
    }
    if (code === 'SHOAL_REMOVED') {
      this.#place = null
      return { then: 'fail', code }
    }
    if (asked === 'resume') {
      this.#place = null
      return { then: 'ask-now' }
    }
    if (asked === 'join' && code === 'SHOAL_ROOM_NOT_FOUND')
      return this.#afterMissingRoom(retryAfterMs, nowMs)
    return { then: 'fail', code }
  }

  /** The server says when it makes sense to ask again: just after a restart, while its members come back. */
  #afterMissingRoom(retryAfterMs: number | undefined, nowMs: number): AfterRefusal {
    this.#roomMissingSinceMs ??= nowMs
    if (retryAfterMs !== undefined && nowMs - this.#roomMissingSinceMs < ROOM_RETRY_FOR_MS) {
      return { then: 'ask-later', inMs: retryAfterMs }
    }
    if (this.#intent.kind === 'create' && !this.#wasIn) {
      this.#room = null
      return { then: 'ask-now' }
    }
    return { then: 'fail', code: this.#wasIn ? 'SHOAL_ROOM_EXPIRED' : 'SHOAL_ROOM_NOT_FOUND' }
  }

  #buildRequest(): EntryRequest {
    const instance = this.#instance
    const { name, role } = this.#intent
    if (this.#place) return { type: 'resume', token: this.#place.token, instance }
    if (this.#room !== null) return { type: 'join', room: this.#room, name, role, instance }
    const { maxMembers, title } = this.#intent.kind === 'create' ? this.#intent : {}
    return { type: 'create', name, role, instance, maxMembers, title }
  }
}
