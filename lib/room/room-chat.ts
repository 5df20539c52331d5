import type { AuthorId, ChatPicture, ChatState, MessageId } from '@/lib/chat/types'
import { EMPTY_CHAT } from '@/lib/chat/types'
import type { Signer } from '@/lib/keys/identity'
import type { RandomBytes } from '@/lib/keys/secret'
import type { Clock } from '@/lib/peer/clock'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { Transfers } from '@/lib/transfer/transfers'

import type { ChatCore, CreateChatCore } from './chat-core'
import { exportRoom } from './history/export-document'
import type { IdentityStore } from './identity-store'
import { type HistoryPort, KeptHistory } from './kept-history'
import { MemberSafety } from './member-safety'
import { channelText, MemberTexts } from './member-texts'
import type { Peers } from './peers'
import { holdersOf, maySee, pictureMessage } from './picture-access'
import { PictureRequests } from './picture-requests'
import type { MemberIdentity } from './room-members'
import type { RoomChat } from './types'

export interface MemberChatOptions {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly peers: Pick<Peers, 'views' | 'memberOf' | 'keysOf' | 'endWith' | 'sendText'>
  readonly transfers: Pick<Transfers, 'views' | 'held' | 'send'>
  readonly identities: IdentityStore
  readonly history: HistoryPort
  /** Null: this page has no chat. */
  readonly createCore: CreateChatCore
  /** A text of the group channel. */
  readonly onGroupText: (peerId: string, text: string) => void
  readonly remove: (peerId: string) => void
  readonly onChange: () => void
}

/** The room as this page is in it. */
export interface ChatRoom {
  readonly code: string
  readonly title: string | null
  /** As the link carries it; null for who joined by the typed code. */
  readonly secret: string | null
  readonly selfName: string
  readonly verifiedOnly: boolean
}

/**
 * A member's chat: ties the log of the room to the members that have proved who they are, to what is kept on this
 * device, and to the pictures. In a room for verified members only, others are given nothing and nothing is taken from them.
 */
export class MemberChat implements RoomChat {
  readonly #options: MemberChatOptions
  readonly #texts = new MemberTexts()
  readonly #safety: MemberSafety
  readonly #requests: PictureRequests
  #signer: Signer | null = null
  #room: ChatRoom | null = null
  #core: ChatCore | null = null
  /** Peers that the core knows, with the device each has proved. */
  readonly #known = new Map<string, AuthorId>()
  #history: KeptHistory | null = null
  #cancelTimer: (() => void) | null = null
  #closed = false

