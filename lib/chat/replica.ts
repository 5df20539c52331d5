import { decodeEntry, encodeEntry, type Entry, type EntryBody, idOf, signedText } from './entry'
import { inertName, inertText } from './inert-text'
import {
  ACK_AFTER_MS,
  ANSWER_CHARS_MAX,
  ANSWER_ENTRIES_MAX,
  AUTHORS_MAX,
  BODY_CHARS_TOTAL_MAX,
  ENTRIES_MAX,
  ENTRY_MAX_CHARS,
  FLOOR_DOUBTED_MS,
  FLOOR_WAIT_MS,
  FORWARD_AFTER_MS,
  FUTURE_MAX_MS,
  GOSSIP_AFTER_MS,
  MARKS_PER_PEER_MAX,
  ON_ITS_WAY_MS,
  SERVED_MS,
  TYPING_EVERY_MS,
  TYPING_SHOWN_MS,
} from './limits'
import { ChatLog, type Stream } from './log'
import { isMentioned } from './mentions'
import { PeerState } from './peer-state'
import { Timeline } from './timeline'
import type { AuthorId, ChatPicture, ChatState, MessageId } from './types'
import {
  encodeEntries,
  encodeFloor,
  encodeMarks,
  encodeTyping,
  isChatText,
  MARKS_PER_TEXT_MAX,
  parseChatText,
} from './wire'
import type { StreamMark } from './wire'

/** What the core does not do itself: it has no packages. All of it is quick and says the same each time. */
export interface ChatCrypto {
  /** Ed25519 over the text's UTF-8, base64url. */
  sign(text: string): string
  verify(author: AuthorId, text: string, signature: string): boolean
  /** SHA-256 over the text's UTF-8, 64 hex digits. */
  hash(text: string): string
}

export interface ChatReplicaOptions {
  readonly room: string
  /** This device. */
  readonly author: AuthorId
  readonly crypto: ChatCrypto
  /** 16 fresh hex digits. */
  readonly newStream: () => string
  /** 0 to 1. */
  readonly random: () => number
  /** As the others know us now. */
  readonly name: () => string
}

/** What a history store should hold. */
export interface StoredEntry {
  readonly id: string
  readonly text: string
  /** It is there under this id, and its author has taken it back. */
  readonly replaces: boolean
}

export interface Outgoing {
  readonly peer: string
  readonly text: string
}

/** Why something was not taken. */
export interface ChatDropped {
  /** No text of the chat's, or a broken one. */
  readonly unreadable: number
  /** Not signed by who it says, or of another room. */
  readonly forged: number
  /** Another entry in the same place, or against its author's own order. */
  readonly contradicting: number
  /** Private, and not between the two. */
  readonly misplaced: number
  /** More than is taken in a while, or at all. */
  readonly flood: number
}

const STREAM_ALL = ''

/** About what a mark takes in a text. */
const MARK_CHARS = 96

/** Who says that the beginning of a stream is gone, and where what they have begins. */
interface Floors {
  readonly stream: Stream
  readonly sinceMs: number
  dueAtMs: number
  /** Where the stream stood here. */
  readonly next: number
  readonly told: Map<string, number>
}

/**
 * This page's copy of what is said in one room (SPEC CH). Sans-IO: texts of the other pages go in with the time,
 * texts for them are polled. What the way loses is sent again; what is here is told to who may have it.
 */
export class ChatReplica {
  readonly #options: ChatReplicaOptions
  readonly #log = new ChatLog((author) => this.#isHere(author))
  readonly #timeline: Timeline
  readonly #peers = new Map<string, PeerState>()
  /** By whom an entry is for; everyone has the empty name. */
  readonly #own = new Map<string, { readonly stream: string; next: number }>()
  readonly #outgoing: Outgoing[] = []
  readonly #stored: StoredEntry[] = []
  /** Beginnings that peers no longer have, by stream and peer. */
  readonly #floors = new Map<string, Floors>()
  readonly #dropped = { unreadable: 0, forged: 0, contradicting: 0, misplaced: 0, flood: 0 }
  /** Who has been seen with entries for everyone; for the count of who has a message. */
  readonly #known = new Map<AuthorId, Map<string, number>>()
  #clock = 0
  #typingSentAtMs = -Infinity
  #unread = 0
  #unreadMentions = 0
  #state: ChatState | null = null

