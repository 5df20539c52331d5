import { AntiEntropy } from './anti-entropy'
import { decodeEntry, type Entry, type EntryBody, idOf, signedText } from './entry'
import { EntryWriter } from './entry-writer'
import { Floors } from './floors'
import { inertText } from './inert-text'
import { BODY_CHARS_TOTAL_MAX, ENTRIES_MAX, TYPING_EVERY_MS } from './limits'
import { ChatLog } from './log'
import { isMentioned } from './mentions'
import { PeerState } from './peer-state'
import { Receipts } from './receipts'
import { hiddenToStored, parseHidden, type StoredEntry, toStored } from './stored-entry'
import { Timeline } from './timeline'
import type { AuthorId, ChatPicture, ChatState, MessageId } from './types'
import { encodeTyping, isChatText, parseChatText } from './wire'
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

/**
 * This page's copy of what is said in one room (SPEC CH). Sans-IO: texts of the other pages go in with the time,
 * texts for them are polled. What the way loses is sent again; what is here is told to who may have it.
 */
export class ChatReplica {
  readonly #options: ChatReplicaOptions
  readonly #log = new ChatLog((author) => this.#isHere(author))
  readonly #timeline: Timeline
  readonly #peers = new Map<string, PeerState>()
  readonly #writer: EntryWriter
  readonly #sync: AntiEntropy
  readonly #floors = new Floors()
  readonly #receipts: Receipts
  readonly #outgoing: Outgoing[] = []
  readonly #stored: StoredEntry[] = []
  readonly #dropped = { unreadable: 0, forged: 0, contradicting: 0, misplaced: 0, flood: 0 }
  #typingSentAtMs = -Infinity
  #unread = 0
  #unreadMentions = 0
  #state: ChatState | null = null

  constructor(options: ChatReplicaOptions) {
    this.#options = options
    const { author, random } = options
    this.#timeline = new Timeline(author)
    this.#writer = new EntryWriter(options)
    this.#receipts = new Receipts(author, (identity) => this.#isHere(identity))
    this.#sync = new AntiEntropy({
      ...{ author, random, log: this.#log, peers: this.#peers },
      say: (peer, text) => this.#say(peer, text),
    })
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
    this.#sync.handleJoined(state, now)
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
    else if (message.type === 'have') {
      const moved = this.#sync.handleHave(state, message, now)
      for (const mark of moved) this.#receipts.note(state.identity, mark)
      this.#countDelivered(moved)
    } else if (message.type === 'floor') {
      const { author, stream, next } = message.mark
      const known = this.#log.find(author, stream)
      if (known) this.#floors.handleFloor(peer, known, next, now)
    } else {
      state.typingAtMs = now
      this.#changed()
    }
    return true
  }

  handleTimeout(now: number): void {
    for (const state of this.#peers.values()) {
      this.#sync.handleTimeout(state, now)
      if (now >= state.typingEndsAtMs) {
        state.typingAtMs = -Infinity
        this.#changed()
      }
    }
    for (const { stream, next } of this.#floors.pollSkips([...this.#peers.values()], now)) {
      this.#log.skipTo(stream, next)
      this.#sync.handleSkipped(stream, now)
      this.#showPlaced(null, now)
    }
  }

  /** When `handleTimeout` is due; null for never. */
  pollTimeout(): number | null {
    let due = this.#floors.pollTimeout()
    for (const { owedAtMs, checkAtMs, typingEndsAtMs } of this.#peers.values())
      due = Math.min(due, owedAtMs, checkAtMs, typingEndsAtMs)
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
      const hidden = entry ? null : parseHidden(text)
      if (hidden !== null) this.#timeline.hide(hidden)
    }
    this.#log.restore(entries)
    this.#showPlaced('restored', now)
  }

  #write(body: EntryBody, to: AuthorId | null, now: number): MessageId | null {
    const entry = this.#writer.draft(body, to, now)
    if (!entry || this.#log.add(entry) !== 'placed') return null
    this.#writer.handlePlaced(entry)
    this.#showPlaced(null, now)
    this.#sync.spread(entry, now)
    this.#countDelivered([entry])
    return idOf(entry)
  }

  #handleEntry(state: PeerState, entry: Entry, now: number): void {
    if (!state.mayHave(entry) || (entry.to !== null && !this.#isOurs(entry))) {
      this.#dropped.misplaced++
      return
    }
    this.#sync.acknowledge(state, entry, now)
    const next = this.#log.nextOf(entry.author, entry.stream)
    const isKnown = next !== null && entry.seq < next
    if (!isKnown && !this.#isGenuine(state, entry, now)) return
    const taken = this.#log.add(entry)
    if (taken === 'contradicts' || taken === 'invalid') this.#dropped.contradicting++
    else if (taken === 'full') this.#dropped.flood++
    else if (taken === 'placed' || taken === 'held') {
      this.#writer.handleTime(entry.time, now)
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
      if (entry.author === this.#options.author) this.#writer.handleOwnTime(entry.time)
      if (message && !message.own && !message.deleted && from !== 'restored') {
        this.#unread++
        if (message.mentionsMe) this.#unreadMentions++
      }
      this.#sync.gossip(entry, from === 'restored' ? null : from, now)
    }
    for (const entry of this.#log.takeEmptied()) {
      this.#timeline.handleDeleted(idOf(entry))
      this.#stored.push({ ...toStored(entry), replaces: true })
    }
    this.#timeline.forget(this.#log.takeForgotten())
    this.#timeline.keep(ENTRIES_MAX, BODY_CHARS_TOTAL_MAX)
    this.#changed()
  }

  #isHere(author: AuthorId): boolean {
    if (author === this.#options.author) return true
    return [...this.#peers.values()].some(({ identity }) => identity === author)
  }

  /** Who has one's own messages of these streams, of those who should. */
  #countDelivered(streams: readonly Pick<StreamMark, 'author' | 'stream'>[]): void {
    for (const { author, stream: id } of streams) {
      const stream = author === this.#options.author ? this.#log.find(author, id) : null
      if (!stream) continue
      const here = [...this.#peers.values()].map(({ identity }) => identity)
      const marks = this.#receipts.marksOf(stream, here)
      for (const entry of stream.entries.slice(-200)) {
        const have = marks.filter((next) => next > entry.seq).length
        const delivered = this.#timeline.find(idOf(entry))?.delivered
        if (delivered?.have !== have || delivered.of !== marks.length)
          this.#timeline.change(idOf(entry), { delivered: { have, of: marks.length } })
      }
    }
    if (streams.length > 0) this.#changed()
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
