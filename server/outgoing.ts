import type { ErrorCode } from '@/lib/protocol/errors'
import type { ServerMessage, TokenBucket } from '@/lib/signalling/messages'

import type { Room, RoomMember } from './rooms'

/** What the edge has to do, in this order. */
export type Outgoing =
  | { readonly kind: 'send'; readonly socketId: number; readonly message: ServerMessage }
  | { readonly kind: 'close'; readonly socketId: number; readonly code: number; readonly reason: string }

/** WebSocket close codes (RFC 6455, 7.4); 4000 and up are ours. docs/signalling.md lists them. */
export const CLOSE = {
  goingAway: 1001,
  policy: 1008,
  replaced: 4001,
  expired: 4002,
  usedUp: 4003,
  removed: 4005,
} as const

/** A socket as the hub knows it. */
export interface HubSocket {
  readonly id: number
  readonly address: string
  readonly bucket: TokenBucket
  /** Messages refused because they came too fast, less those taken since. */
  refused: number
  /** When it was opened, or left its room. */
  idleSinceMs: number
  place: { readonly room: Room; readonly member: RoomMember } | null
  /** When it is to be told its paths anew; never while it has no place. */
  pathsDueMs: number
}

/** The sockets that are open, and what is to be sent on them once the hub has made up its mind. */
export class Outbox {
  readonly sockets = new Map<number, HubSocket>()
  private items: Outgoing[] = []

  send(socketId: number, message: ServerMessage): void {
    this.items.push({ kind: 'send', socketId, message })
  }

  fail(socket: HubSocket, code: ErrorCode, detail: { retryAfterMs?: number; to?: string } = {}): void {
    this.send(socket.id, { type: 'error', code, ...detail })
  }

  /** To every member that is there. */
  broadcast(room: Room, message: ServerMessage, except?: RoomMember): void {
    for (const member of room.members.values()) {
      if (member !== except && member.socketId !== null) this.send(member.socketId, message)
    }
  }

  /** The socket is forgotten at once: what it still sends is not heard. */
  close(socketId: number, code: number, reason: string): void {
    this.sockets.delete(socketId)
    this.items.push({ kind: 'close', socketId, code, reason })
  }

  flush(): Outgoing[] {
    const items = this.items
    this.items = []
    return items
  }
}
