import { z } from 'zod'

import { LANES_MAX } from '@/lib/protocol/congestion/lane-count'

import type { LaneSignal } from './lane'
import { TEXT_MAX_BYTES } from './text-parts'

// Without this zod probes `new Function`, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true })

/** An offer for one data channel is about 700 bytes; candidates are added one by one. */
const SDP_MAX_CHARS = 16_000
const CANDIDATE_MAX_CHARS = 1000

const signalSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['offer', 'answer', 'pranswer', 'rollback']), sdp: z.string().max(SDP_MAX_CHARS) }),
  z.object({
    type: z.literal('candidate'),
    candidate: z.object({
      candidate: z.string().max(CANDIDATE_MAX_CHARS),
      sdpMLineIndex: z.int().min(0).max(64).nullable(),
      sdpMid: z.string().max(64).nullable(),
    }),
  }),
])

/** What travels in the payload of a signalling message: which lane, which attempt at it, and the signal. */
const linkMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('lane'),
    lane: z
      .int()
      .min(0)
      .max(LANES_MAX - 1),
    /** Chosen by the initiator, growing with each attempt; both ends drop what belongs to an older one. */
    attempt: z.int().min(0),
    signal: signalSchema,
  }),
  /** The answering end lost a lane and asks the initiator for another attempt. */
  z.object({
    type: z.literal('reopen'),
    lane: z
      .int()
      .min(0)
      .max(LANES_MAX - 1),
    /** The last attempt that it knows of; 0 for none. */
    attempt: z.int().min(0),
  }),
  /** No direct lane is open here: come to the relay too. */
  z.object({ type: z.literal('relay') }),
  /** For who stands above the lanes. */
  z.object({ type: z.literal('text'), text: z.string().max(TEXT_MAX_BYTES) }),
  /** The page is about to be closed: nothing of it comes back. */
  z.object({ type: z.literal('goodbye') }),
])

export type LinkMessage =
  | { readonly type: 'lane'; readonly lane: number; readonly attempt: number; readonly signal: LaneSignal }
  | { readonly type: 'reopen'; readonly lane: number; readonly attempt: number }
  | { readonly type: 'goodbye' }
  | { readonly type: 'relay' }
  | { readonly type: 'text'; readonly text: string }

/** What the two ends tell each other of one lane. */
export type LaneMessage = Extract<LinkMessage, { lane: number }>

export function encodeLinkMessage(message: LinkMessage): string {
  return JSON.stringify(message)
}

/** Null for anything that is not exactly a link message. */
export function parseLinkMessage(payload: string): LinkMessage | null {
  let json: unknown
  try {
    json = JSON.parse(payload)
  } catch {
    return null
  }
  const result = linkMessageSchema.safeParse(json)
  return result.success ? result.data : null
}
