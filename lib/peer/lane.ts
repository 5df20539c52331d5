import type { CarryingPath } from '@/lib/protocol/report'

/** What the protocol needs of one unordered, unreliable channel. */
export interface Lane {
  /** What its packets travel by. */
  readonly path: CarryingPath
  readonly isOpen: boolean
  /** Open as yet, but nothing has come from the other end for seconds: the network may be gone. */
  readonly isDisconnected?: boolean
  /** Bytes handed over and not yet given to the network. */
  readonly bufferedAmount: number
  /** False when the message could not be taken; it is then lost, as on a bad network. */
  send(message: Uint8Array): boolean
  /** Asks for one `onDrained` when no more than `bytes` are buffered. */
  notifyAt(bytes: number): void
  close(): void
}

export interface LaneHandlers {
  /** Also when it can send again, having been open before. */
  readonly onOpen: () => void
  /** The bytes belong to the caller. */
  readonly onMessage: (message: Uint8Array) => void
  readonly onDrained: () => void
  /** Once, whether it was ever open or not. */
  readonly onClose: () => void
  /** Something for the other end of this lane, by way of signalling. */
  readonly onSignal: (signal: LaneSignal) => void
  /** An open lane's packets travel by another path now, or by none for the moment. */
  readonly onPath?: () => void
  /** A note that came beside the messages. */
  readonly onNote: (note: string) => void
}

/** What the two ends of a lane tell each other to connect: SDP, or one ICE candidate. */
export type LaneSignal =
  | { readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback'; readonly sdp: string }
  | {
      readonly type: 'candidate'
      readonly candidate: {
        readonly candidate: string
        readonly sdpMLineIndex: number | null
        readonly sdpMid: string | null
      }
    }

/** A lane that is being opened: fed with the other end's signals until it is open. */
export interface OpeningLane extends Lane {
  handleSignal(signal: LaneSignal): void
  /** What the connection itself knows of the round trip, ms; null when it does not say. */
  measureRtt?(): Promise<number | null>
  /** Sends a short text, reliably and in order, beside the messages; false when there is no way for it. */
  sendNote(note: string): boolean
}

export interface LaneOptions extends LaneHandlers {
  readonly initiator: boolean
  /** Whether this lane carries notes as well; both ends must agree. */
  readonly notes: boolean
}

export type OpenLane = (options: LaneOptions) => OpeningLane
