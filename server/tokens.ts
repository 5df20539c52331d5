import { createHmac, timingSafeEqual } from 'node:crypto'

import { z } from 'zod'

import { ROLES } from '@/lib/signalling/messages'

/** What a token says about the place that its holder has in a room. */
const placeSchema = z.object({
  v: z.literal(1),
  room: z.string(),
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  maxMembers: z.number(),
  title: z.string().optional(),
  /** Its holder opened the room. */
  owner: z.literal(true).optional(),
  roomCreatedAtMs: z.number(),
  issuedAtMs: z.number(),
  /** Which run of the server issued it. */
  run: z.string(),
})

export type Place = Omit<z.output<typeof placeSchema>, 'v'>

/** Makes and reads tokens that carry their own authentication. */
export interface TokenSeal {
  seal(place: Place): string
  /** The place, or null for anything that was not sealed under the same key. Never throws. */
  open(token: string): Place | null
}

/**
 * Tokens are `payload.signature`, both base64url: the payload is JSON, the signature HMAC-SHA256 (RFC 2104)
 * over the payload's text under `key`. They are authentic, not secret: a page can read its own.
 */
export function createTokenSeal(key: Uint8Array): TokenSeal {
  const sign = (text: string): Buffer =>
    Buffer.from(createHmac('sha256', key).update(text).digest('base64url'))
  return {
    seal(place) {
      const text = Buffer.from(JSON.stringify({ v: 1, ...place })).toString('base64url')
      return `${text}.${sign(text).toString()}`
    },
    open(token) {
      const [text, signature, ...rest] = token.split('.')
      if (text === undefined || signature === undefined || rest.length > 0) return null
      // Compared as text: base64url has several spellings of the same bytes, and only ours is a token.
      const given = Buffer.from(signature)
      const expected = sign(text)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
      return parsePlace(Buffer.from(text, 'base64url').toString())
    },
  }
}

/** Tickets for the relay name a place as tokens do, under another key: no ticket is a token, and the reverse. */
export function createTicketSeal(key: Uint8Array): TokenSeal {
  return createTokenSeal(createHmac('sha256', key).update('shoal relay ticket').digest())
}

function parsePlace(json: string): Place | null {
  try {
    const result = placeSchema.safeParse(JSON.parse(json))
    if (!result.success) return null
    const { v: _version, ...place } = result.data
    return place
  } catch {
    return null
  }
}
