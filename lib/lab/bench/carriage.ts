import type { OutgoingPicture } from '@/lib/image/outgoing-picture'
import type { Clock } from '@/lib/peer/clock'

import type { Contender } from '../experiment'
import type { LabEnd } from '../messages'
import type { RunResult } from '../results'
import type { TracedPacket } from '../traces'
import type { PacketArrival, SentPacket } from './packet-recorder'
import type { Screen } from './screen'

/** What either end of a contender's connections needs. */
export interface EndOptions {
  readonly clock: Clock
  readonly contender: Contender
  /** Where this end's packets go so that they cross the emulated path. */
  readonly through: LabEnd
  /** Tells the other end how to connect. */
  readonly signal: (signal: string) => void
}

/** A picture that is measured. */
export interface MeasuredPicture extends OutgoingPicture {
  readonly bytes: Uint8Array
}

/** One picture, or noise that warms a connection up; its number is new to the connection. */
export interface OutgoingRun {
  readonly number: number
  readonly picture: MeasuredPicture
  readonly isWarming: boolean
  /** Everything has been handed to the connection. */
  readonly onHandedOver: () => void
}

/** A picture that is ready to be sent. */
export interface Outgoing {
  /** Sends it now; times count from there. */
  start(now: number): void
  /** What has not been sent by now is not sent. */
  stop(): void
  /** Its data packets, once it was started; none where they are not ours to see. */
  sent(): readonly SentPacket[]
}

/** The end of a contender's connections that sends, in the page of the lab. One picture after the other. */
export interface SendingEnd {
  handleSignal(signal: string): void
  /** Resolves when everything that will carry is open here and, as `receiver` says, there. */
  ready(signal: AbortSignal, receiver: () => Promise<void>): Promise<void>
  prepare(run: OutgoingRun): Promise<Outgoing>
  close(): void
}

/** What the receiving end knows of a run before anything of it comes. */
export interface IncomingRun {
  readonly number: number
  /** Of the picture or noise. */
  readonly byteCount: number
  /** Null: it only warms up. */
  readonly picture: Pick<MeasuredPicture, 'type' | 'bytes'> | null
  readonly screen: Pick<Screen, 'show' | 'showFrame' | 'moments'> | null
  /** Nothing more is to be waited for. */
  readonly onOver: () => void
}

/** What became of a picture; milliseconds since `expect`. */
export interface Received extends Pick<
  RunResult,
  'end' | 'packets' | 'overheadRatio' | 'goodputBytesPerSecond' | 'queueDelayMsP95'
> {
  readonly firstPacketMs: number | null
  readonly exactMs: number | null
  readonly arrivals: readonly PacketArrival[]
}

/** A picture that is expected. */
export interface Incoming {
  /** The other end has handed everything to its connection. */
  handleHandedOver(): void
  /** No more is taken, and what came is drawn; `inTime`: it was over before its deadline. */
  finish(signal: AbortSignal, inTime: boolean): Promise<Received>
}

/** The end that receives, in the same page or on another device. */
export interface ReceivingEnd {
  handleSignal(signal: string): void
  /** How many lanes the other end wants; only Shoal's own contenders have any. */
  setLanes(lanes: number): void
  /** Resolves when everything that will carry is open here, and nothing of an earlier picture is left. */
  ready(signal: AbortSignal): Promise<void>
  /** What comes from now on is of this run. */
  expect(run: IncomingRun): Incoming
  close(): void
}

/** What a run is: the part of the result that its two ends can say, in milliseconds since the send. */
export interface Carried extends Pick<
  RunResult,
  'end' | 'packets' | 'overheadRatio' | 'goodputBytesPerSecond' | 'queueDelayMsP95' | 'samples' | 'longTasks'
> {
  readonly firstPacketMs: number | null
  readonly firstPreviewMs: number | null
  readonly exactMs: number | null
  readonly trace: readonly TracedPacket[]
  readonly frames: readonly { readonly ms: number; readonly picture: Blob }[]
}
