import {
  RELAY_EVERYONE,
  TokenBucket,
  encodeRelayFrame,
  parseRelayClientMessage,
  parseRelayFrame,
} from '@/lib/signalling/messages'
import type { RelayServerMessage } from '@/lib/signalling/messages'

import type { Limits } from './limits'
import { CLOSE } from './outgoing'
import type { Place } from './tokens'

/** What the relay asks the signalling hub. */
export interface Seats {
  /** Whether this very room is open and has this member, here or away. */
  isSeated(place: Place): boolean
  isOpen(room: string, createdAtMs: number): boolean
}

export interface RelayHubOptions {
  readonly limits: Limits
  readonly seats: Seats
  /** The place that a ticket names; null for what is no ticket of ours. */
  readonly openTicket: (ticket: string) => Place | null
  /** Bytes handed to this socket and not yet given to the network. */
  readonly unread: (socketId: number) => number
}

/** What the edge has to do, in this order. */
export type RelayOutgoing =
  | { readonly kind: 'say'; readonly socketId: number; readonly message: RelayServerMessage }
  | { readonly kind: 'packet'; readonly socketId: number; readonly frame: Uint8Array }
  | { readonly kind: 'close'; readonly socketId: number; readonly code: number; readonly reason: string }

interface RelaySocket {
  readonly id: number
  readonly address: string
  readonly bucket: TokenBucket
  readonly openedAtMs: number
  /** Frames that were nonsense, and messages that came too fast. */
  strikes: number
  seat: { readonly place: Place; readonly room: RelayRoom } | null
  /** Sockets that were told to wait for this one. */
  readonly waiting: Set<number>
}

interface RelayRoom {
  readonly code: string
  readonly createdAtMs: number
  /** Member id to socket id. */
  readonly sockets: Map<string, number>
  /** Of `relayRoomBytes`. */
  spentBytes: number
}

/** A frame costs the server more than its bytes: small ones are counted as if they had this many. */
const FRAME_MIN_BYTES = 128
const HOUR_SECONDS = 3600

/**
 * The relay without sockets or clock. It passes what one member sends to another of the same room, unread, and
 * drops what does not fit: the protocol above counts and mends losses. Nothing a client sends makes it throw.
 */
export class RelayHub {
  private readonly sockets = new Map<number, RelaySocket>()
  private readonly rooms = new Map<string, RelayRoom>()
  private readonly addresses = new Map<string, TokenBucket>()
  private outgoing: RelayOutgoing[] = []

  constructor(private readonly options: RelayHubOptions) {}

  handleOpen(id: number, address: string, nowMs: number): void {
    const { messagesPerSecond, messageBurst } = this.options.limits
    const bucket = new TokenBucket(messagesPerSecond, messageBurst, nowMs)
    this.sockets.set(id, {
      ...{ id, address, bucket, openedAtMs: nowMs },
      ...{ strikes: 0, seat: null, waiting: new Set<number>() },
    })
  }

  handleText(socketId: number, text: string, nowMs: number): RelayOutgoing[] {
    const socket = this.sockets.get(socketId)
    if (!socket) return []
    const message = socket.bucket.take(nowMs) ? parseRelayClientMessage(text) : null
    if (!message) this.strike(socket)
    else if (message.type === 'ping') this.say(socketId, { type: 'pong' })
    else if (socket.seat) this.strike(socket)
    else this.enter(socket, message.ticket)
    return this.flush()
  }

  /** A sealed packet, addressed by its first 8 bytes. */
  handleFrame(socketId: number, frame: Uint8Array, nowMs: number): RelayOutgoing[] {
    const socket = this.sockets.get(socketId)
    if (!socket) return []
    const { limits } = this.options
    const parsed = frame.length <= limits.relayPacketBytes ? parseRelayFrame(frame) : null
    if (!socket.seat || !parsed) this.strike(socket)
    else {
      const { place, room } = socket.seat
      const targets = this.targetsOf(socket, room, parsed.id)
      // What goes out is what costs: a picture for thirty members is paid for thirty times.
      const cost = Math.max(frame.length, FRAME_MIN_BYTES) * Math.max(1, targets.length)
      if (this.pay(socket, room, cost, nowMs)) {
        const passed = encodeRelayFrame(place.id, parsed.packet)
        for (const [id, target] of targets) this.pass(socket, id, target, passed)
      }
    }
    return this.flush()
  }

  /** This socket has given most of what it was handed to the network. */
  handleDrained(socketId: number): RelayOutgoing[] {
    const socket = this.sockets.get(socketId)
    if (!socket?.seat || socket.waiting.size === 0) return []
    for (const waiter of socket.waiting) this.say(waiter, { type: 'ready', id: socket.seat.place.id })
    socket.waiting.clear()
    return this.flush()
  }

  handleClose(socketId: number): RelayOutgoing[] {
    this.forget(socketId)
    return this.flush()
  }

