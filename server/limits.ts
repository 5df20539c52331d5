import { MESSAGE_MAX_BYTES, PAYLOAD_MAX_CHARS } from '@/lib/signalling/messages'

/** Everything that bounds what clients can make the server hold or do. docs/signalling.md lists the defaults. */
export interface Limits {
  /** Larger messages are refused with SHOAL_MESSAGE_TOO_LARGE. */
  readonly messageBytes: number
  /** Larger frames are not read at all: the socket is closed with 1009. */
  readonly frameBytes: number
  readonly payloadChars: number
  readonly messagesPerSecond: number
  readonly messageBurst: number
  /** Messages over the rate, less those within it, before the socket is closed with 1008. */
  readonly floodMessages: number
  readonly joinsPerMinute: number
  readonly membersPerRoom: number
  readonly rooms: number
  readonly socketsPerAddress: number
  readonly sockets: number
  /** What one socket may leave unread before it is cut off. */
  readonly unreadBytes: number
  /** Signals kept for one member that is away. */
  readonly queuedSignals: number
  readonly queuedChars: number
  /** The same for all members together. */
  readonly queuedCharsTotal: number
  /** How long the place of a lost socket is kept, and after a restart every place. */
  readonly resumeWindowMs: number
  /** How long a room without any member stays open. */
  readonly emptyRoomMs: number
  readonly roomMaxAgeMs: number
  /** How long a socket may stay without entering a room. */
  readonly entryDeadlineMs: number
  /** How long after a restart a newcomer is told that the room it asks for may still come back. */
  readonly restartHintMs: number
  /** The largest packet that the relay carries, with the id before it; larger ones are dropped. */
  readonly relayPacketBytes: number
  /** Larger frames are not read at all: the socket is closed with 1009. */
  readonly relayFrameBytes: number
  /** What all members of one room together may send over the relay while the room is open. */
  readonly relayRoomBytes: number
  /** What one address may send over the relay in the long run, an hour; as much at once after a pause. */
  readonly relayAddressBytesPerHour: number
  /** Past this much unread by one socket its senders are told to wait. */
  readonly relayBusyBytes: number
  /** Past this much unread by one socket what comes for it is dropped. */
  readonly relayQueueBytes: number
  readonly relaySocketsPerAddress: number
  readonly relaySockets: number
  /** How long a socket of the relay may stay without showing a ticket. */
  readonly relayEntryDeadlineMs: number
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const MEBIBYTE = 1024 * 1024

export const DEFAULT_LIMITS: Limits = {
  messageBytes: MESSAGE_MAX_BYTES,
  frameBytes: 4 * MESSAGE_MAX_BYTES,
  payloadChars: PAYLOAD_MAX_CHARS,
  // One connection needs about a dozen messages; a newcomer may open 32 of them at once.
  messagesPerSecond: 100,
  messageBurst: 400,
  floodMessages: 500,
  // A class behind one address may all join within a minute; a code has 2^50 values.
  joinsPerMinute: 60,
  membersPerRoom: 32,
  rooms: 1000,
  socketsPerAddress: 100,
  sockets: 4096,
  unreadBytes: 1024 * 1024,
  queuedSignals: 64,
  queuedChars: 256 * 1024,
  queuedCharsTotal: 16 * 1024 * 1024,
  resumeWindowMs: MINUTE_MS,
  emptyRoomMs: MINUTE_MS,
  roomMaxAgeMs: 24 * HOUR_MS,
  entryDeadlineMs: MINUTE_MS,
  // Pages come back within one back-off of 5 s and the opening of a socket.
  restartHintMs: 10 * SECOND_MS,
  // A packet of a lane is 1 160 bytes at most; sealing adds some tens.
  relayPacketBytes: 2048,
  relayFrameBytes: 16 * 1024,
  // A few hundred photos; who needs more has a TURN server, or a path of their own.
  relayRoomBytes: 1024 * MEBIBYTE,
  // Rooms cost nothing, so a bound on rooms alone would be none.
  relayAddressBytesPerHour: 4096 * MEBIBYTE,
  // Beyond what the kernel holds for the path itself: enough not to run dry within one round trip to the sender.
  relayBusyBytes: 128 * 1024,
  // What may still arrive until `busy` has reached the sender: 60 Mbit/s over 50 ms. With all sockets: 256 MiB.
  relayQueueBytes: 512 * 1024,
  relaySocketsPerAddress: 64,
  relaySockets: 512,
  relayEntryDeadlineMs: 10 * SECOND_MS,
}
