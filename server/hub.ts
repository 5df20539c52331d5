import { TokenBucket, parseClientMessage } from '@/lib/signalling/messages'
import type { ClientMessage, ServerAddress } from '@/lib/signalling/messages'

import { Entrance } from './entrance'
import type { Limits } from './limits'
import { CLOSE, Outbox } from './outgoing'
import type { HubSocket, Outgoing } from './outgoing'
import { Rooms } from './rooms'
import type { PathIssuer } from './paths'
import type { Room, RoomMember } from './rooms'
import type { Place, TokenSeal } from './tokens'

export interface HubOptions {
  readonly limits: Limits
  readonly seal: TokenSeal
  /** From a CSPRNG. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Names this run of the server in the tokens it issues; different in every run. */
  readonly run: string
  /** An earlier run used the same key: its members may come back. */
  readonly restarted: boolean
  readonly startedAtMs: number
  /** What members are told about other paths to each other; without it nothing. */
  readonly paths?: PathIssuer
}

/** One refusal in this many is answered, so that a flood does not make the server send one too. */
const ANSWER_EVERY_REFUSALS = 50

/**
 * The signalling server without sockets or clock: each `handleX` takes what happened and the time, and returns
 * what to send. It trusts nothing that a client says; a message that makes no sense is answered with an error.
 */
export class Hub {
  private readonly outbox = new Outbox()
  private readonly rooms: Rooms
  private readonly entrance: Entrance

  constructor(private readonly options: HubOptions) {
    this.rooms = new Rooms(options.limits, options.randomBytes)
    this.entrance = new Entrance(options, this.rooms, this.outbox)
  }

  /** `address` counts joins; it is the client's, or its IPv6 network's. */
  handleOpen(socketId: number, address: string, addresses: ServerAddress[], nowMs: number): Outgoing[] {
    const { messagesPerSecond, messageBurst, messageBytes, payloadChars, resumeWindowMs } =
      this.options.limits
    const bucket = new TokenBucket(messagesPerSecond, messageBurst, nowMs)
    const socket = {
      id: socketId,
      address,
      bucket,
      refused: 0,
      idleSinceMs: nowMs,
      place: null,
      pathsDueMs: Infinity,
    }
    this.outbox.sockets.set(socketId, socket)
    const limits = { messageBytes, payloadChars, messagesPerSecond, messageBurst, resumeWindowMs }
    this.outbox.send(socketId, { type: 'welcome', addresses, limits })
    return this.outbox.flush()
  }

  /** One message, `bytes` long on the wire; `text` is null for a binary one, and may be for one too large. */
  handleMessage(socketId: number, text: string | null, bytes: number, nowMs: number): Outgoing[] {
    const socket = this.outbox.sockets.get(socketId)
    if (socket === undefined) return []
    if (!socket.bucket.take(nowMs)) this.refuseFlood(socket, nowMs)
    else {
      // Forgiven one by one: a flood of which the bucket lets a part through is still one.
      socket.refused = Math.max(0, socket.refused - 1)
      if (bytes > this.options.limits.messageBytes) this.outbox.fail(socket, 'SHOAL_MESSAGE_TOO_LARGE')
      else {
        const parsed = parseClientMessage(text)
        if (parsed.error !== undefined) this.outbox.fail(socket, parsed.error)
        else this.handleParsed(socket, parsed.data, nowMs)
      }
    }
    return this.outbox.flush()
  }

  /** The socket is gone, closed by its page or lost; its member keeps its place for `resumeWindowMs`. */
  handleClose(socketId: number, closed: boolean, nowMs: number): Outgoing[] {
    this.detach(socketId, closed, nowMs)
    return this.outbox.flush()
  }

  /** To be called about once a second: what time alone brings about. */
  handleTick(nowMs: number): Outgoing[] {
    const { resumeWindowMs, roomMaxAgeMs, emptyRoomMs, entryDeadlineMs } = this.options.limits
    for (const room of this.rooms.all()) {
      for (const member of room.members.values()) {
        const isLost = member.socketId === null && nowMs - member.awaySinceMs >= resumeWindowMs
        if (isLost) this.removeMember(room, member, nowMs)
      }
      if (nowMs - room.createdAtMs >= roomMaxAgeMs) this.expireRoom(room)
      else if (room.emptySinceMs !== null && nowMs - room.emptySinceMs >= emptyRoomMs) this.rooms.close(room)
    }
    for (const socket of this.outbox.sockets.values()) {
      const isIdle = socket.place === null && nowMs - socket.idleSinceMs >= entryDeadlineMs
      if (isIdle) this.outbox.close(socket.id, CLOSE.policy, 'no room entered')
      else if (socket.place && nowMs >= socket.pathsDueMs) this.entrance.renewPaths(socket, nowMs)
    }
    this.entrance.handleTick(nowMs)
    return this.outbox.flush()
  }

