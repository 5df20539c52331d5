import { encodeEntry, type Entry } from './entry'
import {
  ACK_AFTER_MS,
  ANSWER_CHARS_MAX,
  ANSWER_ENTRIES_MAX,
  FORWARD_AFTER_MS,
  GOSSIP_AFTER_MS,
  MARKS_PER_PEER_MAX,
  SERVED_MS,
} from './limits'
import type { ChatLog } from './log'
import type { PeerState } from './peer-state'
import { keyOf, type Stream } from './stream'
import type { AuthorId } from './types'
import { encodeEntries, encodeFloor, encodeMarks, MARKS_PER_TEXT_MAX, type StreamMark } from './wire'

export interface AntiEntropyOptions {
  /** This device. */
  readonly author: AuthorId
  readonly log: ChatLog
  /** Whom the log is shared with, now. */
  readonly peers: ReadonlyMap<string, PeerState>
  /** 0 to 1. */
  readonly random: () => number
  /** A text for a peer; it may be lost. */
  readonly say: (peer: string, text: string) => void
}

/** About what a mark takes in a text. */
const MARK_CHARS = 96

/**
 * Brings the logs of a room into line (SPEC CH6): pages tell each other by marks how far they have each stream, and
 * who holds what another misses sends it, again after growing pauses until the other says that it is there.
 */
export class AntiEntropy {
  readonly #options: AntiEntropyOptions

  constructor(options: AntiEntropyOptions) {
    this.#options = options
  }

