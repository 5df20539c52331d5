import { z } from 'zod'

import { fromBase64Url, toBase64Url } from './base64url'
import { PUBLIC_KEY_BYTES } from './derive'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** What the server lets through in one payload. */
const SEALED_MAX_CHARS = 32 * 1024
const INSTANCE_MAX_CHARS = 16

const sealedBytes = z
  .string()
  .max(SEALED_MAX_CHARS)
  .transform((text, context) => {
    const bytes = fromBase64Url(text)
    if (bytes) return bytes
    context.addIssue({ code: 'custom', message: 'not base64url' })
    return z.NEVER
  })
const publicKey = sealedBytes.refine((bytes) => bytes.length === PUBLIC_KEY_BYTES)
const instance = z.string().max(INSTANCE_MAX_CHARS)

/** What the server passes on between two members (SPEC KY7). */
const envelopeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    from: instance,
    to: instance,
    key: publicKey,
    /** The other end's hello is wanted, again if need be. */
    ask: z.boolean(),
    /** Only who has the link's secret can make it. */
    proof: sealedBytes.optional(),
  }),
  z.object({
    type: z.literal('sealed'),
    from: instance,
    to: instance,
    /** In clear where it is needed to open: without the link's secret. */
    key: publicKey.optional(),
    data: sealedBytes,
  }),
])

export type Envelope = z.output<typeof envelopeSchema>

/** The payload of a signal. */
export function encodeEnvelope(envelope: Envelope): string {
  return JSON.stringify(envelope, (_name, value: unknown) =>
    value instanceof Uint8Array ? toBase64Url(value) : value,
  )
}

/** Null for anything that is not exactly an envelope. */
export function parseEnvelope(payload: string): Envelope | null {
  let json: unknown
  try {
    json = JSON.parse(payload)
  } catch {
    return null
  }
  return envelopeSchema.safeParse(json).data ?? null
}