  /** For /healthz: counts, nothing else. */
  metrics(): { rooms: number; members: number; sockets: number } {
    let members = 0
    for (const room of this.rooms.all()) members += room.members.size
    return { rooms: this.rooms.count, members, sockets: this.outbox.sockets.size }
  }

  /** Whether this very room is open and has this member, here or away. */
  isSeated({ room, roomCreatedAtMs, id }: Place): boolean {
    return this.isOpen(room, roomCreatedAtMs) && this.rooms.find(room)?.members.has(id) === true
  }

  isOpen(room: string, createdAtMs: number): boolean {
    return this.rooms.find(room)?.createdAtMs === createdAtMs
  }

  private handleParsed(socket: HubSocket, message: ClientMessage, nowMs: number): void {
    switch (message.type) {
      case 'ping':
        this.outbox.send(socket.id, { type: 'pong' })
        return
      case 'signal':
        this.relay(socket, message.to, message.payload)
        return
      case 'remove':
        this.expel(socket, message.member, nowMs)
        return
      case 'leave':
        this.leave(socket, nowMs)
        return
      case 'create':
      case 'join':
      case 'resume':
        if (socket.place === null) this.entrance.handleRequest(socket, message, nowMs)
        else this.outbox.fail(socket, 'SHOAL_BAD_MESSAGE')
    }
  }

  /** Within one room only. What is meant for a member that is away waits for it, as far as there is room. */
  private relay(socket: HubSocket, to: string, payload: string): void {
    if (socket.place === null) {
      this.outbox.fail(socket, 'SHOAL_NOT_IN_ROOM')
      return
    }
    const { room, member } = socket.place
    const target = room.members.get(to)
    if (target === undefined || target === member) this.outbox.fail(socket, 'SHOAL_PEER_GONE', { to })
    else if (target.socketId !== null) {
      this.outbox.send(target.socketId, { type: 'signal', from: member.id, payload })
    } else if (!this.rooms.enqueue(target, { from: member.id, payload })) {
      this.outbox.fail(socket, 'SHOAL_PEER_SILENT', { to })
    }
  }

  private leave(socket: HubSocket, nowMs: number): void {
    if (socket.place === null) return
    const { room, member } = socket.place
    socket.place = null
    socket.idleSinceMs = nowMs
    this.removeMember(room, member, nowMs)
  }

  /** The member is told before its socket is closed; the others drop what they have open to it. */
  private expel(socket: HubSocket, id: string, nowMs: number): void {
    if (socket.place === null) {
      this.outbox.fail(socket, 'SHOAL_NOT_IN_ROOM')
      return
    }
    const { room, member: owner } = socket.place
    const member = room.members.get(id)
    if (!owner.owner) this.outbox.fail(socket, 'SHOAL_NOT_OWNER')
    else if (member === undefined || member === owner) this.outbox.fail(socket, 'SHOAL_PEER_GONE', { to: id })
    else {
      const expelled = member.socketId === null ? undefined : this.outbox.sockets.get(member.socketId)
      this.rooms.expel(room, member, nowMs)
      this.entrance.handleDeparture(member, nowMs)
      if (expelled) {
        this.outbox.fail(expelled, 'SHOAL_REMOVED')
        this.outbox.close(expelled.id, CLOSE.removed, 'removed')
      }
      this.outbox.broadcast(room, { type: 'member-left', id, removed: true })
    }
  }

  private detach(socketId: number, closed: boolean, nowMs: number): void {
    const place = this.outbox.sockets.get(socketId)?.place
    this.outbox.sockets.delete(socketId)
    if (!place) return
    place.member.socketId = null
    place.member.awaySinceMs = nowMs
    place.member.closed = closed
    const news = { type: 'member-away', id: place.member.id, ...(closed && { closed }) } as const
    this.outbox.broadcast(place.room, news, place.member)
  }

  private removeMember(room: Room, member: RoomMember, nowMs: number): void {
    this.rooms.remove(room, member, nowMs)
    this.entrance.handleDeparture(member, nowMs)
    this.outbox.broadcast(room, { type: 'member-left', id: member.id })
  }

  private expireRoom(room: Room): void {
    for (const { socketId } of room.members.values()) {
      const socket = socketId === null ? undefined : this.outbox.sockets.get(socketId)
      if (!socket) continue
      this.outbox.fail(socket, 'SHOAL_ROOM_EXPIRED')
      this.outbox.close(socket.id, CLOSE.expired, 'room expired')
    }
    this.rooms.close(room)
  }

  private refuseFlood(socket: HubSocket, nowMs: number): void {
    socket.refused += 1
    if (socket.refused > this.options.limits.floodMessages) {
      this.detach(socket.id, false, nowMs)
      this.outbox.close(socket.id, CLOSE.policy, 'flooding')
    } else if (socket.refused % ANSWER_EVERY_REFUSALS === 1) {
      this.outbox.fail(socket, 'SHOAL_RATE_LIMITED', { retryAfterMs: socket.bucket.waitMs(nowMs) })
    }
  }
}