  handleJoined(state: PeerState, now: number): void {
    this.#sayHave(state, this.#visible(state), true)
    state.checkAtMs = now + state.nextPauseMs(this.#options.random)
  }

  /** An entry of our own goes at once to all who may have it. */
  spread(entry: Entry, now: number): void {
    const { author, stream, seq } = entry
    for (const state of this.#options.peers.values()) {
      if (!state.mayHave(entry)) continue
      for (const each of encodeEntries([entry])) this.#options.say(state.peer, each)
      if (state.hasOrIsSent(author, stream, now) === seq)
        state.sent.set(keyOf(author, stream), { next: seq + 1, atMs: now })
      state.checkSoon(now + state.nextPauseMs(this.#options.random))
    }
  }

  /** A peer sent an entry: it hears soon that it need not do so again. */
  acknowledge(state: PeerState, { author, stream }: Entry, now: number): void {
    state.owe(keyOf(author, stream), now + ACK_AFTER_MS)
  }

  /** Who else may have an entry hears that we do, and gets it from us if it does not come otherwise. */
  gossip(entry: Entry, from: PeerState | null, now: number): void {
    for (const state of this.#options.peers.values()) {
      if (!state.mayHave(entry)) continue
      if (state !== from) state.owe(keyOf(entry.author, entry.stream), now + GOSSIP_AFTER_MS)
      if (entry.author !== this.#options.author) state.checkSoon(now + this.#forwardAfterMs())
    }
  }

  /** A stream goes on here after a gap that stays: nobody need send what lies in it. */
  handleSkipped(stream: Stream, now: number): void {
    for (const state of this.#options.peers.values())
      if (state.mayHave(stream)) state.owe(keyOf(stream.author, stream.id), now + ACK_AFTER_MS)
  }

  /** What a peer says it has, and whether it asks for the rest. Returns the marks that were news. */
  handleHave(
    state: PeerState,
    { marks, ask }: { readonly marks: readonly StreamMark[]; readonly ask: boolean },
    now: number,
  ): StreamMark[] {
    const moved = marks.filter(({ author, stream, next }) => {
      const key = keyOf(author, stream)
      // Also of what we do not know yet: when it comes, it need not be sent to who has it.
      if (!state.has.has(key) && state.has.size >= MARKS_PER_PEER_MAX) return false
      if ((state.has.get(key) ?? 0) >= next) return false
      state.has.set(key, next)
      state.movedAtMs.set(key, now)
      return true
    })
    if (moved.length > 0) state.handleProgress()
    state.told = true
    if (ask) {
      const visible = this.#visible(state)
      if (state.answers.take(now, MARK_CHARS * visible.length)) this.#sayHave(state, visible, false)
      this.#sendMissing(state, now, 'first')
      if (this.#misses(state)) state.checkSoon(now + this.#forwardAfterMs())
    } else if (moved.length > 0 && this.#misses(state)) this.#sendMissing(state, now, 'first')
    return moved
  }

  /** Tells a peer what it is owed, and looks at what it seems to miss, each when it is due. */
  handleTimeout(state: PeerState, now: number): void {
    if (now >= state.owedAtMs) this.#payOwed(state)
    if (now >= state.checkAtMs) this.#check(state, now)
  }

  /** Something may have been lost, on one way or the other. */
  #check(state: PeerState, now: number): void {
    state.checkAtMs = Infinity
    const misses = this.#misses(state)
    if (!state.told || misses) {
      this.#sayHave(state, state.told ? [] : this.#visible(state), true)
      if (misses) this.#sendMissing(state, now, 'all')
      state.checkAtMs = now + state.nextPauseMs(this.#options.random)
    }
  }

  #misses(state: PeerState): boolean {
    return this.#options.log
      .streams()
      .some((stream) => state.mayHave(stream) && state.hasOf(stream.author, stream.id) < stream.next)
  }

  /** `first`: what nobody else is to send; `all`: also what nobody else seems to be sending. */
  #sendMissing(state: PeerState, now: number, which: 'first' | 'all'): void {
    const { log, random, say } = this.#options
    const entries: Entry[] = []
    let chars = 0
    let isShort = false
    const streams = log.streams()
    // From anywhere: a stream that it does not take is not to stand before the others.
    const start = Math.floor(random() * streams.length)
    for (const stream of [...streams.slice(start), ...streams.slice(0, start)]) {
      if (!state.mayHave(stream)) continue
      const { author, id, base, next } = stream
      const has = state.hasOf(author, id)
      if (has >= next) continue
      const key = keyOf(author, id)
      const movedAtMs = state.movedAtMs.get(key) ?? state.joinedAtMs
      if (!this.#isFirstFor(state, stream) && (which === 'first' || now < movedAtMs + SERVED_MS)) continue
      if (has < base) say(state.peer, encodeFloor({ author, stream: id, next: base }))
      for (const entry of log.from(stream, state.hasOrIsSent(author, id, now))) {
        const { length } = encodeEntry(entry)
        isShort ||= entries.length >= ANSWER_ENTRIES_MAX || chars > ANSWER_CHARS_MAX
        isShort ||= !state.answered.take(now) || !state.answers.take(now, length)
        if (isShort) break
        entries.push(entry)
        chars += length
        state.sent.set(key, { next: entry.seq + 1, atMs: now })
      }
    }
    for (const text of encodeEntries(entries)) say(state.peer, text)
    if (entries.length > 0 || isShort) state.checkSoon(now + state.nextPauseMs(random))
  }

  /** Of those who may have a stream one sends it: its author, or whoever its name falls on. The others wait. */
  #isFirstFor(state: PeerState, { author, id, to }: Stream): boolean {
    const self = this.#options.author
    if (author === self || to !== null) return true
    const here = new Set([self])
    for (const { identity } of this.#options.peers.values()) here.add(identity)
    here.delete(state.identity)
    if (here.has(author)) return false
    const sorted = [...here].sort()
    return sorted[Number.parseInt(id.slice(0, 8), 16) % sorted.length] === self
  }

  #forwardAfterMs(): number {
    return FORWARD_AFTER_MS * (1 + this.#options.random())
  }

  #payOwed(state: PeerState): void {
    const marks = [...state.owed].flatMap((key) => this.#markOf(key) ?? [])
    state.owed.clear()
    state.owedAtMs = Infinity
    this.#sayHave(state, marks, false)
  }

  #markOf(key: string): StreamMark | null {
    const [author = '', id = ''] = key.split('-')
    const next = this.#options.log.nextOf(author, id)
    return next === null ? null : { author, stream: id, next }
  }

  #visible(state: PeerState): StreamMark[] {
    return this.#options.log
      .streams()
      .filter((stream) => state.mayHave(stream))
      .map(({ author, id, next }) => ({ author, stream: id, next }))
  }

  #sayHave({ peer }: PeerState, marks: readonly StreamMark[], ask: boolean): void {
    for (let at = 0; at < marks.length || at === 0; at += MARKS_PER_TEXT_MAX) {
      const some = marks.slice(at, at + MARKS_PER_TEXT_MAX)
      // It answers once all of it has been told.
      if (some.length > 0 || ask)
        this.#options.say(peer, encodeMarks(some, ask && at + MARKS_PER_TEXT_MAX >= marks.length))
    }
  }
}
