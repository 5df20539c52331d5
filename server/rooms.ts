import { ROOM_CODE_SYMBOLS, ROOM_REMOVED_MAX, distinctName, roomCodeFrom } from '@/lib/signalling/messages'
import type { Member, Role } from '@/lib/signalling/messages'

import type { Limits } from './limits'
import type { Place } from './tokens'

/** A signal that waits for a member to come back. */
export interface QueuedSignal {
  readonly from: string
  readonly payload: string
}

export interface RoomMember {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** It opened the room. */
  readonly owner: boolean
  instance: string
  /** null while away. */
  socketId: number | null
  awaySinceMs: number
  /** Its page said goodbye. */
  closed: boolean
  queue: QueuedSignal[]
}

export interface Room {
  readonly code: string
  readonly createdAtMs: number
  readonly maxMembers: number
  /** Null: it has none. */
  readonly title: string | null
  /** Brought back by a token after a restart of the server. */
  readonly rebuilt: boolean
  readonly members: Map<string, RoomMember>
  /** Members that its owner took out: their ids, with the load of the page each was; the oldest are forgotten. */
  readonly removed: Map<string, string>
  /** When the last member went; null while there is one. */
  emptySinceMs: number | null
}

const MEMBER_ID_BYTES = 8

/** The rooms that are open. Holds no clock and no randomness but what it is handed. */
export class Rooms {
  private readonly byCode = new Map<string, Room>()
  private queuedCharsTotal = 0

  constructor(
    private readonly limits: Limits,
    private readonly randomBytes: (count: number) => Uint8Array,
  ) {}

  get count(): number {
    return this.byCode.size
  }

  all(): Iterable<Room> {
    return this.byCode.values()
  }

  find(code: string): Room | undefined {
    return this.byCode.get(code)
  }

  /** null: there is no place for another room. */
  open(
    { maxMembers, title }: { maxMembers?: number | undefined; title?: string | undefined },
    nowMs: number,
  ): Room | null {
    if (this.byCode.size >= this.limits.rooms) return null
    let code = roomCodeFrom(this.randomBytes(ROOM_CODE_SYMBOLS))
    while (this.byCode.has(code)) code = roomCodeFrom(this.randomBytes(ROOM_CODE_SYMBOLS))
    const most = Math.min(maxMembers ?? this.limits.membersPerRoom, this.limits.membersPerRoom)
    return this.put({ code, createdAtMs: nowMs, maxMembers: most, title: title ?? null, rebuilt: false })
  }

  /** Opens the room that a token of an earlier run names. null: there is no place for another room. */
  rebuild(place: Place): Room | null {
    if (this.byCode.size >= this.limits.rooms) return null
    const maxMembers = Math.min(place.maxMembers, this.limits.membersPerRoom)
    const { room: code, roomCreatedAtMs: createdAtMs, title = null } = place
    return this.put({ code, createdAtMs, maxMembers, title, rebuilt: true })
  }

  close(room: Room): void {
    for (const member of room.members.values()) this.takeQueue(member)
    this.byCode.delete(room.code)
  }

  /** Adds a member; with `id` the one that an earlier run knew by it. The caller has checked `isFull`. */
  add(
    room: Room,
    entry: Pick<RoomMember, 'name' | 'role' | 'owner' | 'instance' | 'socketId'>,
    id?: string,
  ): RoomMember {
    const names = Array.from(room.members.values(), (member) => member.name)
    const member: RoomMember = {
      ...entry,
      id: id ?? this.newMemberId(room),
      name: distinctName(entry.name, names),
      awaySinceMs: 0,
      closed: false,
      queue: [],
    }
    room.members.set(member.id, member)
    room.emptySinceMs = null
    return member
  }

  remove(room: Room, member: RoomMember, nowMs: number): void {
    this.takeQueue(member)
    room.members.delete(member.id)
    for (const other of room.members.values()) this.dropQueuedFrom(other, member.id)
    if (room.members.size === 0) room.emptySinceMs = nowMs
  }

  /** Its owner takes a member out; neither that place nor that load of its page comes back. */
  expel(room: Room, member: RoomMember, nowMs: number): void {
    room.removed.set(member.id, member.instance)
    const [oldest] = room.removed.keys()
    if (room.removed.size > ROOM_REMOVED_MAX && oldest !== undefined) room.removed.delete(oldest)
    this.remove(room, member, nowMs)
  }

  isExpelled(room: Room, { id, instance }: { id?: string | undefined; instance: string }): boolean {
    if (id !== undefined && room.removed.has(id)) return true
    return instance !== '' && [...room.removed.values()].includes(instance)
  }

  isFull(room: Room): boolean {
    return room.members.size >= room.maxMembers
  }

  /** Keeps a signal for a member that is away; false when it holds as much as it may. */
  enqueue(member: RoomMember, signal: QueuedSignal): boolean {
    const chars = signal.payload.length
    const held = queuedChars(member)
    if (member.queue.length >= this.limits.queuedSignals || held + chars > this.limits.queuedChars)
      return false
    if (this.queuedCharsTotal + chars > this.limits.queuedCharsTotal) return false
    member.queue.push(signal)
    this.queuedCharsTotal += chars
    return true
  }

  takeQueue(member: RoomMember): QueuedSignal[] {
    this.queuedCharsTotal -= queuedChars(member)
    const queue = member.queue
    member.queue = []
    return queue
  }

  /** What a page said before it was reloaded means nothing to the other side any more. */
  dropQueuedFrom(member: RoomMember, from: string): void {
    const kept = this.takeQueue(member).filter((signal) => signal.from !== from)
    for (const signal of kept) this.enqueue(member, signal)
  }

  private put(room: Omit<Room, 'members' | 'removed' | 'emptySinceMs'>): Room {
    const opened: Room = { ...room, members: new Map(), removed: new Map(), emptySinceMs: null }
    this.byCode.set(opened.code, opened)
    return opened
  }

  private newMemberId(room: Room): string {
    for (;;) {
      const id = Array.from(this.randomBytes(MEMBER_ID_BYTES), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('')
      if (!room.members.has(id)) return id
    }
  }
}

/** A member as the others see it. */
export function publicMember(member: RoomMember): Member {
  const { id, name, role, owner, instance, socketId, closed } = member
  const away = socketId === null
  return { id, name, role, away, instance, ...(away && closed && { closed }), ...(owner && { owner }) }
}

function queuedChars(member: RoomMember): number {
  return member.queue.reduce((sum, signal) => sum + signal.payload.length, 0)
}
