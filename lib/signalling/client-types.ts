import type { ErrorCode } from '@/lib/protocol/errors'

import type { Clock } from './clock'
import type { OpenSocket } from './connection'
import type { Member, Role, ServerAddress, SignallingLimits } from './messages'
import type { Paths } from './paths'
import type { TokenStore } from './place'

export type SignallingPhase = 'idle' | 'connecting' | 'joined' | 'reconnecting' | 'failed' | 'left'

export interface SignallingState {
  readonly phase: SignallingPhase
  /** Why it failed; while connecting or reconnecting, why it takes so long. */
  readonly errorCode: ErrorCode | null
  readonly room: string | null
  readonly selfId: string | null
  /** As the room knows us. */
  readonly selfName: string | null
  /** What the room is called, if anything. */
  readonly title: string | null
  /** We opened it. */
  readonly owner: boolean
  /** The others. */
  readonly members: readonly Member[]
  /** Best first. */
  readonly addresses: readonly ServerAddress[]
  readonly limits: SignallingLimits | null
  /** What the server offers where no direct path is; nothing before it has let us in. */
  readonly paths: Paths
  /** Messages that were no part of the protocol, or made no sense; for the curious. */
  readonly ignored: number
}

export interface SignallingOptions {
  readonly openSocket: OpenSocket
  readonly clock: Clock
  readonly tokens: TokenStore
  /** 0 <= x < 1; spreads the pages that come back at once. */
  readonly random: () => number
  /** Different for each load of the page: 1 to 16 characters of 0-9 and a-z. */
  readonly instance: string
  /** Why the server refuses the socket: a browser does not say. null when it would not, or cannot be asked. */
  readonly explain?: () => Promise<ErrorCode | null>
}

export interface CreateOptions {
  readonly name: string
  readonly role: Role
  readonly maxMembers?: number
  readonly title?: string
}

export interface JoinOptions {
  readonly room: string
  readonly name: string
  readonly role: Role
}

/** One page's connection to the signalling server. Comes back by itself until `leave` or `close`. */
export interface SignallingClient {
  getState(): SignallingState
  subscribe(listener: () => void): () => void
  /** Opens a room, or comes back to the one that this tab had under this name and role. */
  create(options: CreateOptions): void
  /** Joins a room; comes back to this tab's place in it, if it has one under this name and role. */
  join(options: JoinOptions): void
  leave(): void
  /** The network may be back (`online`, the page became visible): tries now, or makes sure that all is well. */
  nudge(): void
  /** False when it was not taken: unknown member, too large, or too many waiting. Kept while reconnecting. */
  sendSignal(to: string, payload: string): boolean
  onSignal(listener: (from: string, payload: string) => void): () => void
  /** A signal was refused after it was taken: SHOAL_PEER_GONE or SHOAL_PEER_SILENT. */
  onRefused(listener: (to: string, code: ErrorCode) => void): () => void
  /** As the room's owner: takes a member out of it. False while there is no way to say so. */
  remove(memberId: string): boolean
  /** A member was taken out of the room by its owner: nothing may go to it any more. */
  onRemoved(listener: (memberId: string) => void): () => void
  /** Frees everything without leaving: the place is kept for a reload. */
  close(): void
}
