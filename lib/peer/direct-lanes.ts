import { LANES_MAX } from '@/lib/protocol/congestion/lane-count'

import type { Clock } from './clock'
import type { Lane, OpeningLane, OpenLane } from './lane'
import { FIRST_LANES, LaneSlot, type LaneSlotOptions } from './lane-slot'
import { encodeLinkMessage, type LaneMessage } from './link-message'
import { NoteQueue } from './note-queue'

/** Connections that are made at a time, beyond the first two; one at a time once a lane has failed (see below). */
const OPENING_MAX = 4
/** Making a connection takes 5 to 10 ms of the page's thread: one at a time leaves it free. */
const OPEN_SPACING_MS = 20
/** So many lanes are asked for the round trip: a check may have waited on a busy page, the least counts. */
const RTT_LANES = 4

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

/**
 * The peer connections to one peer, kept open: a lane that is lost is opened again, with growing pauses, for as long
 * as they are wanted.
 *
 * The initiator opens them one after the other. All lanes of a page hide behind the same mDNS names, and
 * Firefox, asked for one name by two connections at once, may answer only one: the other fails after 5 s.
 */
export class DirectLanes {
  readonly #options: DirectLanesOptions
  readonly #slotOptions: LaneSlotOptions
  /** By their numbers. The peer may name one before those that come before it. */
  readonly #slots: (LaneSlot | undefined)[] = []
  /** To be opened as soon as no lane before them is on its way. */
  readonly #waiting = new Set<LaneSlot>()
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
    const { initiator, clock, openLane, onNote, onMessage, onDrained, onPath } = options
    // Only closing the way of a flood ends it: a page that drops each note of it is still busy with them.
    this.#notes = new NoteQueue({ clock, onNote, onFlood: () => this.#slots[0]?.breakOff() })
    this.#slotOptions = {
      ...{ initiator, clock, openLane, onMessage, onDrained, onPath },
      send: (message) => this.#send(message),
      onNote: (note) => this.#notes.add(note),
      onOpen: (slot) => {
        if (slot.lane && slot.index < RTT_LANES) void this.#measureRtt(slot.lane)
        this.#handleLanes()
      },
      onLost: () => {
        this.#openWaiting()
        this.#handleLanes()
      },
      onReplaced: () => this.#handleLanes(),
      onDue: (slot) => this.#reopen(slot),
    }
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
    const slot = this.#slots[index]
    return slot?.isOpen ? slot.lane : null
  }

  /** Some lane has failed several times. */
  get failing(): boolean {
    return this.#there().some((slot) => slot.failures > 1)
  }

  /** Opens all lanes; the answering end only waits for offers. */
  start(): void {
    this.#reopening = true
    if (this.#options.initiator) for (const slot of this.#there()) this.#openSlot(slot)
  }

  /** Stops opening lanes while the peer's signalling is away; open ones stay. */
  pause(): void {
    this.#reopening = false
  }

  /** The peer is reachable again: whatever is not open is tried at once, also what was begun meanwhile. */
  resume(): void {
    this.#reopening = true
    for (const slot of this.#there()) {
      slot.forgetFailures()
      if (slot.isOpen) continue
      if (this.#options.initiator) this.#openSlot(slot)
      else {
        slot.abandon()
        slot.keepAsking()
      }
    }
  }

  /** Sends a note on lane 0; false when there is no way for it. */
  sendNote(note: string): boolean {
    return this.#slots[0]?.lane?.sendNote(note) ?? false
  }

  /** Makes these lanes anew, a few at a time (SPEC LN3); those of a former call that still wait stay as they are. */
  renew(lanes: readonly Lane[]): void {
    this.#worn = this.#there().flatMap(({ lane, index }) =>
      // The first ones carry the notes by which all others are made.
      index >= FIRST_LANES && lane && lanes.includes(lane) ? [index] : [],
    )
    if (this.#worn.length > 0) this.#openLater()
  }

  /** Asks the connection anew how far the peer is; `onRtt` tells. */
  measureRtt(): void {
    const lane = this.#there().find((slot) => slot.isOpen)?.lane
    if (lane && !this.#closed) void this.#measureRtt(lane)
  }

  /** What the other end says of a lane, by a note or by way of signalling. */
  handle(message: LaneMessage): void {
    // One that was closed as surplus, seen from the other end.
    if (message.type === 'reopen' && message.lane >= Math.max(this.#target, this.#slots.length)) return
    const slot = this.#slot(message.lane)
    if (message.type === 'lane') slot.handleSignal(message.attempt, message.signal)
    else if (this.#options.initiator && slot.mayReopen(message.attempt)) this.#openSlot(slot)
  }

  close(): void {
    this.#closed = true
    this.#cancelSpacing?.()
    this.#notes.clear()
    this.#open = []
    for (const slot of this.#there()) slot.close()
  }

  /** The slots that there are, in the order of their numbers. */
  #there(): LaneSlot[] {
    return this.#slots.filter((slot) => slot !== undefined)
  }

  /** The first number that no slot has. */
  #nextIndex(): number {
    const free = this.#slots.findIndex((slot) => slot === undefined)
    return free < 0 ? this.#slots.length : free
  }

  #slot(index: number): LaneSlot {
    const slot = this.#slots[index] ?? new LaneSlot(index, this.#slotOptions)
    this.#slots[index] = slot
    return slot
  }

  #closeSurplus(): void {
    for (const slot of this.#slots.splice(this.#target)) {
      if (!slot) continue
      this.#waiting.delete(slot)
      slot.close()
    }
    this.#handleLanes()
  }

  async #measureRtt(lane: OpeningLane): Promise<void> {
    const rttMs = (await lane.measureRtt?.()) ?? null
    if (rttMs !== null && !this.#closed) this.#options.onRtt(rttMs)
  }

  /** The initiator opens one more lane at a time, up to the target, once there is a lane to carry the notes. */
  #openMore(): void {
    const next = this.#nextIndex()
    if (!this.#options.initiator || this.#closed || !this.lane(0) || next >= this.#target) return
    if (this.#slots.slice(0, FIRST_LANES).some((slot) => slot?.isOpening)) return
    if (this.#cancelSpacing || !this.#mayOpen) return
    this.#openSlot(this.#slot(next))
    this.#openLater()
  }

  /** Not too many are on their way. */
  get #mayOpen(): boolean {
    const slots = this.#there()
    const opening = slots.filter((slot) => slot.isOpening).length
    return opening < (slots.some((slot) => slot.failures > 0) ? 1 : OPENING_MAX)
  }

  #renewNext(): void {
    if (this.#worn.length === 0 || this.#closed) return
    if (this.#mayOpen) {
      const slot = this.#slots[this.#worn.shift() ?? 0]
      if (slot?.isOpen) {
        if (this.#options.initiator) this.#openSlot(slot)
        else slot.askToReopen()
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
    this.#open = this.#there().flatMap(({ lane }) => (lane?.isOpen ? [lane] : []))
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

  #openSlot(slot: LaneSlot): void {
    if (this.#slots.slice(0, Math.min(slot.index, FIRST_LANES)).some((before) => before?.isOpening)) {
      this.#waiting.add(slot)
      return
    }
    this.#waiting.delete(slot)
    slot.open()
  }

  #openWaiting(): void {
    const next = this.#there().find((slot) => this.#waiting.has(slot))
    if (next && this.#reopening) this.#openSlot(next)
  }

  #reopen(slot: LaneSlot): void {
    if (slot.lane || this.#closed || !this.#reopening) return
    if (this.#options.initiator) this.#openSlot(slot)
    else slot.keepAsking()
  }
}
