import type { OutgoingPicture } from '@/lib/image/outgoing-picture'
import type { OwnedClock } from '@/lib/transfer/worker-clock'

import type { Contender } from '../experiment'
import type { LabEnd } from '../messages'
import type { RunResult } from '../results'
import type { TracedPacket } from '../traces'
import type { Screen } from './screen'

/** What both ends of a pair in this page need. */
export interface PairOptions {
  readonly clock: OwnedClock
  /** Where the packets of each end go so that they cross the emulated path. */
  readonly ends: { readonly a: LabEnd; readonly b: LabEnd }
  readonly contender: Contender
}

/** A picture that is measured. */
export interface MeasuredPicture extends OutgoingPicture {
  readonly bytes: Uint8Array
}

/** What a run is: the part of the result that only the contender can say. */
export interface Carried extends Pick<
  RunResult,
  'end' | 'packets' | 'overheadRatio' | 'goodputBytesPerSecond' | 'queueDelayMsP95'
> {
  /** Milliseconds since the send. */
  readonly firstPacketMs: number | null
  readonly exactMs: number | null
  readonly trace: readonly TracedPacket[]
}

/** Two ends in this page, and the emulated path between them; end A sends. One picture after the other. */
export interface Pair {
  /** Resolves when everything that will carry is open, and nothing of an earlier picture is left. */
  ready(signal: AbortSignal): Promise<void>
  /** Carries something else first, so that both ends know their path. */
  warm(signal: AbortSignal, bytes: number, untilMs: number): Promise<void>
  /** Sends the picture and shows on the screen what comes; `deadlineMs` after the send it is over. */
  carry(signal: AbortSignal, picture: MeasuredPicture, screen: Screen, deadlineMs: number): Promise<Carried>
  close(): void
}
