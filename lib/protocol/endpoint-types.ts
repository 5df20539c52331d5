import type { CongestionController } from './congestion/controller'
import type { CancelReason } from './packet/cancel'
import type { Manifest } from './packet/manifest'
import type { Allocate, Assembler } from './rx/assembler'
import type { PacketSink } from './rx/receiver-options'
import type { DecodeJob } from './rx/symbol-collector'
import type { EncodeJob } from './tx/coded-supply'

export interface EndpointOptions {
  /** The largest picture taken, bytes; a larger one is refused and the sender told. */
  readonly maxPictureBytes?: number
  /** Where the lines of the printed stream go. */
  readonly sinkFor?: (transferId: string) => PacketSink
  /** Where the memory of incoming pictures comes from; throws RangeError when there is none left. */
  readonly allocate?: Allocate
  /** What an earlier transfer left of this picture, from whichever peer; it is read, never changed (SPEC RS3). */
  readonly findHeld?: (manifest: Manifest) => Assembler | null
  /** How fast the path to the peer is used by Assured. */
  readonly controller?: CongestionController
  /** False where there is no erasure code: then Assured sends missing chunks again. */
  readonly canCode?: boolean
}

export type EndpointEvent =
  /** A picture was announced and taken on. */
  | { readonly type: 'incoming'; readonly transferId: string }
  /** Digest `receiver(id).assembler.pieces()` and hand the result to `handleDigest`. */
  | { readonly type: 'held'; readonly transferId: string }
  /** All of the preview is here: `receiver(id).extras.preview`, bytes of any kind. */
  | { readonly type: 'preview'; readonly transferId: string }
  /** Make coded symbols and hand them to `handleCoded`. */
  | { readonly type: 'encode'; readonly transferId: string; readonly job: EncodeJob }
  /** Decode a block and hand it to `handleDecoded`. */
  | { readonly type: 'decode'; readonly transferId: string; readonly job: DecodeJob }
  /** This transfer ended by CANCEL, ours or theirs. */
  | {
      readonly type: 'cancelled'
      readonly transferId: string
      readonly direction: 'send' | 'receive'
      readonly code: CancelReason
      readonly limitBytes: number
    }
