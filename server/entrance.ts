import { TokenBucket } from '@/lib/signalling/messages'
import type { ClientMessage } from '@/lib/signalling/messages'

import type { HubOptions } from './hub'
import { CLOSE } from './outgoing'
import type { HubSocket, Outbox } from './outgoing'
import { publicMember } from './rooms'
import type { Room, RoomMember, Rooms } from './rooms'
import type { Place } from './tokens'

export type EntryRequest = Extract<ClientMessage, { type: 'create' | 'join' | 'resume' }>
type CreateRequest = Extract<EntryRequest, { type: 'create' }>
type JoinRequest = Extract<EntryRequest, { type: 'join' }>
type ResumeRequest = Extract<EntryRequest, { type: 'resume' }>

/** When a newcomer may ask again for a room that a restart has made unknown. */
const ROOM_RETRY_MS = 1000

/** The ways into a room: a new one, by its code, or by the token of a place that one has. */
export class Entrance {
  private readonly attempts = new Map<string, TokenBucket>()
  /** Members that went while tokens of an earlier run still count; those tokens must not bring them back. */
  private readonly departed = new Set<string>()

  constructor(
    private readonly options: HubOptions,
    private readonly rooms: Rooms,
    private readonly outbox: Outbox,
  ) {}

  handleRequest(socket: HubSocket, request: EntryRequest, nowMs: number): void {
    const attempts = this.attemptsOf(socket.address, nowMs)
    const retryAfterMs = attempts.waitMs(nowMs)
    if (retryAfterMs > 0) {
      this.outbox.fail(socket, 'SHOAL_TOO_MANY_JOINS', { retryAfterMs })
      return
    }
    if (request.type === 'resume') this.resume(socket, request, nowMs)
    else if (request.type === 'create') this.create(socket, request, nowMs)
    else this.join(socket, request, nowMs)
    // Coming back is free: a bad network must not use up what its people may join.
    if (request.type !== 'resume' || socket.place === null) attempts.take(nowMs)
  }

  handleTick(nowMs: number): void {
    for (const [address, attempts] of this.attempts) if (attempts.isFull(nowMs)) this.attempts.delete(address)
    if (!this.takesEarlierTokens(nowMs)) this.departed.clear()
  }

  handleDeparture(member: RoomMember, nowMs: number): void {
    if (this.takesEarlierTokens(nowMs)) this.departed.add(member.id)
  }

  /** What a member may use for a time only is told anew while it still counts. */
  renewPaths(socket: HubSocket, nowMs: number): void {
    socket.pathsDueMs = Infinity
    if (!socket.place) return
    const place = this.placeOf(socket.place.room, socket.place.member, nowMs)
    const issued = this.options.paths?.issue(place, nowMs)
    if (!issued) return
    socket.pathsDueMs = issued.renewAtMs
    this.outbox.send(socket.id, { type: 'paths', paths: issued.paths })
  }

  private create(socket: HubSocket, { maxMembers, title, ...entry }: CreateRequest, nowMs: number): void {
    const room = this.rooms.open({ maxMembers, title }, nowMs)
    if (room === null) this.outbox.fail(socket, 'SHOAL_SERVER_FULL')
    else this.admit(socket, room, { ...entry, owner: true }, nowMs)
  }

  private join(socket: HubSocket, request: JoinRequest, nowMs: number): void {
    const { restarted, startedAtMs, limits } = this.options
    const room = this.rooms.find(request.room)
    if (room === undefined) {
      const mayComeBack = restarted && nowMs - startedAtMs < limits.restartHintMs
      this.outbox.fail(socket, 'SHOAL_ROOM_NOT_FOUND', mayComeBack ? { retryAfterMs: ROOM_RETRY_MS } : {})
    } else if (this.rooms.isExpelled(room, { instance: request.instance ?? '' })) {
      this.outbox.fail(socket, 'SHOAL_REMOVED')
    } else if (this.rooms.isFull(room)) this.outbox.fail(socket, 'SHOAL_ROOM_FULL')
    else this.admit(socket, room, request, nowMs)
  }

  private resume(socket: HubSocket, { token, instance = '' }: ResumeRequest, nowMs: number): void {
    const place = this.options.seal.open(token)
    if (place === null) {
      this.outbox.fail(socket, 'SHOAL_BAD_TOKEN')
      return
    }
    if (nowMs - place.roomCreatedAtMs >= this.options.limits.roomMaxAgeMs) {
      this.outbox.fail(socket, 'SHOAL_ROOM_EXPIRED')
      return
    }
    const room = this.rooms.find(place.room)
    const isSameRoom = room?.createdAtMs === place.roomCreatedAtMs
    const member = isSameRoom ? room.members.get(place.id) : undefined
    if (room && isSameRoom && this.rooms.isExpelled(room, { id: place.id, instance })) {
      this.outbox.fail(socket, 'SHOAL_REMOVED')
    } else if (room && member) this.comeBack(socket, room, member, instance, nowMs)
    else if ((isSameRoom || room === undefined) && this.mayRebuild(place, nowMs)) {
      this.rebuild(socket, place, room, instance, nowMs)
    } else this.outbox.fail(socket, isSameRoom ? 'SHOAL_BAD_TOKEN' : 'SHOAL_ROOM_EXPIRED')
  }

