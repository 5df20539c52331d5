/** What was on the receiver's screen from `ms` on, small. */
export interface ShownFrame {
  /** Since the send. */
  readonly ms: number
  readonly picture: Blob
}

/** One data packet as both ends saw it; milliseconds since the send. */
export interface TracedPacket {
  readonly sentMs: number
  /** Null: lost. */
  readonly arrivedMs: number | null
  /** It carries what another packet carried before: sent again, or a symbol beyond the picture's own. */
  readonly repair: boolean
  /** It came after one that was sent later. */
  readonly late: boolean
}

/**
 * What a run made in this page leaves beside its result, for the eye: too large for a file. Kept for the last run of each
 * contender, network and picture.
 */
export interface RunTrace {
  /** Of the run. */
  readonly key: string
  readonly frames: readonly ShownFrame[]
  /** Empty where the packets are not ours to see. */
  readonly packets: readonly TracedPacket[]
}
