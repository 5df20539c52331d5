import { z } from 'zod'

import { isErrorCode } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

import { TITLE_MAX_CHARS, cleanName } from './name'
import { pathsSchema } from './paths'
import { parseRoomCode } from './room-code'

/** What else the two ends share; the server knows lib/signalling by this file alone. */
export { NAME_MAX_CHARS, TITLE_MAX_CHARS, cleanName, distinctName } from './name'
export { offeredProtocols, offeredRequest } from './handshake'
export { ICE_SERVERS_MAX, iceServerSchema, isTurn } from './paths'
export type { IceServer, Paths } from './paths'
export { RELAY_EVERYONE, RELAY_PATH, parseRelayClientMessage, parseRelayFrame } from './relay-messages'
export { parseRelayServerMessage } from './relay-messages'
export { encodeRelayFrame, relayClientMessageSchema, relayServerMessageSchema } from './relay-messages'
export type { RelayClientMessage, RelayServerMessage } from './relay-messages'
export { ROOM_CODE_SYMBOLS, parseRoomCode, roomCodeFrom } from './room-code'
export { TokenBucket } from '@/lib/protocol/token-bucket'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** The largest `payload` of a signal, in UTF-16 code units: an offer with all its candidates is under 8 KiB. */
export const PAYLOAD_MAX_CHARS = 32 * 1024

/** The largest message in either direction, in bytes: a full payload of ordinary text, quoted, fits. */
export const MESSAGE_MAX_BYTES = 64 * 1024

/** A token carries a name of up to 160 bytes, a title of up to 240 and a signature of 43 characters. */
const TOKEN_MAX_CHARS = 1024

/** The WebSocket close code of a page that is closed or left. A network that is lost says nothing. */
export const CLOSE_GOODBYE = 4004

/** The most members a room can be made for. */
export const ROOM_MEMBERS_MAX = 256

/** Members that a room remembers as removed; whoever was removed before those may come back. */
export const ROOM_REMOVED_MAX = 256

/** The list of a full room, every name and label at its longest, stays under this. */
const SERVER_MESSAGE_MAX_CHARS = 256 * 1024

const ADDRESSES_MAX = 64

/** A member of a room sends and receives; the other two are the short cut for two. */
export const ROLES = ['sender', 'receiver', 'member'] as const

const role = z.enum(ROLES)
const memberId = z.string().regex(/^[0-9a-f]{16}$/)
const roomCode = z.string().transform((text, context) => {
  const code = parseRoomCode(text)
  if (code !== null) return code
  context.addIssue({ code: 'custom', message: 'not a room code' })
  return z.NEVER
})
const name = z.string().transform((text, context) => {
  const clean = cleanName(text)
  if (clean !== null) return clean
  context.addIssue({ code: 'custom', message: 'not a name' })
  return z.NEVER
})
const title = z.string().transform((text, context) => {
  const clean = cleanName(text, TITLE_MAX_CHARS)
  if (clean !== null) return clean
  context.addIssue({ code: 'custom', message: 'not a title' })
  return z.NEVER
})
const token = z.string().min(1).max(TOKEN_MAX_CHARS)
const payload = z.string().max(PAYLOAD_MAX_CHARS)
/**
 * Chosen at random by each load of a page and told to the other members: when it changes, the member's page is
 * a new one, and every peer connection with its former page is dead.
 */
const instance = z.string().regex(/^[0-9a-z]{0,16}$/)
const count = z.int().min(0)

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('create'),
    name,
    role,
    maxMembers: z.int().min(2).max(ROOM_MEMBERS_MAX).optional(),
    instance: instance.optional(),
    /** What the room is called; whoever is in it is told. */
    title: title.optional(),
  }),
  z.object({ type: z.literal('join'), room: roomCode, name, role, instance: instance.optional() }),
  z.object({ type: z.literal('resume'), token, instance: instance.optional() }),
  z.object({ type: z.literal('signal'), to: memberId, payload }),
  /** From the room's owner: takes a member out of the room. */
  z.object({ type: z.literal('remove'), member: memberId }),
  z.object({ type: z.literal('leave') }),
  z.object({ type: z.literal('ping') }),
])

const address = z.object({ origin: z.url({ protocol: /^https?$/ }).max(300), label: z.string().max(100) })

