import { LANES_MAX } from '@/lib/protocol/congestion/lane-count'

import type { Clock } from './clock'
import type { Lane, LaneSignal, OpeningLane, OpenLane } from './lane'
import { encodeLinkMessage, type LinkMessage } from './link-message'
import { NoteQueue } from './note-queue'

/** A lane that has not opened by then is tried anew: ICE itself gives up only after half a minute. */
const OPEN_TIMEOUT_MS = 15_000
const REOPEN_MIN_MS = 300
const REOPEN_MAX_MS = 5000
/** An attempt this young is not given up because the other end has not heard of it yet. */
const ATTEMPT_CROSSES_MS = 2000
/** Lanes that are opened by way of signalling; the others by notes on lane 0, so that signalling sees one join. */
const FIRST_LANES = 2
/** Connections that are made at a time, beyond the first two; one at a time once a lane has failed (see below). */
const OPENING_MAX = 4
/** Making a connection takes 5 to 10 ms of the page's thread: one at a time leaves it free. */
const OPEN_SPACING_MS = 20
/** Beyond the first two, a lost lane is asked for so often. */
const ASKED_MAX = 6
/** So many lanes are asked for the round trip: a check may have waited on a busy page, the least counts. */
const RTT_LANES = 4
/** Failures that make the pause before a lane is opened again the longest. */
const FLOOD_FAILURES = 5

export interface DirectLanesOptions {
  /** The initiator makes the offers; the other end answers. */
  readonly initiator: boolean
  readonly clock: Clock
  readonly openLane: OpenLane
  /** Sends a payload to the peer by way of signalling. */
  readonly signal: (payload: string) => void
  readonly onMessage: (lane: number, message: Uint8Array) => void
  /** A note from the peer; not yet trusted. */
  readonly onNote: (note: string) => void
  /** A lane has room again. */
  readonly onDrained: (lane: number) => void
  /** A lane opened or closed. */
  readonly onLanes: () => void
  /** An open lane carries by another path. */
  readonly onPath: () => void
  /** A lane's own measure of the round trip to the peer, ms. */
  readonly onRtt: (rttMs: number) => void
}

/** What the two ends tell each other of one lane. */
export type LaneMessage = Extract<LinkMessage, { lane: number }>

interface Slot {
  attempt: number
  lane: OpeningLane | null
  failures: number
  /** To be opened as soon as no lane before it is on its way. */
  waiting: boolean
  cancelTimer: (() => void) | null
}

/**
 * The peer connections to one peer, kept open: a lane that is lost is opened again, with growing pauses, for as long
 * as they are wanted.
 *
 * The initiator opens them one after the other. All lanes of a page hide behind the same mDNS names, and
 * Firefox, asked for one name by two connections at once, may answer only one: the other fails after 5 s.
 */
export class DirectLanes {
  readonly #options: DirectLanesOptions
  readonly #slots: Slot[] = []
  #open: readonly Lane[] = []
  #target = FIRST_LANES
  #cancelSpacing: (() => void) | null = null
  readonly #notes: NoteQueue
  /** Numbers of the lanes that are to be made anew. */
  #worn: number[] = []
  #closed = false
  #reopening = false

  constructor(options: DirectLanesOptions) {
    this.#options = options
    const { clock, onNote } = options
    this.#notes = new NoteQueue({ clock, onNote, onFlood: () => this.#handleFlood() })
    for (let index = 0; index < FIRST_LANES; index++) this.#slot(index)
  }

  /** In the order of their numbers. */
  get open(): readonly Lane[] {
    return this.#open
  }

