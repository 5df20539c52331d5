import { createStore, type StoreApi } from 'zustand/vanilla'
import { shallow } from 'zustand/vanilla/shallow'

import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { SignallingClient, SignallingState } from '@/lib/signalling/client'
import { keepUnchanged } from '@/lib/transfer/keep-unchanged'
import type { Transfers } from '@/lib/transfer/transfers'

import { idleRoom } from './idle-room'
import type { Peers } from './peers'
import type { RelayAccess } from './relay-access'
import type { MemberChat } from './room-chat'
import type { RoomJoin } from './room-join'
import type { RoomMembers } from './room-members'
import type { PathChoice, PeerView, Role, RoomState } from './types'

export interface RoomViewOptions {
  readonly role: Role
  readonly relayChoice: PathChoice['relay']
  readonly signalling: Pick<SignallingClient, 'getState'>
  readonly joining: Pick<RoomJoin, 'selfName' | 'secret' | 'verifiedOnly'>
  readonly peers: Pick<Peers, 'views'>
  readonly members: Pick<RoomMembers, 'views'>
  readonly transfers: Pick<Transfers, 'views'>
  /** Null: the page has none. */
  readonly chat: Pick<MemberChat, 'state' | 'identity' | 'identityOf'> | null
  /** Null where it is switched off. */
  readonly relay: Pick<RelayAccess, 'errorCode'> | null
}

/** What the page shows of its room: one observable state, put together from the session's parts. */
export class RoomView {
  readonly #options: RoomViewOptions
  readonly #store: StoreApi<RoomState>

  constructor(options: RoomViewOptions) {
    this.#options = options
    this.#store = createStore<RoomState>(() => idleRoom(options.role, PICTURE_MAX_DEFAULT_BYTES))
  }

  getState(): RoomState {
    return this.#store.getState()
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener)
  }

  /** There is no way into the room from this page. */
  fail(errorCode: ErrorCode): void {
    this.#store.setState({ phase: 'failed', errorCode })
  }

  /** Looks at all parts anew; what is as before keeps its identity. */
  update(): void {
    const { role, joining, chat, members: roomMembers, transfers } = this.#options
    const signalling = this.#options.signalling.getState()
    const { phase, errorCode, room, title, owner, addresses } = signalling
    const peers = this.#options.peers.views
    const before = this.#store.getState()
    const members = role === 'member' ? roomMembers.views(chat ? (id) => chat.identityOf(id) : undefined) : []
    const state: RoomState = {
      ...before,
      phase,
      errorCode: errorCode ?? this.#pathError(signalling, peers),
      code: room,
      secret: joining.secret,
      selfName: joining.selfName,
      addresses,
      peers: keepUnchanged(before.peers, peers),
      members: keepUnchanged(before.members, members),
      owner,
      title,
      verifiedOnly: joining.verifiedOnly,
      ...(chat && { chat: chat.state, selfIdentity: chat.identity }),
      transfers: transfers.views,
    }
    // Most packets change nothing of it: then nobody is told, and nothing is drawn.
    if (!shallow(state, before)) this.#store.setState(state)
  }

  /** Why the other side cannot be reached, where that is for the server's relay. */
  #pathError({ phase, paths }: SignallingState, peers: readonly PeerView[]): ErrorCode | null {
    const { relay, relayChoice } = this.#options
    if (phase !== 'joined' || peers.every((peer) => peer.link === 'open')) return null
    if (relayChoice === 'only' && paths.relay === null) return 'SHOAL_RELAY_OFF'
    return relay?.errorCode === 'SHOAL_RELAY_USED_UP' ? 'SHOAL_RELAY_USED_UP' : null
  }
}
