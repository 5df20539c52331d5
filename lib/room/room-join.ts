import { warmUpConnections } from '@/lib/peer/simple-peer-lane'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { SignallingClient } from '@/lib/signalling/client'
import { parseRoomCode } from '@/lib/signalling/room-code'

import type { OwnPlace } from './own-place'
import type { ChatRoom } from './room-chat'
import { loadSecret } from './secret-store'
import type { Role, RoomSession } from './types'

export interface RoomJoinOptions {
  readonly role: Role
  /** False: the relay alone is used, no peer connection is made. */
  readonly direct: boolean
  readonly signalling: Pick<SignallingClient, 'getState' | 'create' | 'join'>
  readonly place: Pick<OwnPlace, 'begin' | 'prepare' | 'linkSecret'>
}

/** How this page comes into a room: what the person asked for, and with the server's answer, where that led. */
export class RoomJoin {
  readonly #options: RoomJoinOptions
  #askedName = ''
  #verifiedOnly = false

  constructor(options: RoomJoinOptions) {
    this.#options = options
  }

  /** Asks for a new room. Returns SHOAL_NO_WEBRTC where the browser lacks it; null when the server is asked. */
  open({ name, title, verifiedOnly = false }: Parameters<RoomSession['open']>[0]): ErrorCode | null {
    if (!this.#canConnect) return 'SHOAL_NO_WEBRTC'
    const { signalling, place, role } = this.#options
    this.#askedName = name
    this.#verifiedOnly = verifiedOnly
    place.begin({ opens: true })
    const called = title === undefined || title.trim() === '' ? {} : { title }
    signalling.create({ name, role, ...called })
    this.#prepareToMeet()
    return null
  }

  /** Asks to be let into an open room. Returns SHOAL_NO_WEBRTC, or SHOAL_BAD_LINK where the link's secret is broken. */
  join({ room, name, verifiedOnly = false }: Parameters<RoomSession['join']>[0]): ErrorCode | null {
    if (!this.#canConnect) return 'SHOAL_NO_WEBRTC'
    // Going on without it would be a room of less safety than the link promises.
    if (loadSecret(parseRoomCode(room) ?? room) === 'malformed') return 'SHOAL_BAD_LINK'
    const { signalling, place, role } = this.#options
    this.#askedName = name
    this.#verifiedOnly = verifiedOnly
    place.begin({ opens: false })
    signalling.join({ room, name, role })
    this.#prepareToMeet()
    return null
  }

  /** As the room knows us; before that, as the person asked for. */
  get selfName(): string {
    return this.#options.signalling.getState().selfName ?? this.#askedName
  }

  /** The room's secret as its link carries it; null for who joined by the typed code, and outside a room. */
  get secret(): string | null {
    return this.#options.place.linkSecret(this.#options.signalling.getState().room)
  }

  /** Only members that are verified get and are given anything. */
  get verifiedOnly(): boolean {
    return this.#verifiedOnly
  }

  /** The room that this page is in; null before the server has answered. */
  get room(): ChatRoom | null {
    const { room: code, title } = this.#options.signalling.getState()
    if (code === null) return null
    const { secret, selfName, verifiedOnly } = this
    return { code, title, secret, selfName, verifiedOnly }
  }

  /** What takes time and does not need the server's answer. */
  #prepareToMeet(): void {
    this.#options.place.prepare()
    if (this.#options.direct) warmUpConnections()
  }

  get #canConnect(): boolean {
    return !this.#options.direct || typeof RTCPeerConnection !== 'undefined'
  }
}