const limits = z.object({
  /** The largest message the server reads, bytes. */
  messageBytes: count,
  /** The largest `payload` of a signal, UTF-16 code units. */
  payloadChars: count,
  /** Messages a socket may send: sustained, and at once after a pause. */
  messagesPerSecond: z.number().positive(),
  messageBurst: z.int().min(1),
  /** How long the place of a lost socket is kept. */
  resumeWindowMs: count,
})

const member = z.object({
  id: memberId,
  name,
  role,
  away: z.boolean(),
  /** It is away because its page was closed or left: what went on there is over. Else its network may be. */
  closed: z.literal(true).optional(),
  instance: instance.default(''),
  /** It opened the room. */
  owner: z.literal(true).optional(),
})

export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), addresses: z.array(address).max(ADDRESSES_MAX), limits }),
  z.object({
    type: z.literal('joined'),
    room: roomCode,
    selfId: memberId,
    /** Ours, as the room knows it: a second ANNA is `ANNA (2)`. */
    name,
    token,
    /** The others. */
    members: z.array(member).max(ROOM_MEMBERS_MAX),
    /** The server was restarted a moment ago: members that are missing here may still come back. */
    rebuilt: z.boolean().default(false),
    /** We opened the room. */
    owner: z.literal(true).optional(),
    title: title.optional(),
    /** Who was taken out of the room: nothing goes to them any more, whatever is open. */
    removed: z.array(memberId).max(ROOM_REMOVED_MAX).optional(),
    /** How to reach the others where no direct path is. */
    paths: pathsSchema.optional(),
  }),
  /** The same anew, before what it allows for a time only runs out. */
  z.object({ type: z.literal('paths'), paths: pathsSchema }),
  z.object({ type: z.literal('member-joined'), member }),
  /** `removed`: by the room's owner. */
  z.object({ type: z.literal('member-left'), id: memberId, removed: z.literal(true).optional() }),
  z.object({ type: z.literal('member-away'), id: memberId, closed: z.literal(true).optional() }),
  z.object({ type: z.literal('member-back'), id: memberId, instance: instance.default('') }),
  z.object({ type: z.literal('signal'), from: memberId, payload }),
  z.object({
    type: z.literal('error'),
    code: z.custom<ErrorCode>(isErrorCode),
    /** When trying the same again makes sense. */
    retryAfterMs: count.optional(),
    /** The member that the refused signal was meant for. */
    to: memberId.optional(),
  }),
  z.object({ type: z.literal('pong') }),
])

export type Role = (typeof ROLES)[number]
export type ClientMessage = z.output<typeof clientMessageSchema>
export type ServerMessage = z.output<typeof serverMessageSchema>
export type Member = z.output<typeof member>
export type ServerAddress = z.output<typeof address>
export type SignallingLimits = z.output<typeof limits>

/** What came from the other end, parsed once: either it is right, or it is an error code. */
export type Parsed<T> =
  { readonly data: T; readonly error?: undefined } | { readonly data?: undefined; readonly error: ErrorCode }

/** Reads one message from a client; never throws. The error code says which field was wrong. */
export function parseClientMessage(text: unknown): Parsed<ClientMessage> {
  const json = parseJson(text, MESSAGE_MAX_BYTES)
  if (json === undefined) return { error: 'SHOAL_BAD_MESSAGE' }
  const result = clientMessageSchema.safeParse(json)
  return result.success ? { data: result.data } : { error: errorOf(result.error.issues[0]) }
}

/** Reads one message from the server; never throws. */
export function parseServerMessage(text: unknown): Parsed<ServerMessage> {
  const json = parseJson(text, SERVER_MESSAGE_MAX_CHARS)
  if (json === undefined) return { error: 'SHOAL_BAD_MESSAGE' }
  const result = serverMessageSchema.safeParse(json)
  return result.success ? { data: result.data } : { error: 'SHOAL_BAD_MESSAGE' }
}

function parseJson(text: unknown, maxChars: number): unknown {
  if (typeof text !== 'string' || text.length > maxChars) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function errorOf(issue: z.core.$ZodIssue | undefined): ErrorCode {
  switch (issue?.path[0]) {
    case 'name':
    case 'title':
      return 'SHOAL_BAD_NAME'
    case 'room':
      return 'SHOAL_BAD_CODE'
    case 'token':
      return 'SHOAL_BAD_TOKEN'
    case 'payload':
      return issue.code === 'too_big' ? 'SHOAL_MESSAGE_TOO_LARGE' : 'SHOAL_BAD_MESSAGE'
    default:
      return 'SHOAL_BAD_MESSAGE'
  }
}
