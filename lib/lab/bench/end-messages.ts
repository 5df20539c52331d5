import { z } from 'zod'

import { fromBase64Url, toBase64Url } from '@/lib/keys/base64url'
import { LANES_MAX } from '@/lib/protocol/congestion/lane-count'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { type ErrorCode, isErrorCode } from '@/lib/protocol/errors'

import { CONTENDERS, LABEL_MAX_CHARS } from '../experiment'
import { endSchema } from '../messages'
import { receivedSchemaFields, SAMPLES_MAX, sampleSchema } from '../results'
import { PACKETS_MAX } from './packet-recorder'
import { FRAMES_MAX, SIDE_MAX_PX } from './screen'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/*
 * What the two ends of the lab tell each other beside what is measured: reliably, in order, and by another way than the
 * emulated path. In one page they are objects; between two devices JSON, with bytes in base64url, and whatever comes is
 * parsed here.
 */

/** The largest picture as base64url, and what stands around it. */
export const END_MESSAGE_MAX_CHARS = Math.ceil((PICTURE_MAX_DEFAULT_BYTES * 4) / 3) + 4096
/** A description of a connection with video has some 8 000. */
const SIGNAL_MAX_CHARS = 20_000
const PICTURE_SIDE_MAX_PX = 65_535
/** A frame is a JPEG of at most 512 pixels a side: it has no more than its pixels. */
const FRAME_MAX_BYTES = 3 * SIDE_MAX_PX ** 2

const id = z.string().regex(/^[\w-]{1,64}$/)
const run = z.int().min(1)
const ms = z.number().min(0)
const name = z.string().min(1).max(LABEL_MAX_CHARS)
const signal = z.string().max(SIGNAL_MAX_CHARS)

function bytes(max: number) {
  return z
    .string()
    .max(Math.ceil((max * 4) / 3))
    .transform((text, context) => {
      const decoded = fromBase64Url(text)
      if (decoded) return decoded
      context.addIssue({ code: 'custom', message: 'This is no base64url.' })
      return z.NEVER
    })
}

const toReceiverSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping'), number: z.int().min(0) }),
  /** What is going on, for the receiving page to say; null: nothing. */
  z.strictObject({
    type: z.literal('progress'),
    progress: z
      .strictObject({
        /** The run under way, from 1, and how many there are. */
        number: run,
        of: run,
        contender: z.enum(CONTENDERS),
        network: z.string().max(500),
        picture: name,
      })
      .nullable(),
  }),
  /** A picture that runs will carry: what comes is held against it. */
  z.strictObject({
    type: z.literal('picture'),
    name,
    mime: z.enum(['image/jpeg', 'image/png', 'image/webp']),
    width: z.int().min(1).max(PICTURE_SIDE_MAX_PX),
    height: z.int().min(1).max(PICTURE_SIDE_MAX_PX),
    bytes: bytes(PICTURE_MAX_DEFAULT_BYTES),
  }),
  /** A receiving end is to be opened; `id` names it in all that follows. */
  z.strictObject({ type: z.literal('open'), id, contender: z.enum(CONTENDERS), through: endSchema }),
  z.strictObject({ type: z.literal('signal'), id, signal }),
  z.strictObject({ type: z.literal('lanes'), id, lanes: z.int().min(0).max(LANES_MAX) }),
  /** To be answered once everything is open there. */
  z.strictObject({ type: z.literal('ready'), id }),
  /** A run begins as soon as it is answered; without a picture it only warms up. */
  z.strictObject({
    type: z.literal('expect'),
    ...{ id, run, picture: name.nullable() },
    byteCount: z.int().min(1).max(PICTURE_MAX_DEFAULT_BYTES),
  }),
  z.strictObject({ type: z.literal('handed-over'), id, run }),
  z.strictObject({ type: z.literal('finish'), id, run, inTime: z.boolean() }),
  z.strictObject({ type: z.literal('close'), id }),
])

const fromReceiverSchema = z.discriminatedUnion('type', [
  /** `at`: epoch milliseconds of the receiving end's clock. */
  z.strictObject({ type: z.literal('pong'), number: z.int().min(0), at: ms }),
  z.strictObject({ type: z.literal('signal'), id, signal }),
  z.strictObject({ type: z.literal('ready'), id }),
  z.strictObject({ type: z.literal('expecting'), id, run }),
  z.strictObject({ type: z.literal('over'), id, run }),
  /** What became of a run. Times are since `expectedAt`, epoch milliseconds of the receiving end's clock. */
  z.strictObject({
    type: z.literal('received'),
    ...{ id, run, expectedAt: ms },
    ...receivedSchemaFields,
    firstPacketMs: ms.nullable(),
    firstPreviewMs: ms.nullable(),
    exactMs: ms.nullable(),
    arrivals: z.array(z.tuple([z.int().min(0), ms])).max(PACKETS_MAX),
    samples: z.array(sampleSchema).max(SAMPLES_MAX),
    /** JPEG. */
    frames: z.array(z.strictObject({ ms, picture: bytes(FRAME_MAX_BYTES) })).max(FRAMES_MAX),
  }),
  /** The end can't be used any more. */
  z.strictObject({ type: z.literal('failed'), id, code: z.custom<ErrorCode>(isErrorCode) }),
])

export type ToReceiver = z.output<typeof toReceiverSchema>
export type FromReceiver = z.output<typeof fromReceiverSchema>
/** What a receiving page says is going on. */
export type EndProgress = Extract<ToReceiver, { type: 'progress' }>['progress']

export function encodeEndMessage(message: ToReceiver | FromReceiver): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    value instanceof Uint8Array ? toBase64Url(value) : value,
  )
}

/** Null for anything that is not exactly a message; never throws. */
export function parseToReceiver(text: string): ToReceiver | null {
  return parseJson(text, toReceiverSchema)
}

/** Null for anything that is not exactly a message; never throws. */
export function parseFromReceiver(text: string): FromReceiver | null {
  return parseJson(text, fromReceiverSchema)
}

function parseJson<T>(text: string, schema: z.ZodType<T>): T | null {
  if (text.length > END_MESSAGE_MAX_CHARS) return null
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