  /**
   * How many lanes there should be, at most LANES_MAX; more are opened once the first is there. The last ones are closed
   * when half of them would do: what a path wants goes up and down with what is learned of it.
   */
  setTarget(lanes: number): void {
    this.#target = Math.max(FIRST_LANES, Math.min(lanes, LANES_MAX))
    if (this.#options.initiator && this.#slots.length >= 2 * this.#target) this.#closeSurplus()
    this.#openMore()
  }

  get target(): number {
    return this.#target
  }

  lane(index: number): Lane | null {
    const lane = this.#slots[index]?.lane
    return lane?.isOpen ? lane : null
  }

  /** Some lane has failed several times. */
  get failing(): boolean {
    return this.#slots.some((slot) => slot.failures > 1)
  }

  /** Opens all lanes; the answering end only waits for offers. */
  start(): void {
    this.#reopening = true
    if (this.#options.initiator) this.#slots.forEach((_, index) => this.#openSlot(index))
  }

  /** Stops opening lanes while the peer's signalling is away; open ones stay. */
  pause(): void {
    this.#reopening = false
  }

  /** The peer is reachable again: whatever is not open is tried at once, also what was begun meanwhile. */
  resume(): void {
    this.#reopening = true
    this.#slots.forEach((slot, index) => {
      slot.failures = 0
      if (slot.lane?.isOpen) return
      if (this.#options.initiator) this.#openSlot(index)
      else {
        const opening = slot.lane
        slot.lane = null
        opening?.close()
        this.#askToReopen(index)
      }
    })
  }

  /** Sends a note on lane 0; false when there is no way for it. */
  sendNote(note: string): boolean {
    return this.#slots[0]?.lane?.sendNote(note) ?? false
  }

  /** Makes these lanes anew, a few at a time (SPEC LN3); those of a former call that still wait stay as they are. */
  renew(lanes: readonly Lane[]): void {
    this.#worn = this.#slots.flatMap(({ lane }, index) =>
      // The first ones carry the notes by which all others are made.
      index >= FIRST_LANES && lane && lanes.includes(lane) ? [index] : [],
    )
    if (this.#worn.length > 0) this.#openLater()
  }

  /** Asks the connection anew how far the peer is; `onRtt` tells. */
  measureRtt(): void {
    const lane = this.#slots.find((slot) => slot.lane?.isOpen)?.lane
    if (lane && !this.#closed) void this.#measureRtt(lane)
  }

  /** What the other end says of a lane, by a note or by way of signalling. */
  handle(message: LaneMessage): void {
    // One that was closed as surplus, seen from the other end.
    if (message.type === 'reopen' && message.lane >= Math.max(this.#target, this.#slots.length)) return
    const slot = this.#slot(message.lane)
    if (message.type === 'reopen') {
      if (this.#options.initiator && this.#mayReopen(slot, message.attempt)) this.#openSlot(message.lane)
      return
    }
    if (message.attempt < slot.attempt) return
    if (message.attempt > slot.attempt) {
      if (this.#options.initiator || message.signal.type === 'answer') return
      this.#begin(message.lane, message.attempt)
    }
    slot.lane?.handleSignal(message.signal)
  }

  close(): void {
    this.#closed = true
    this.#cancelSpacing?.()
    this.#notes.clear()
    this.#open = []
    for (const slot of this.#slots) {
      slot.cancelTimer?.()
      slot.cancelTimer = null
      const lane = slot.lane
      slot.lane = null
      lane?.close()
    }
  }

  /** The other end has lost the lane; ours may still seem open. But what it asks for may be on its way already. */
  #mayReopen(slot: Slot, knownAttempt: number): boolean {
    if (!slot.lane || knownAttempt >= slot.attempt) return true
    return !slot.lane.isOpen && this.#options.clock.now() - slot.attempt > ATTEMPT_CROSSES_MS
  }

  #slot(index: number): Slot {
    const slot = this.#slots[index] ?? {
      attempt: 0,
      lane: null,
      failures: 0,
      waiting: false,
      cancelTimer: null,
    }
    this.#slots[index] = slot
    return slot
  }

  #closeSurplus(): void {
    for (const slot of this.#slots.splice(this.#target)) {
      slot.cancelTimer?.()
      const { lane } = slot
      slot.lane = null
      slot.attempt = Infinity
      lane?.close()
    }
    this.#handleLanes()
  }

  async #measureRtt(lane: OpeningLane): Promise<void> {
    const rttMs = (await lane.measureRtt?.()) ?? null
    if (rttMs !== null && !this.#closed) this.#options.onRtt(rttMs)
  }

  /** The initiator opens one more lane at a time, up to the target, once there is a lane to carry the notes. */
  #openMore(): void {
    if (!this.#options.initiator || this.#closed || !this.lane(0) || this.#slots.length >= this.#target)
      return
    if (this.#slots.slice(0, FIRST_LANES).some((slot) => slot.lane && !slot.lane.isOpen)) return
    if (this.#cancelSpacing || !this.#mayOpen) return
    this.#openSlot(this.#slots.length)
    this.#openLater()
  }

  /** Not too many are on their way. */
  get #mayOpen(): boolean {
    const opening = this.#slots.filter((slot) => slot.lane && !slot.lane.isOpen).length
    return opening < (this.#slots.some((slot) => slot.failures > 0) ? 1 : OPENING_MAX)
  }

  #renewNext(): void {
    if (this.#worn.length === 0 || this.#closed) return
    if (this.#mayOpen) {
      const index = this.#worn.shift() ?? 0
      const slot = this.#slots[index]
      if (slot?.lane?.isOpen) {
        if (this.#options.initiator) this.#openSlot(index)
        else this.#send({ type: 'reopen', lane: index, attempt: slot.attempt })
      }
    }
    this.#openLater()
  }

  #openLater(): void {
    this.#cancelSpacing ??= this.#options.clock.schedule(OPEN_SPACING_MS, () => {
      this.#cancelSpacing = null
      this.#openWaiting()
      this.#openMore()
      this.#renewNext()
    })
  }

  #handleLanes(): void {
    this.#open = this.#slots.flatMap(({ lane }) => (lane?.isOpen ? [lane] : []))
    this.#options.onLanes()
    // Not at once: that a peer can be reached now is to be on the screen before the page makes the next connection.
    this.#openLater()
  }

  /** By a note on lane 0 where that can be, else by way of signalling. */
  #send(message: LaneMessage): void {
    const payload = encodeLinkMessage(message)
    const noted = message.lane >= FIRST_LANES && this.sendNote(payload)
    if (!noted) this.#options.signal(payload)
  }

