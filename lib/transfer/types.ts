import type { ErrorCode } from '@/lib/protocol/errors'
import type { ImageType, TransferMode, TransferReport } from '@/lib/protocol/report'

import type { PacketLog } from './packet-log'
import type { Sight } from './picture-sight'

export type { OutgoingPicture } from '@/lib/image/outgoing-picture'

export type TransferState =
  /** armed or announced, the other side has not answered yet */
  'waiting' | 'sending' | 'receiving' | 'repairing' | 'done' | 'incomplete' | 'failed' | 'cancelled'

/** What both sides show while packets move; every figure is the receiver's own count, as last heard. */
export interface TransferProgress {
  /** Data packets handed to the network so far (the sender's count; on the receiver the highest number seen + 1). */
  readonly packetsSent: number
  readonly packetsReceived: number
  /** Loss among the packets known to be sent, 0 to 100; null before anything is known. */
  readonly lossPercent: number | null
  readonly duplicates: number
  /** Distinct chunks the receiver holds, of `chunks`. */
  readonly chunksHeld: number
  readonly chunks: number
  /** Over the last second or so; 0 when nothing moves. */
  readonly bytesPerSecond: number
  /** null while unknown. */
  readonly secondsLeft: number | null
  readonly repairRounds: number
}

/** The picture as the receiver holds it. */
export interface ReceivedPicture {
  /**
   * Object URL for an <img>; when incomplete, of the intact beginning only. null: nothing can be shown, or a heavy
   * picture is not drawn yet.
   */
  readonly url: string | null
  /** What `url` shows is a light copy. */
  readonly isCopy: boolean
  /** Object URL and name of the file that Save downloads: exactly the bytes held, holes as zero bytes. */
  readonly fileUrl: string
  readonly fileName: string
  readonly sha256: string
  readonly complete: boolean
}

/** One picture to or from one peer. A new object when something changed, and the same one when nothing did. */
export interface TransferView {
  /** Unique on this page: `${peerId}:${transferId}`. */
  readonly key: string
  readonly transferId: string
  readonly direction: 'send' | 'receive'
  readonly peerId: string
  readonly peerName: string
  readonly state: TransferState
  readonly errorCode: ErrorCode | null
  /** Under way, and no lane to the peer is open: it goes on as soon as one is. */
  readonly interrupted: boolean
  /** It finished before the page was loaded anew. */
  readonly kept: boolean
  readonly mode: TransferMode
  readonly name: string
  readonly type: ImageType
  readonly bytes: number
  readonly width: number
  readonly height: number
  /** 1 grey, 3 colour, 4 colour and alpha or CMYK. */
  readonly channels: number
  readonly startedAtMs: number
  readonly progress: TransferProgress
  /** Non-null only when final. */
  readonly report: TransferReport | null
  /** Receiver only. */
  readonly picture: ReceivedPicture | null
  /** Receiver only: what can be seen before the picture is whole. */
  readonly sight: Sight | null
  /** Receiver only: one entry a packet, append-only; read it on each change of the view. */
  readonly packetLog: PacketLog | null
  /** A picture with holes whose sender is still there. */
  readonly canRepair: boolean
}