  constructor(options: ChatReplicaOptions) {
    this.#options = options
    this.#timeline = new Timeline(options.author)
  }

  get dropped(): ChatDropped {
    return { ...this.#dropped }
  }

  get state(): ChatState {
    this.#state ??= {
      messages: this.#timeline.messages,
      typing: this.#typing,
      unread: this.#unread,
      unreadMentions: this.#unreadMentions,
      keptHere: false,
    }
    return this.#state
  }

  /** Null when it makes no message: nothing in it, or too much. */
  send(
    what: { readonly text: string } | { readonly picture: ChatPicture },
    to: AuthorId | null,
    now: number,
  ): MessageId | null {
    if ('picture' in what) return this.#write({ type: 'picture', picture: what.picture }, to, now)
    const text = inertText(what.text)
    return text === null ? null : this.#write({ type: 'text', text }, to, now)
  }

  /** False when it is not one's own, or already taken back. */
  deleteForAll(id: MessageId, now: number): boolean {
    const message = this.#timeline.find(id)
    if (!message?.own || message.deleted) return false
    return this.#write({ type: 'delete', id }, message.to, now) !== null
  }

  /** On this page alone, also when it comes again. */
  deleteForMe(id: MessageId): void {
    if (!this.#timeline.hide(id)) return
    this.#stored.push(hiddenToStored(id))
    this.#changed()
  }

  markRead(): void {
    if (this.#unread === 0) return
    this.#unread = 0
    this.#unreadMentions = 0
    this.#changed()
  }

  handleTyping(now: number): void {
    if (now - this.#typingSentAtMs < TYPING_EVERY_MS) return
    this.#typingSentAtMs = now
    for (const { peer } of this.#peers.values()) this.#say(peer, encodeTyping())
  }

  /** Another page whose device is proved; it may be told what is for everyone, and what is between us. */
  handlePeerJoined(peer: string, identity: AuthorId, name: string, now: number): void {
    // What it had before it was away it may have lost with its page: it says so itself.
    const state = new PeerState(peer, identity, name, now)
    this.#peers.set(peer, state)
    this.#sayHave(state, this.#visible(state), true)
    state.checkAtMs = now + state.nextPauseMs(this.#options.random)
    this.#changed()
  }

  handlePeerLeft(peer: string): void {
    if (this.#peers.delete(peer)) this.#changed()
  }

  /** A text of a peer's. False when it is none of the chat's. */
  handleText(peer: string, text: string, now: number): boolean {
    if (!isChatText(text)) return false
    const state = this.#peers.get(peer)
    if (!state) return true
    // Before it is read: reading is what a flood would have us do.
    if (!state.texts.take(now)) {
      this.#dropped.flood++
      return true
    }
    const message = parseChatText(text)
    if (message === 'invalid') this.#dropped.unreadable++
    else if (message.type === 'entries')
      for (const entry of message.entries) this.#handleEntry(state, entry, now)
    else if (message.type === 'have') this.#handleHave(state, message, now)
    else if (message.type === 'floor') this.#handleFloor(state, message.mark, now)
    else {
      state.typingAtMs = now
      this.#changed()
    }
    return true
  }

  handleTimeout(now: number): void {
    for (const state of this.#peers.values()) {
      if (now >= state.owedAtMs) this.#payOwed(state)
      if (now >= state.checkAtMs) this.#check(state, now)
      if (state.typingAtMs > -Infinity && now >= state.typingAtMs + TYPING_SHOWN_MS) {
        state.typingAtMs = -Infinity
        this.#changed()
      }
    }
    for (const [key, floors] of this.#floors) {
      if (now < floors.dueAtMs) continue
      if (this.#settleFloors(floors, now)) this.#floors.delete(key)
    }
  }

  /** When `handleTimeout` is due; null for never. */
  pollTimeout(): number | null {
    let due = Infinity
    for (const state of this.#peers.values()) {
      due = Math.min(due, state.owedAtMs, state.checkAtMs)
      if (state.typingAtMs > -Infinity) due = Math.min(due, state.typingAtMs + TYPING_SHOWN_MS)
    }
    for (const { dueAtMs } of this.#floors.values()) due = Math.min(due, dueAtMs)
    return due === Infinity ? null : due
  }

  /** The next text for another page. It may be lost. */
  pollSend(): Outgoing | null {
    return this.#outgoing.shift() ?? null
  }

  /** Everything that a history store should hold, when it begins to. */
  entries(): StoredEntry[] {
    const entries = this.#log.streams().flatMap((stream) => stream.entries.map(toStored))
    return [...entries, ...this.#timeline.hidden.map(hiddenToStored)]
  }

  /** What a history store should take since the last call, in order. */
  pollStored(): StoredEntry[] {
    return this.#stored.splice(0)
  }

  /** What a history store held of this room; it was looked at when it came, and is not verified again. */
  restore(texts: readonly string[], now: number): void {
    const entries: Entry[] = []
    for (const text of texts) {
      const entry = decodeEntry(text)
      if (entry) entries.push(entry)
      else this.#restoreHidden(text)
    }
    this.#log.restore(entries)
    this.#showPlaced('restored', now)
  }

  #write(body: EntryBody, to: AuthorId | null, now: number): MessageId | null {
    const { author, room, crypto, newStream } = this.#options
    const name = inertName(this.#options.name())
    // A digest stays when the body is taken back: without the salt, guesses could be tried on it.
    const text = JSON.stringify({ ...body, salt: newStream() + newStream() })
    if (name === null || text.length > ENTRY_MAX_CHARS) return null
    const own = this.#own.get(to ?? STREAM_ALL) ?? { stream: newStream(), next: 0 }
    this.#own.set(to ?? STREAM_ALL, own)
    this.#clock = Math.max(Math.floor(now), this.#clock + 1)
    const unsigned = {
      ...{ author, stream: own.stream, seq: own.next, time: this.#clock, name, to },
      digest: crypto.hash(text),
    }
    const entry: Entry = { ...unsigned, signature: crypto.sign(signedText(room, unsigned)), body: text }
    if (this.#log.add(entry) !== 'placed') return null
    own.next++
    this.#showPlaced(null, now)
    for (const state of this.#peers.values()) {
      if (!mayHave(state, entry)) continue
      for (const each of encodeEntries([entry])) this.#say(state.peer, each)
      const key = keyOf(entry.author, entry.stream)
      if (onItsWay(state, key, hasOf(state, entry.author, entry.stream), now) === entry.seq)
        state.sent.set(key, { next: own.next, atMs: now })
      this.#checkSoon(state, now + state.nextPauseMs(this.#options.random))
    }
    this.#countDelivered([keyOf(entry.author, entry.stream)])
    return idOf(entry)
  }

  #handleEntry(state: PeerState, entry: Entry, now: number): void {
    if (!mayHave(state, entry) || (entry.to !== null && !this.#isOurs(entry))) {
      this.#dropped.misplaced++
      return
    }
    const key = keyOf(entry.author, entry.stream)
    this.#owe(state, key, now + ACK_AFTER_MS)
    const next = this.#log.nextOf(entry.author, entry.stream)
    const isKnown = next !== null && entry.seq < next
    if (!isKnown && !this.#isGenuine(state, entry, now)) return
    const taken = this.#log.add(entry)
    if (taken === 'contradicts' || taken === 'invalid') this.#dropped.contradicting++
    else if (taken === 'full') this.#dropped.flood++
    // Our own, from before this page was loaded: what we write now comes after it.
    else if (taken === 'placed' || taken === 'held') {
      this.#clock = Math.max(this.#clock, Math.min(entry.time, Math.floor(now) + FUTURE_MAX_MS))
      this.#showPlaced(state, now)
    }
  }

  /** Between us and one other. */
  #isOurs({ author, to }: Entry): boolean {
    return author === this.#options.author || to === this.#options.author
  }

  #isGenuine(state: PeerState, entry: Entry, now: number): boolean {
    if (!state.entries.take(now)) {
      this.#dropped.flood++
      return false
    }
    const { crypto, room } = this.#options
    const fits = entry.body === null || crypto.hash(entry.body) === entry.digest
    if (fits && crypto.verify(entry.author, signedText(room, entry), entry.signature)) return true
    this.#dropped.forged++
    return false
  }

  #showPlaced(from: PeerState | 'restored' | null, now: number): void {
    const names = [...this.#peers.values()].map(({ name }) => name)
    const isNameOurs = (text: string) => isMentioned(text, this.#options.name(), names)
    for (const { entry, body } of this.#log.takePlaced()) {
      // Who has said it is no longer writing it.
      for (const state of this.#peers.values())
        if (state.identity === entry.author) state.typingAtMs = -Infinity
      const message = this.#timeline.add(entry, body, isNameOurs, now)
      if (from !== 'restored') this.#stored.push(toStored(entry))
      if (entry.author === this.#options.author) this.#clock = Math.max(this.#clock, entry.time)
      if (message && !message.own && !message.deleted && from !== 'restored') {
        this.#unread++
        if (message.mentionsMe) this.#unreadMentions++
      }
      this.#gossip(entry, from, now)
    }
    for (const entry of this.#log.takeEmptied()) {
      this.#timeline.handleDeleted(idOf(entry))
      this.#stored.push({ ...toStored(entry), replaces: true })
    }
    this.#timeline.forget(this.#log.takeForgotten())
    this.#timeline.keep(ENTRIES_MAX, BODY_CHARS_TOTAL_MAX)
    this.#changed()
  }

  /** Who else may have it hears that we do, and gets it from us if it does not come otherwise. */
  #gossip(entry: Entry, from: PeerState | 'restored' | null, now: number): void {
    for (const state of this.#peers.values()) {
      if (!mayHave(state, entry)) continue
      if (state !== from) this.#owe(state, keyOf(entry.author, entry.stream), now + GOSSIP_AFTER_MS)
      if (entry.author !== this.#options.author)
        this.#checkSoon(state, now + FORWARD_AFTER_MS * (1 + this.#options.random()))
    }
  }

  #handleHave(
    state: PeerState,
    { marks, ask }: { readonly marks: readonly StreamMark[]; readonly ask: boolean },
    now: number,
  ): void {
    const moved: string[] = []
    for (const { author, stream, next } of marks) {
      const key = keyOf(author, stream)
      // Also of what we do not know yet: when it comes, it need not be sent to who has it.
      if (!state.has.has(key) && state.has.size >= MARKS_PER_PEER_MAX) continue
      if ((state.has.get(key) ?? 0) >= next) continue
      state.has.set(key, next)
      state.movedAtMs.set(key, now)
      moved.push(key)
      if (author === this.#options.author) this.#noteKnown(state.identity, key, next)
    }
    if (moved.length > 0) state.handleProgress()
    state.told = true
    this.#countDelivered(moved)
    if (ask) {
      const visible = this.#visible(state)
      if (state.answers.take(now, MARK_CHARS * visible.length)) this.#sayHave(state, visible, false)
      this.#sendMissing(state, now, 'first')
      if (this.#misses(state)) this.#checkSoon(state, now + FORWARD_AFTER_MS * (1 + this.#options.random()))
    } else if (moved.length > 0 && this.#misses(state)) this.#sendMissing(state, now, 'first')
  }

  #handleFloor({ peer }: PeerState, { author, stream: id, next }: StreamMark, now: number): void {
    const stream = this.#log.find(author, id)
    if (!stream || stream.next >= next) return
    const key = keyOf(author, id)
    const floors = this.#floors.get(key) ?? {
      ...{ stream, sinceMs: now, dueAtMs: now + FLOOR_WAIT_MS, next: stream.next },
      told: new Map<string, number>(),
    }
    floors.told.set(peer, next)
    this.#floors.set(key, floors)
  }

  /**
   * Leaves a beginning out when it has to be: only up to an entry that is here, signed by its author, and while
   * somebody else seems to have what is missing, only after a long wait. A lie gains nothing. True when it is done with.
   */
  #settleFloors(floors: Floors, now: number): boolean {
    const { stream, told, sinceMs } = floors
    const next = Math.min(...[...told.values()].filter((each) => stream.held.has(each)))
    // It went on by itself, or nothing follows: whoever still means it says so again.
    if (stream.next > floors.next || next === Infinity) return true
    const key = keyOf(stream.author, stream.id)
    const doubted = [...this.#peers.values()].some(
      ({ peer, has }) => !told.has(peer) && (has.get(key) ?? 0) > stream.next,
    )
    if (doubted && now < sinceMs + FLOOR_DOUBTED_MS) {
      floors.dueAtMs = now + FLOOR_WAIT_MS
      return false
    }
    this.#log.skipTo(stream, next)
    for (const state of this.#peers.values())
      if (mayHave(state, stream)) this.#owe(state, key, now + ACK_AFTER_MS)
    this.#showPlaced(null, now)
    return true
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
    return this.#log
      .streams()
      .some((stream) => mayHave(state, stream) && hasOf(state, stream.author, stream.id) < stream.next)
  }

  /** `first`: what nobody else is to send; `all`: also what nobody else seems to be sending. */
  #sendMissing(state: PeerState, now: number, which: 'first' | 'all'): void {
    const entries: Entry[] = []
    let chars = 0
    let isShort = false
    const streams = this.#log.streams()
    // From anywhere: a stream that it does not take is not to stand before the others.
    const start = Math.floor(this.#options.random() * streams.length)
    for (const stream of [...streams.slice(start), ...streams.slice(0, start)]) {
      if (!mayHave(state, stream)) continue
      const has = hasOf(state, stream.author, stream.id)
      if (has >= stream.next) continue
      const key = keyOf(stream.author, stream.id)
      const movedAtMs = state.movedAtMs.get(key) ?? state.joinedAtMs
      if (!this.#isFirstFor(state, stream) && (which === 'first' || now < movedAtMs + SERVED_MS)) continue
      if (has < stream.base) {
        this.#say(state.peer, encodeFloor({ author: stream.author, stream: stream.id, next: stream.base }))
      }
      for (const entry of this.#log.from(stream, onItsWay(state, key, has, now))) {
        const { length } = encodeEntry(entry)
        isShort ||= entries.length >= ANSWER_ENTRIES_MAX || chars > ANSWER_CHARS_MAX
        isShort ||= !state.answered.take(now) || !state.answers.take(now, length)
        if (isShort) break
        entries.push(entry)
        chars += length
        state.sent.set(key, { next: entry.seq + 1, atMs: now })
      }
    }
    for (const text of encodeEntries(entries)) this.#say(state.peer, text)
    if (entries.length > 0 || isShort) this.#checkSoon(state, now + state.nextPauseMs(this.#options.random))
  }

  /** Of those who may have a stream one sends it: its author, or whoever its name falls on. The others wait. */
  #isFirstFor(state: PeerState, { author, id, to }: Stream): boolean {
    const self = this.#options.author
    if (author === self || to !== null) return true
    const here = new Set([self])
    for (const { identity } of this.#peers.values()) here.add(identity)
    here.delete(state.identity)
    if (here.has(author)) return false
    const sorted = [...here].sort()
    return sorted[Number.parseInt(id.slice(0, 8), 16) % sorted.length] === self
  }

  #isHere(author: AuthorId): boolean {
    if (author === this.#options.author) return true
    return [...this.#peers.values()].some(({ identity }) => identity === author)
  }

  #owe(state: PeerState, key: string, atMs: number): void {
    state.owed.add(key)
    state.owedAtMs = Math.min(state.owedAtMs, atMs)
  }

  #payOwed(state: PeerState): void {
    const marks = [...state.owed].flatMap((key) => this.#markOf(key) ?? [])
    state.owed.clear()
    state.owedAtMs = Infinity
    this.#sayHave(state, marks, false)
  }

  #markOf(key: string): StreamMark | null {
    const [author = '', id = ''] = key.split('-')
    const next = this.#log.nextOf(author, id)
    return next === null ? null : { author, stream: id, next }
  }

  #visible(state: PeerState): StreamMark[] {
    return this.#log
      .streams()
      .filter((stream) => mayHave(state, stream))
      .map(({ author, id, next }) => ({ author, stream: id, next }))
  }

  #sayHave({ peer }: PeerState, marks: readonly StreamMark[], ask: boolean): void {
    for (let at = 0; at < marks.length || at === 0; at += MARKS_PER_TEXT_MAX) {
      const some = marks.slice(at, at + MARKS_PER_TEXT_MAX)
      // It answers once all of it has been told.
      if (some.length > 0 || ask)
        this.#say(peer, encodeMarks(some, ask && at + MARKS_PER_TEXT_MAX >= marks.length))
    }
  }

  #checkSoon(state: PeerState, atMs: number): void {
    state.checkAtMs = Math.min(state.checkAtMs, atMs)
  }

  #noteKnown(identity: AuthorId, key: string, next: number): void {
    if (identity === this.#options.author) return
    const known = this.#known.get(identity) ?? new Map<string, number>()
    const gone = [...this.#known.keys()].find((each) => !this.#isHere(each))
    if (this.#known.size >= AUTHORS_MAX && gone !== undefined) this.#known.delete(gone)
    if (!known.has(key) && known.size >= MARKS_PER_PEER_MAX) return
    known.set(key, Math.max(next, known.get(key) ?? 0))
    this.#known.set(identity, known)
  }

  /** Who has one's own messages of these streams, of those who should. */
  #countDelivered(keys: readonly string[]): void {
    const { author } = this.#options
    for (const key of keys) {
      if (!key.startsWith(author)) continue
      const stream = this.#log.find(author, key.split('-')[1] ?? '')
      if (!stream) continue
      const marks = this.#marksOf(stream.to, key)
      for (const entry of stream.entries.slice(-200)) {
        const have = marks.filter((next) => next > entry.seq).length
        const delivered = this.#timeline.find(idOf(entry))?.delivered
        if (delivered?.have !== have || delivered.of !== marks.length)
          this.#timeline.change(idOf(entry), { delivered: { have, of: marks.length } })
      }
    }
    if (keys.length > 0) this.#changed()
  }

  /** How far each of the others is: those who are here, and those who have had something. */
  #marksOf(to: AuthorId | null, key: string): number[] {
    const identities = new Set<AuthorId>(to === null ? [] : [to])
    if (to === null) for (const { identity } of this.#peers.values()) identities.add(identity)
    identities.delete(this.#options.author)
    return [...identities].map((identity) => this.#known.get(identity)?.get(key) ?? 0)
  }

  #restoreHidden(text: string): void {
    try {
      const value = JSON.parse(text) as unknown
      if (typeof value === 'object' && value !== null && 'hide' in value && typeof value.hide === 'string')
        this.#timeline.hide(value.hide)
    } catch {
      // Not ours: a store may hold anything.
    }
  }

  get #typing(): ChatState['typing'] {
    return [...this.#peers.values()]
      .filter(({ typingAtMs }) => typingAtMs > -Infinity)
      .map(({ identity, name }) => ({ author: identity, name }))
  }

  #say(peer: string, text: string): void {
    this.#outgoing.push({ peer, text })
  }

  #changed(): void {
    this.#state = null
  }
}

/** What is for everyone, or between the two of us. */
function mayHave(
  state: PeerState,
  { author, to }: { readonly author: AuthorId; readonly to: AuthorId | null },
): boolean {
  return to === null || to === state.identity || author === state.identity
}

function toStored(entry: Entry): StoredEntry {
  return { id: idOf(entry), text: encodeEntry(entry), replaces: false }
}

function hiddenToStored(id: MessageId): StoredEntry {
  return { id: `hide-${id}`, text: JSON.stringify({ hide: id }), replaces: false }
}

/** What a peer has, and what it was just sent. */
function onItsWay(state: PeerState, key: string, has: number, now: number): number {
  const sent = state.sent.get(key)
  return sent && now < sent.atMs + ON_ITS_WAY_MS ? Math.max(has, sent.next) : has
}

function hasOf(state: PeerState, author: AuthorId, stream: string): number {
  return state.has.get(keyOf(author, stream)) ?? 0
}

function keyOf(author: AuthorId, stream: string): string {
  return `${author}-${stream}`
}