  constructor(options: MemberChatOptions) {
    this.#options = options
    const { clock, randomBytes, peers, transfers, identities: store } = options
    this.#safety = new MemberSafety({
      ...{ clock, randomBytes, peers, store },
      sendText: (peerId, text) => peers.sendText(peerId, channelText('safety', text)),
      onChange: () => this.handleMembers(),
    })
    this.#requests = new PictureRequests({
      ...{ clock, transfers },
      sendText: (peerId, text) => this.admits(peerId) && peers.sendText(peerId, channelText('picture', text)),
      mayHave: (peerId, sha256) => this.#mayHave(peerId, sha256),
    })
    void this.#safety.load().then((signer) => {
      if (this.#closed) return
      this.#signer = signer
      this.#begin()
      this.handleMembers()
    })
  }

  get state(): ChatState {
    const state = this.#core?.state ?? EMPTY_CHAT
    const keptHere = this.#history?.keeps === true
    return state.keptHere === keptHere ? state : { ...state, keptHere }
  }

  get identity(): AuthorId | null {
    return this.#signer?.author ?? null
  }

  identityOf(peerId: string): MemberIdentity {
    return this.#safety.identityOf(peerId)
  }

  /** Whether anything is given to this member, or taken from it. */
  admits(peerId: string): boolean {
    return this.#room?.verifiedOnly !== true || this.#safety.isVerified(peerId)
  }

  /** In the room, for the first time, again, or under another name; null: in none any more. */
  enter(room: ChatRoom | null): void {
    const isOther = this.#room?.code !== room?.code
    this.#room = room
    if (isOther) {
      this.#leave()
      this.#history = room && new KeptHistory(this.#options.history, room.code)
      this.#begin()
    } else if (room) this.#core?.setName(room.selfName)
  }

  /** Members came, went, or proved who they are; ways to them opened or closed. */
  handleMembers(): void {
    if (this.#closed) return
    this.#safety.pump()
    this.#texts.keepOnly((id) => this.#options.peers.memberOf(id) !== null)
    const now = this.#options.clock.now()
    const here = new Map<string, AuthorId>()
    for (const { id, link } of this.#options.peers.views) {
      const { identity } = this.#safety.identityOf(id)
      if (link === 'open' && identity !== null && this.admits(id)) here.set(id, identity)
    }
    for (const [id, identity] of [...this.#known]) {
      if (here.get(id) === identity) continue
      this.#known.delete(id)
      this.#core?.handlePeerGone(id, now)
    }
    for (const [id, identity] of here) {
      if (!this.#core || this.#known.has(id)) continue
      this.#known.set(id, identity)
      this.#core.handlePeer(id, identity, this.#options.peers.memberOf(id)?.name ?? '', now)
    }
    this.#pump()
  }

  handleText(peerId: string, whole: string): void {
    const now = this.#options.clock.now()
    const opened = this.#texts.open(peerId, whole, now)
    if (!opened) return
    const { channel, text } = opened
    if (channel === 'safety') this.#safety.handleText(peerId, text)
    else if (!this.admits(peerId)) return
    else if (channel === 'picture') this.#requests.handleText(peerId, text)
    else if (channel === 'group') this.#options.onGroupText(peerId, text)
    else if (this.#known.has(peerId)) {
      this.#core?.handleText(peerId, text, now)
      this.#pump()
    }
  }

  /** Its page is gone, or another has taken its place. */
  handleGone(peerId: string): void {
    this.#safety.handlePeerGone(peerId)
    if (this.#known.delete(peerId)) this.#core?.handlePeerGone(peerId, this.#options.clock.now())
  }

  /** Texts of a peer that were too many, or of no kind. */
  droppedFrom(peerId: string): number {
    return this.#texts.droppedFrom(peerId)
  }

  sendText(options: { text: string; to?: AuthorId }): ErrorCode | null {
    return this.#do((core, now) => core.sendText(options, now))
  }

  sendPicture(options: { picture: ChatPicture; to?: AuthorId }): ErrorCode | null {
    return this.#do((core, now) => core.sendPicture(options, now))
  }

  deleteForAll(id: MessageId): ErrorCode | null {
    return this.#do((core, now) => core.deleteForAll(id, now))
  }

  handleTyping(): void {
    this.#tell((core, now) => core.handleTyping(now))
  }

  deleteForMe(id: MessageId): void {
    this.#tell((core) => core.deleteForMe(id))
  }

  markRead(): void {
    this.#tell((core) => core.markRead())
  }

  fetchPicture(id: MessageId): void {
    const message = pictureMessage(this.state.messages, id)
    if (message) this.#requests.fetch(message.body.picture.sha256, holdersOf(message, this.#known))
  }

  keepHistory(keep: boolean): void {
    const history = this.#history
    if (!history) return
    const entries = () => (this.#history === history ? (this.#core?.entries() ?? null) : null)
    void history.choose(keep, this.#room?.secret ?? null, entries)
    this.#options.onChange()
  }

  exportHistory(): string {
    const { code = '', title = null } = this.#room ?? {}
    const { messages } = this.state
    return exportRoom({ code, title: title ?? '', messages, nowMs: this.#options.clock.now() }).text
  }

  compare(peerId: string, same: boolean): void {
    this.#safety.compare(peerId, same)
  }

  removeMember(peerId: string): void {
    this.#options.remove(peerId)
  }

  close(): void {
    this.#closed = true
    this.#leave()
    this.#safety.close()
  }

  /** Once it is known which room this is and which device. */
  #begin(): void {
    const { createCore, randomBytes, onChange } = this.#options
    const room = this.#room
    if (!room || !this.#signer || this.#core) return
    const core = createCore({
      ...{ room: room.code, signer: this.#signer, randomBytes },
    })
    core.setName(room.selfName)
    this.#core = core
    void this.#history?.load().then((entries) => {
      if (this.#core !== core) return
      core.restore(entries, this.#options.clock.now())
      this.#pump()
      onChange()
    })
  }

  #leave(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#core = null
    this.#history = null
    this.#known.clear()
    this.#texts.clear()
    this.#requests.close()
  }

  #do(action: (core: ChatCore, now: number) => ErrorCode | null): ErrorCode | null {
    if (!this.#core) return 'SHOAL_NOT_IN_ROOM'
    const problem = action(this.#core, this.#options.clock.now())
    this.#pump()
    return problem
  }

  #tell(action: (core: ChatCore, now: number) => void): void {
    if (this.#core) action(this.#core, this.#options.clock.now())
    this.#pump()
  }

  /** Says what is due, keeps what is new, and shows what has changed. */
  #pump(): void {
    const core = this.#core
    const { clock, peers, onChange } = this.#options
    if (core) {
      const now = clock.now()
      if ((core.pollTimeout() ?? Infinity) <= now) core.handleTimeout(now)
      for (let next = core.pollSend(now); next; next = core.pollSend(now)) {
        if (this.#known.has(next.peerId)) peers.sendText(next.peerId, channelText('chat', next.text))
      }
      this.#history?.store(core.pollStored())
      this.#cancelTimer?.()
      const due = core.pollTimeout()
      this.#cancelTimer = due === null ? null : clock.schedule(Math.max(1, due - now), () => this.#pump())
    }
    onChange()
  }

  /** The member's name where it may have that picture. */
  #mayHave(peerId: string, sha256: string): string | null {
    const identity = this.#known.get(peerId)
    if (identity === undefined || !maySee(identity, this.state.messages, sha256)) return null
    return this.#options.peers.memberOf(peerId)?.name ?? null
  }
}
