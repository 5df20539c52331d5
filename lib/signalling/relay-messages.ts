import { z } from 'zod'

import { isErrorCode } from '@/lib/protocol/errors'
import type { ErrorCode } from '@/lib/protocol/errors'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/*
 * What goes over `/relay` (docs/signalling.md). Text frames are the few JSON messages below; a binary frame is
 *
 *  | member id (64): of the receiver on the way to the server, of the sender on the way from it; |
 *  |   all ones on the way to the server: of every other member that is at the relay             |
 *  | a sealed packet, which the server does not look into                                        |
 */
export const RELAY_PATH = '/relay'
export const RELAY_ID_BYTES = 8
/** Everyone else of the room that is at the relay. No member has it: ids are drawn at random from 2^64. */
export const RELAY_EVERYONE = 'ffffffffffffffff'

const TEXT_MAX_CHARS = 16_384
const TICKET_MAX_CHARS = 1024
const MEMBERS_MAX = 256

const memberId = z.string().regex(/^[0-9a-f]{16}$/)

export const relayClientMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('enter'), ticket: z.string().min(1).max(TICKET_MAX_CHARS) }),
  z.object({ type: z.literal('ping') }),
])

export const relayServerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('entered'), here: z.array(memberId).max(MEMBERS_MAX) }),
  z.object({ type: z.literal('here'), id: memberId }),
  z.object({ type: z.literal('gone'), id: memberId }),
  /** Its socket is behind: what is sent to it now may be dropped, until `ready`. */
  z.object({ type: z.literal('busy'), id: memberId }),
  z.object({ type: z.literal('ready'), id: memberId }),
  z.object({
    type: z.literal('error'),
    code: z.custom<ErrorCode>(isErrorCode),
    /** When trying the same again makes sense. */
    retryAfterMs: z.int().min(0).optional(),
  }),
  z.object({ type: z.literal('pong') }),
])

export type RelayClientMessage = z.output<typeof relayClientMessageSchema>
export type RelayServerMessage = z.output<typeof relayServerMessageSchema>

/** Null for anything that is not exactly a message; never throws. */
export function parseRelayClientMessage(text: unknown): RelayClientMessage | null {
  return parseJson(text, relayClientMessageSchema)
}

/** Null for anything that is not exactly a message; never throws. */
export function parseRelayServerMessage(text: unknown): RelayServerMessage | null {
  return parseJson(text, relayServerMessageSchema)
}

export interface RelayFrame {
  /** 16 hex digits. */
  readonly id: string
  /** A view into the frame. */
  readonly packet: Uint8Array
}

/** `id` must be 16 hex digits. */
export function encodeRelayFrame(id: string, packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(RELAY_ID_BYTES + packet.length)
  for (let at = 0; at < RELAY_ID_BYTES; at++) frame[at] = parseInt(id.slice(2 * at, 2 * at + 2), 16)
  frame.set(packet, RELAY_ID_BYTES)
  return frame
}

/** Null for a frame that has no room for an id and a packet. */
export function parseRelayFrame(frame: Uint8Array): RelayFrame | null {
  if (frame.length <= RELAY_ID_BYTES) return null
  let id = ''
  for (let at = 0; at < RELAY_ID_BYTES; at++) id += (frame[at] ?? 0).toString(16).padStart(2, '0')
  return { id, packet: frame.subarray(RELAY_ID_BYTES) }
}

function parseJson<T>(text: unknown, schema: z.ZodType<T>): T | null {
  if (typeof text !== 'string' || text.length > TEXT_MAX_CHARS) return null
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
