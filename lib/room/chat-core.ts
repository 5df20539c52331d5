import type { AuthorId, ChatPicture, ChatState, MessageId } from '@/lib/chat/types'
import type { Signer } from '@/lib/keys/identity'
import type { RandomBytes } from '@/lib/keys/secret'
import type { ErrorCode } from '@/lib/protocol/errors'

import type { StoredEntry } from './history/entry-store'

export interface ChatCoreOptions {
  readonly room: string
  readonly signer: Signer
  readonly randomBytes: RandomBytes
}

/**
 * The replicated log of a room as its page drives it: sans-IO, `handleX` in and `pollX` out. Peers are named by their
 * place in the room; who each is has been proved before the core hears of it.
 */
export interface ChatCore {
  /** A new object whenever something changed. */
  readonly state: ChatState
  /** As one is called in the room now. */
  setName(name: string): void
  sendText(options: { text: string; to?: AuthorId }, nowMs: number): ErrorCode | null
  sendPicture(options: { picture: ChatPicture; to?: AuthorId }, nowMs: number): ErrorCode | null
  deleteForAll(id: MessageId, nowMs: number): ErrorCode | null
  deleteForMe(id: MessageId): void
  markRead(): void
  handleTyping(nowMs: number): void
  handlePeer(peerId: string, author: AuthorId, name: string, nowMs: number): void
  handlePeerGone(peerId: string, nowMs: number): void
  /** What a peer sent; not yet trusted. */
  handleText(peerId: string, text: string, nowMs: number): void
  /** The next text for a peer; null when there is none now. It may be lost. */
  pollSend(nowMs: number): { readonly peerId: string; readonly text: string } | null
  /** When `handleTimeout` is due; null for never. */
  pollTimeout(): number | null
  handleTimeout(nowMs: number): void
  /** What this device kept of the room before. */
  restore(entries: readonly string[], nowMs: number): void
  /** What has come since the last call and is to be kept; a deletion comes under the id of what it deletes. */
  pollStored(): readonly (StoredEntry & { readonly replaces: boolean })[]
  /** Everything that is worth keeping. */
  entries(): readonly StoredEntry[]
}

export type CreateChatCore = (options: ChatCoreOptions) => ChatCore