  /** To be called about once a second. */
  handleTick(nowMs: number): RelayOutgoing[] {
    const { limits, seats } = this.options
    for (const socket of this.sockets.values()) {
      const isLate = !socket.seat && nowMs - socket.openedAtMs >= limits.relayEntryDeadlineMs
      if (isLate) this.close(socket, CLOSE.policy, 'no ticket shown')
      else if (socket.seat && !seats.isSeated(socket.seat.place)) this.close(socket, CLOSE.policy, 'no place')
    }
    for (const [key, room] of this.rooms) {
      if (room.sockets.size === 0 && !seats.isOpen(room.code, room.createdAtMs)) this.rooms.delete(key)
    }
    for (const [address, bucket] of this.addresses) if (bucket.isFull(nowMs)) this.addresses.delete(address)
    return this.flush()
  }

  private enter(socket: RelaySocket, ticket: string): void {
    const place = this.options.openTicket(ticket)
    if (!place || !this.options.seats.isSeated(place)) {
      this.refuse(socket, 'SHOAL_BAD_TOKEN', CLOSE.policy)
      return
    }
    const room = this.roomOf(place)
    if (room.spentBytes >= this.options.limits.relayRoomBytes) {
      this.refuse(socket, 'SHOAL_RELAY_USED_UP', CLOSE.usedUp)
      return
    }
    const former = this.sockets.get(room.sockets.get(place.id) ?? -1)
    if (former) this.close(former, CLOSE.replaced, 'replaced')
    this.say(socket.id, { type: 'entered', here: Array.from(room.sockets.keys()) })
    for (const other of room.sockets.values()) this.say(other, { type: 'here', id: place.id })
    room.sockets.set(place.id, socket.id)
    socket.seat = { place, room }
  }

  private targetsOf(socket: RelaySocket, room: RelayRoom, id: string): [string, RelaySocket][] {
    const ids = id === RELAY_EVERYONE ? [...room.sockets.keys()] : [id]
    return ids.flatMap((member) => {
      const target = this.sockets.get(room.sockets.get(member) ?? -1)
      return target && target !== socket ? [[member, target] as [string, RelaySocket]] : []
    })
  }

  /** Hands the frame on if there is room for it; tells its sender when the receiver is behind. */
  private pass(socket: RelaySocket, id: string, target: RelaySocket, frame: Uint8Array): void {
    const { limits, unread } = this.options
    const queued = unread(target.id)
    if (queued + frame.length <= limits.relayQueueBytes)
      this.outgoing.push({ kind: 'packet', socketId: target.id, frame })
    if (queued > limits.relayBusyBytes && !target.waiting.has(socket.id)) {
      target.waiting.add(socket.id)
      this.say(socket.id, { type: 'busy', id })
    }
  }

  /** Takes the bytes from what room and address may send; false, and the socket closed, when that is used up. */
  private pay(socket: RelaySocket, room: RelayRoom, bytes: number, nowMs: number): boolean {
    const { relayRoomBytes, relayAddressBytesPerHour } = this.options.limits
    const address =
      this.addresses.get(socket.address) ??
      new TokenBucket(relayAddressBytesPerHour / HOUR_SECONDS, relayAddressBytesPerHour, nowMs)
    this.addresses.set(socket.address, address)
    if (!address.take(nowMs, bytes)) {
      this.refuse(socket, 'SHOAL_RELAY_USED_UP', CLOSE.usedUp, address.waitMs(nowMs, bytes))
      return false
    }
    room.spentBytes += bytes
    if (room.spentBytes <= relayRoomBytes) return true
    for (const id of [...room.sockets.values()]) {
      const other = this.sockets.get(id)
      if (other) this.refuse(other, 'SHOAL_RELAY_USED_UP', CLOSE.usedUp)
    }
    return false
  }

  private roomOf({ room: code, roomCreatedAtMs: createdAtMs }: Place): RelayRoom {
    const key = `${code}:${createdAtMs}`
    const known = this.rooms.get(key)
    if (known) return known
    const room = { code, createdAtMs, sockets: new Map<string, number>(), spentBytes: 0 }
    this.rooms.set(key, room)
    return room
  }

  private strike(socket: RelaySocket): void {
    socket.strikes += 1
    if (!socket.seat || socket.strikes > this.options.limits.floodMessages)
      this.close(socket, CLOSE.policy, 'nonsense')
  }

  private refuse(
    socket: RelaySocket,
    code: 'SHOAL_BAD_TOKEN' | 'SHOAL_RELAY_USED_UP',
    closeCode: number,
    retryAfterMs?: number,
  ): void {
    this.say(socket.id, { type: 'error', code, ...(retryAfterMs !== undefined && { retryAfterMs }) })
    this.close(socket, closeCode, code)
  }

  private close(socket: RelaySocket, code: number, reason: string): void {
    this.forget(socket.id)
    this.outgoing.push({ kind: 'close', socketId: socket.id, code, reason })
  }

  private forget(socketId: number): void {
    const socket = this.sockets.get(socketId)
    if (!socket) return
    this.sockets.delete(socketId)
    if (!socket.seat) return
    const { place, room } = socket.seat
    room.sockets.delete(place.id)
    for (const other of room.sockets.values()) {
      this.sockets.get(other)?.waiting.delete(socketId)
      this.say(other, { type: 'gone', id: place.id })
    }
  }

  private say(socketId: number, message: RelayServerMessage): void {
    this.outgoing.push({ kind: 'say', socketId, message })
  }

  private flush(): RelayOutgoing[] {
    const outgoing = this.outgoing
    this.outgoing = []
    return outgoing
  }
}
