/** What one feedback says of the path, in the sender's terms. */
export interface PathSample {
  readonly now: number
  /** Time by the receiver's clock since its last feedback for the same transfer; 0 for the first. */
  readonly receiverSpanMs: number
  /** Between the sending of the newest packet that it knows of and of the one that the last feedback knew of. */
  readonly senderSpanMs: number
  /** Newly known to have arrived. */
  readonly arrivedPackets: number
  readonly arrivedBytes: number
  /** Newly taken for lost; below zero when some that were have arrived after all. */
  readonly lostPackets: number
  /** Least queueing delay in that span. */
  readonly queueDelayMs: number
  /** Null when the echo says nothing. */
  readonly rttMs: number | null
}

/**
 * How fast one path is used (SPEC CC). One controller a peer: all its transfers share it, and what it has learned
 * serves the next picture. Bytes are those of whole packets of ours, without the headers below.
 */
export interface CongestionController {
  handleSent(bytes: number, now: number): void
  handleFeedback(sample: PathSample): void
  /** No feedback came although packets are under way. */
  handleSilence(now: number): void
  /** Lanes were lost and opened anew, maybe over another network: what is known of the path counts no more. */
  handleOtherPath?(now: number): void
  /** A round trip measured by something else than a picture. */
  handleRtt(rttMs: number): void
  /** Whether a packet of that many bytes may leave now. */
  maySend(bytes: number, now: number): boolean
  /** When it may; not before the last time it was asked. */
  nextSendAt(bytes: number): number
  readonly rateBytesPerMs: number
  /** Share of packets that are lost on the way, 0 to 1, of the last few hundred. */
  readonly lossRate: number
  /** Some feedback has come: the loss rate is one that was seen. */
  readonly measured: boolean
  readonly minRttMs: number | null
  /** The queueing delays of the last feedbacks, for the report; ms. */
  readonly queueDelaysMs: readonly number[]
}