  /** The newest socket of a member wins: the older one is half open, or another tab. */
  private comeBack(socket: HubSocket, room: Room, member: RoomMember, instance: string, nowMs: number): void {
    const wasAway = member.socketId === null
    const replaced = member.socketId === null ? undefined : this.outbox.sockets.get(member.socketId)
    if (replaced) {
      this.outbox.fail(replaced, 'SHOAL_REPLACED')
      this.outbox.close(replaced.id, CLOSE.replaced, 'replaced')
    }
    const isNewPage = member.instance !== instance
    if (isNewPage) {
      this.rooms.takeQueue(member)
      for (const other of room.members.values()) this.rooms.dropQueuedFrom(other, member.id)
    }
    member.instance = instance
    member.socketId = socket.id
    member.closed = false
    this.seat(socket, room, member, nowMs)
    for (const { from, payload } of this.rooms.takeQueue(member)) {
      this.outbox.send(socket.id, { type: 'signal', from, payload })
    }
    if (wasAway || isNewPage)
      this.outbox.broadcast(room, { type: 'member-back', id: member.id, instance }, member)
  }

  /** A member of an earlier run brings its place back, and its room when it is the first. */
  private rebuild(
    socket: HubSocket,
    place: Place,
    known: Room | undefined,
    instance: string,
    nowMs: number,
  ): void {
    const room = known ?? this.rooms.rebuild(place)
    if (room === null) this.outbox.fail(socket, 'SHOAL_SERVER_FULL')
    else if (this.rooms.isFull(room)) this.outbox.fail(socket, 'SHOAL_ROOM_FULL')
    else this.admit(socket, room, { ...place, instance }, nowMs, place.id)
  }

  /** Within one run the hub itself knows every place; only an earlier run's tokens can tell it something new. */
  private mayRebuild(place: Place, nowMs: number): boolean {
    return place.run !== this.options.run && this.takesEarlierTokens(nowMs) && !this.departed.has(place.id)
  }

  private takesEarlierTokens(nowMs: number): boolean {
    return nowMs - this.options.startedAtMs < this.options.limits.resumeWindowMs
  }

  private admit(
    socket: HubSocket,
    room: Room,
    entry: Pick<CreateRequest, 'name' | 'role' | 'instance'> & { readonly owner?: true | undefined },
    nowMs: number,
    id?: string,
  ): void {
    const { name, role, owner = false, instance = '' } = entry
    const member = this.rooms.add(room, { name, role, owner, instance, socketId: socket.id }, id)
    this.seat(socket, room, member, nowMs)
    this.outbox.broadcast(room, { type: 'member-joined', member: publicMember(member) }, member)
  }

  /** Tells the member where it is, with a token to come back by. */
  private seat(socket: HubSocket, room: Room, member: RoomMember, nowMs: number): void {
    socket.place = { room, member }
    const { id, name, owner } = member
    const place = this.placeOf(room, member, nowMs)
    const issued = this.options.paths?.issue(place, nowMs)
    socket.pathsDueMs = issued?.renewAtMs ?? Infinity
    const others = Array.from(room.members.values()).filter((other) => other !== member)
    this.outbox.send(socket.id, {
      type: 'joined',
      room: room.code,
      selfId: id,
      name,
      token: this.options.seal.seal(place),
      members: others.map(publicMember),
      rebuilt: room.rebuilt && this.takesEarlierTokens(nowMs),
      ...(owner && { owner }),
      ...(room.title !== null && { title: room.title }),
      ...(room.removed.size > 0 && { removed: [...room.removed.keys()] }),
      ...(issued && { paths: issued.paths }),
    })
  }

  private placeOf(room: Room, { id, name, role, owner }: RoomMember, nowMs: number): Place {
    return {
      ...{ room: room.code, id, name, role, maxMembers: room.maxMembers },
      ...(owner && { owner }),
      ...(room.title !== null && { title: room.title }),
      ...{ roomCreatedAtMs: room.createdAtMs, issuedAtMs: nowMs, run: this.options.run },
    }
  }

  private attemptsOf(address: string, nowMs: number): TokenBucket {
    const known = this.attempts.get(address)
    if (known) return known
    const { joinsPerMinute } = this.options.limits
    const bucket = new TokenBucket(joinsPerMinute / 60, joinsPerMinute, nowMs)
    this.attempts.set(address, bucket)
    return bucket
  }
}
