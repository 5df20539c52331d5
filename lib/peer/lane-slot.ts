import type { Clock } from './clock'
import type { LaneSignal, OpeningLane, OpenLane } from './lane'
import type { LaneMessage } from './link-message'

/** Lanes that are opened by way of signalling; the others by notes on lane 0, so that signalling sees one join. */
export const FIRST_LANES = 2

/** A lane that has not opened by then is tried anew: ICE itself gives up only after half a minute. */
const OPEN_TIMEOUT_MS = 15_000
const REOPEN_MIN_MS = 300
const REOPEN_MAX_MS = 5000
/** An attempt this young is not given up because the other end has not heard of it yet. */
const ATTEMPT_CROSSES_MS = 2000
/** Beyond the first two, a lost lane is asked for so often. */
const ASKED_MAX = 6
/** Failures that make the pause before a lane is opened again the longest. */
const FLOOD_FAILURES = 5

/** The same for all lanes to one peer; each says its number. */
export interface LaneSlotOptions {
  /** The initiator makes the offers; the other end answers. */
  readonly initiator: boolean
  readonly clock: Clock
  readonly openLane: OpenLane
  /** Tells the other end of a lane. */
  readonly send: (message: LaneMessage) => void
  readonly onMessage: (lane: number, message: Uint8Array) => void
  /** A note from the peer; not yet trusted. */
  readonly onNote: (note: string) => void
  /** It has room again. */
  readonly onDrained: (lane: number) => void
  /** It carries by another path. */
  readonly onPath: () => void
  readonly onOpen: (slot: LaneSlot) => void
  /** It closed, open or not. `onDue` follows after a pause. */
  readonly onLost: (slot: LaneSlot) => void
  /** It was open, and has made room for a new attempt. */
  readonly onReplaced: () => void
  /** Its pause is over: a lane that is not there may be opened, or asked for, again. */
  readonly onDue: (slot: LaneSlot) => void
}

/**
 * The attempts at one lane, numbered so that both ends mean the same one: what an earlier attempt still says is
 * dropped, and each failure makes the pause before the next attempt longer, 0.3 to 5 s.
 */
export class LaneSlot {
  readonly index: number
  readonly #options: LaneSlotOptions
  #attempt = 0
  #lane: OpeningLane | null = null
  #failures = 0
  #cancelTimer: (() => void) | null = null
  #closed = false

  constructor(index: number, options: LaneSlotOptions) {
    this.index = index
    this.#options = options
  }

  /** Of the newest attempt; null between two. */
  get lane(): OpeningLane | null {
    return this.#lane
  }

  get isOpen(): boolean {
    return this.#lane?.isOpen === true
  }

  /** An attempt is on its way. */
  get isOpening(): boolean {
    return this.#lane !== null && !this.#lane.isOpen
  }

  /** Since it was last open, or they were forgotten. */
  get failures(): number {
    return this.#failures
  }

  forgetFailures(): void {
    this.#failures = 0
  }

  /** Initiator: begins a new attempt in place of a former one. */
  open(): void {
    // Wall-clock milliseconds keep growing over a reload of this page, as a counter would not.
    this.#begin(Math.max(Math.floor(this.#options.clock.now()), this.#attempt + 1))
  }

  /** The other end has lost the lane; ours may still seem open. But what it asks for may be on its way already. */
  mayReopen(knownAttempt: number): boolean {
    if (!this.#lane || knownAttempt >= this.#attempt) return true
    return !this.#lane.isOpen && this.#options.clock.now() - this.#attempt > ATTEMPT_CROSSES_MS
  }

  /** What the other end says to connect in that attempt; the initiator's may be one that is new to this end. */
  handleSignal(attempt: number, signal: LaneSignal): void {
    if (attempt < this.#attempt) return
    if (attempt > this.#attempt) {
      if (this.#options.initiator || signal.type === 'answer') return
      this.#begin(attempt)
    }
    this.#lane?.handleSignal(signal)
  }

  /** Asks the initiator once for a new attempt. */
  askToReopen(): void {
    this.#options.send({ type: 'reopen', lane: this.index, attempt: this.#attempt })
  }

  /** The same, and `onDue` follows if nothing comes of it. */
  keepAsking(): void {
    this.askToReopen()
    this.#failures++
    this.#cancelTimer?.()
    // But not for ever for a lane that the other end may have closed as one too many.
    if (this.index >= FIRST_LANES && this.#failures > ASKED_MAX) return
    this.#dueIn(REOPEN_MAX_MS)
  }

  /** Gives up what is open or on its way; that is a loss as any other. */
  abandon(): void {
    const lane = this.#lane
    this.#lane = null
    lane?.close()
  }

  /** The same for a peer that abuses the lane: the pause before it is opened again is the longest. */
  breakOff(): void {
    this.#failures = FLOOD_FAILURES
    this.#lane?.close()
  }

  /** For good; nothing is told of it. */
  close(): void {
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.abandon()
  }

  #begin(attempt: number): void {
    if (this.#closed) return
    const { index } = this
    const { initiator, clock, openLane, send, onMessage, onNote, onDrained, onPath, onOpen, onReplaced } =
      this.#options
    const former = this.#lane
    const wasOpen = former?.isOpen === true
    this.#lane = null
    this.#cancelTimer?.()
    // Before the former lane closes, so that its end is not taken for the loss of this one.
    this.#attempt = attempt
    former?.close()
    const isCurrent = () => this.#attempt === attempt && !this.#closed
    this.#lane = openLane({
      initiator,
      notes: index === 0,
      onNote: (note) => {
        if (isCurrent()) onNote(note)
      },
      onOpen: () => {
        if (!isCurrent()) return
        this.#cancelTimer?.()
        this.#failures = 0
        onOpen(this)
      },
      onMessage: (message) => {
        if (isCurrent()) onMessage(index, message)
      },
      onDrained: () => {
        if (isCurrent()) onDrained(index)
      },
      onClose: () => {
        if (isCurrent()) this.#handleLost()
      },
      onPath: () => {
        if (isCurrent()) onPath()
      },
      onSignal: (signal) => {
        if (isCurrent()) send({ type: 'lane', lane: index, attempt, signal })
      },
    })
    this.#cancelTimer = clock.schedule(OPEN_TIMEOUT_MS, () => {
      if (!isCurrent() || this.isOpen) return
      // Nothing in all this time says more than a failure in the first second: the person should know now.
      this.#failures++
      this.#lane?.close()
    })
    if (wasOpen) onReplaced()
  }

  #handleLost(): void {
    this.#lane = null
    this.#failures++
    this.#cancelTimer?.()
    this.#dueIn(Math.min(REOPEN_MIN_MS * 2 ** (this.#failures - 1), REOPEN_MAX_MS))
    this.#options.onLost(this)
  }

  #dueIn(delayMs: number): void {
    this.#cancelTimer = this.#options.clock.schedule(delayMs, () => this.#options.onDue(this))
  }
}
