import { z } from 'zod'

import { type ErrorCode, isErrorCode } from '@/lib/protocol/errors'
import type { DirectionCounts } from '@/lib/sim/emulated-direction'
import type { HistogramSummary } from '@/lib/sim/histogram'
import type { NetworkSettings } from '@/lib/sim/network-settings'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/*
 * What goes over the lab's socket, as JSON in text frames; docs/lab.md describes it. A path belongs to the socket that
 * asked for it and ends with it.
 */
export const LAB_SOCKET_PATH = '/lab/socket'

/** The largest message in either direction: the counters of both directions, every bucket filled, are under 40 KiB. */
export const LAB_MESSAGE_MAX_CHARS = 64 * 1024
const BUCKETS_MAX = 512
const DELAY_MAX_MS = 10_000
const RATE_MIN_BYTES = 1000
const RATE_MAX_BYTES = 125_000_000
const QUEUE_PACKETS_MAX = 100_000
const QUEUE_BYTES_MAX = 64 * 1024 * 1024
const MEAN_BURST_MAX_PACKETS = 10_000

const chance = z.number().min(0).max(1)
const delayMs = z.number().min(0).max(DELAY_MAX_MS)

const burstsSchema = z
  .strictObject({
    share: z.number().min(0).max(0.99),
    meanPackets: z.number().min(1).max(MEAN_BURST_MAX_PACKETS),
    loss: chance,
  })
  // Between two spells there is a packet at least.
  .refine(({ share, meanPackets }) => share <= meanPackets / (meanPackets + 1))

export const networkSettingsSchema: z.ZodType<NetworkSettings> = z.strictObject({
  loss: chance,
  bursts: burstsSchema.nullable(),
  bytesPerSecond: z.number().min(RATE_MIN_BYTES).max(RATE_MAX_BYTES).nullable(),
  queuePackets: z.int().min(0).max(QUEUE_PACKETS_MAX).nullable(),
  queueBytes: z.int().min(0).max(QUEUE_BYTES_MAX).nullable(),
  delayMs,
  jitterMs: delayMs,
  jitterReorders: z.boolean(),
  reorderShare: chance,
  reorderByMs: delayMs,
  duplicateShare: chance,
})

/** Both directions of a path; each draws its chances from a seed of its own, made of the path's. */
export interface LabNetwork {
  readonly aToB: NetworkSettings
  readonly bToA: NetworkSettings
}

const networkSchema = z.strictObject({ aToB: networkSettingsSchema, bToA: networkSettingsSchema })

/** Chosen by the page; unique among the paths of its socket. */
const pathId = z.string().regex(/^[\w-]{1,64}$/)

const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('create'),
    id: pathId,
    network: networkSchema,
    seed: z.int32(),
    /** Whether both ends are on the server's own computer, or in its network. */
    reach: z.enum(['computer', 'network']),
  }),
  z.strictObject({
    type: z.literal('change'),
    id: pathId,
    network: networkSchema,
    /** The chances begin anew, as those of a new path with it. */
    seed: z.int32().optional(),
  }),
  z.strictObject({ type: z.literal('counters'), id: pathId }),
  z.strictObject({ type: z.literal('delete'), id: pathId }),
])

const count = z.int().min(0)
const ms = z.number().min(0)

const histogramSchema: z.ZodType<HistogramSummary> = z.object({
  ...{ count, meanMs: ms, p50Ms: ms, p95Ms: ms, p99Ms: ms, maxMs: ms },
  buckets: z.array(z.tuple([ms, count])).max(BUCKETS_MAX),
})

const directionCountsSchema: z.ZodType<DirectionCounts> = z.object({
  ...{ packetsIn: count, bytesIn: count, packetsOut: count, bytesOut: count, inFlightPackets: count },
  ...{ lostByChance: count, lostInBursts: count, droppedByQueue: count, overflowed: count },
  ...{ heldBack: count, reordered: count, duplicated: count, queueHighPackets: count },
  ...{ queueDelay: histogramSchema, delay: histogramSchema, lateness: histogramSchema },
})

const pathCountersSchema = z.object({
  aToB: directionCountsSchema,
  bToA: directionCountsSchema,
  /** Connections that have crossed the path: both of their ends were heard. */
  connections: count,
  /** Packets that crossed nothing: from elsewhere, of a connection whose other end is not known yet, or too many. */
  refused: count,
  unpaired: count,
  overRate: count,
  /** Lost by the system before this program could read them; null where it does not tell. */
  lostBySystem: count.nullable(),
})

export const endSchema = z.object({ address: z.ipv4(), port: z.int().min(1).max(65_535) })

const serverMessageSchema = z.discriminatedUnion('type', [
  /** `a` is what the page at end A takes for the other end's address, `b` the page at end B. */
  z.object({ type: z.literal('created'), id: pathId, a: endSchema, b: endSchema }),
  z.object({ type: z.literal('changed'), id: pathId }),
  z.object({ type: z.literal('counters'), id: pathId, counters: pathCountersSchema }),
  /** With the last of its counters. */
  z.object({ type: z.literal('deleted'), id: pathId, counters: pathCountersSchema }),
  z.object({
    type: z.literal('error'),
    /** Null where the message could not be read. */
    id: pathId.nullable(),
    code: z.custom<ErrorCode>(isErrorCode),
  }),
])

export type LabClientMessage = z.output<typeof clientMessageSchema>
export type LabServerMessage = z.output<typeof serverMessageSchema>
export type LabPathCounters = z.output<typeof pathCountersSchema>
/** Where a page sends to so that its packets cross the path. */
export type LabEnd = z.output<typeof endSchema>

/** Null for anything that is not exactly a message; never throws. */
export function parseLabClientMessage(text: unknown): LabClientMessage | null {
  return parseJson(text, clientMessageSchema)
}

/** Null for anything that is not exactly a message; never throws. */
export function parseLabServerMessage(text: unknown): LabServerMessage | null {
  return parseJson(text, serverMessageSchema)
}

function parseJson<T>(text: unknown, schema: z.ZodType<T>): T | null {
  if (typeof text !== 'string' || text.length > LAB_MESSAGE_MAX_CHARS) return null
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
