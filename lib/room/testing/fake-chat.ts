import type { ChatMessage, ChatPicture } from '@/lib/chat/types'
import { EMPTY_CHAT } from '@/lib/chat/types'

import type { ChatCore, ChatCoreOptions } from '../chat-core'
import type { StoredEntry } from '../history/entry-store'

/** Test data: a log without any of its guarantees, which tells everyone who is there. */
export class FakeChat implements ChatCore {
  state = EMPTY_CHAT
  name = ''
  readonly options: ChatCoreOptions
  readonly peers = new Map<string, string>()
  readonly heard: string[] = []
  restored: readonly string[] = []
  #queue: { peerId: string; text: string }[] = []
  #stored: (StoredEntry & { replaces: boolean })[] = []

  constructor(options: ChatCoreOptions) {
    this.options = options
  }

  setName(name: string): void {
    this.name = name
  }

  sendText({ text, to }: { text: string; to?: string }): null {
    for (const [peerId, author] of this.peers) {
      if (to === undefined || to === author) this.#queue.push({ peerId, text })
    }
    this.#stored.push({ id: text, text, replaces: false })
    return null
  }

  sendPicture({ picture, to }: { picture: ChatPicture; to?: string }): null {
    this.show({ id: picture.sha256, body: { type: 'picture', picture }, to: to ?? null, own: true })
    return null
  }

  /** Puts a message on the page, as if it had come. */
  show(changes: Partial<ChatMessage>): void {
    const message: ChatMessage = {
      ...{ id: 'm', author: this.options.signer.author, authorName: this.name, own: false, sentAtMs: 0 },
      ...{ to: null, body: { type: 'text', text: '' }, deleted: false, mentionsMe: false, delivered: null },
      ...changes,
    }
    this.state = { ...this.state, messages: [...this.state.messages, message] }
  }

  deleteForAll(id: string): null {
    this.#stored.push({ id, text: 'gone', replaces: true })
    return null
  }

  deleteForMe(): void {
    // Nothing is shown here.
  }

  markRead(): void {
    // Nothing is counted here.
  }

  handleTyping(): void {
    // Nobody is told.
  }

  handlePeer(peerId: string, author: string): void {
    this.peers.set(peerId, author)
  }

  handlePeerGone(peerId: string): void {
    this.peers.delete(peerId)
  }

  handleText(peerId: string, text: string): void {
    this.heard.push(`${peerId}: ${text}`)
  }

  pollSend(): { peerId: string; text: string } | null {
    return this.#queue.shift() ?? null
  }

  pollTimeout(): null {
    return null
  }

  handleTimeout(): void {
    // Nothing is ever due.
  }

  restore(entries: readonly string[]): void {
    this.restored = entries
  }

  pollStored(): readonly (StoredEntry & { readonly replaces: boolean })[] {
    return this.#stored.splice(0)
  }

  entries(): readonly StoredEntry[] {
    return [{ id: 'all', text: 'all' }]
  }
}