  #openSlot(index: number): void {
    const slot = this.#slot(index)
    slot.waiting = this.#slots.slice(0, Math.min(index, FIRST_LANES)).some((s) => s.lane && !s.lane.isOpen)
    if (slot.waiting) return
    // Wall-clock milliseconds keep growing over a reload of this page, as a counter would not.
    this.#begin(index, Math.max(Math.floor(this.#options.clock.now()), slot.attempt + 1))
  }

  #begin(index: number, attempt: number): void {
    const slot = this.#slots[index]
    if (!slot || this.#closed) return
    const { initiator, clock, openLane, onDrained } = this.#options
    const former = slot.lane
    const wasOpen = former?.isOpen === true
    slot.lane = null
    slot.cancelTimer?.()
    // Before the former lane closes, so that its end is not taken for the loss of this one.
    slot.attempt = attempt
    former?.close()
    const isCurrent = () => slot.attempt === attempt && !this.#closed
    const lane = openLane({
      initiator,
      notes: index === 0,
      onNote: (note) => {
        if (isCurrent()) this.#notes.add(note)
      },
      onOpen: () => {
        if (!isCurrent()) return
        slot.cancelTimer?.()
        slot.failures = 0
        if (index < RTT_LANES) void this.#measureRtt(lane)
        this.#handleLanes()
      },
      onMessage: (message) => {
        if (isCurrent()) this.#options.onMessage(index, message)
      },
      onDrained: () => {
        if (isCurrent()) onDrained(index)
      },
      onClose: () => {
        if (isCurrent()) this.#handleLost(index)
      },
      onPath: () => {
        if (isCurrent()) this.#options.onPath()
      },
      onSignal: (signal: LaneSignal) => {
        if (isCurrent()) this.#send({ type: 'lane', lane: index, attempt, signal })
      },
    })
    slot.lane = lane
    slot.cancelTimer = clock.schedule(OPEN_TIMEOUT_MS, () => {
      if (!isCurrent() || slot.lane?.isOpen) return
      // Nothing in all this time says more than a failure in the first second: the person should know now.
      slot.failures++
      slot.lane?.close()
    })
    if (wasOpen) this.#handleLanes()
  }

  /** Only closing the way of a flood ends it: a page that drops each note of it is still busy with them. */
  #handleFlood(): void {
    const [first] = this.#slots
    if (!first) return
    first.failures = FLOOD_FAILURES
    first.lane?.close()
  }

  #handleLost(index: number): void {
    const slot = this.#slots[index]
    if (!slot) return
    slot.lane = null
    slot.failures++
    slot.cancelTimer?.()
    const delayMs = Math.min(REOPEN_MIN_MS * 2 ** (slot.failures - 1), REOPEN_MAX_MS)
    slot.cancelTimer = this.#options.clock.schedule(delayMs, () => this.#reopen(index))
    this.#openWaiting()
    this.#handleLanes()
  }

  #openWaiting(): void {
    const next = this.#slots.findIndex((slot) => slot.waiting)
    if (next >= 0 && this.#reopening) this.#openSlot(next)
  }

  #reopen(index: number): void {
    const slot = this.#slots[index]
    if (!slot || slot.lane || this.#closed || !this.#reopening) return
    if (this.#options.initiator) this.#openSlot(index)
    else this.#askToReopen(index)
  }

  #askToReopen(index: number): void {
    const slot = this.#slot(index)
    this.#send({ type: 'reopen', lane: index, attempt: slot.attempt })
    // If nothing comes of it, ask again.
    slot.failures++
    slot.cancelTimer?.()
    // But not for ever for a lane that the other end may have closed as one too many.
    if (index >= FIRST_LANES && slot.failures > ASKED_MAX) return
    slot.cancelTimer = this.#options.clock.schedule(REOPEN_MAX_MS, () => this.#reopen(index))
  }
}
