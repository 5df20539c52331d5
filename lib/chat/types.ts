/** An author is a device: its Ed25519 public key (RFC 8032), 64 lower-case hex digits. */
export type AuthorId = string

/** What makes an entry this one: letters, digits, `-` and `_`, at most 64; the same on every page. */
export type MessageId = string

/** The longest text of one message, in characters as people count them (code points). */
export const TEXT_MAX_CHARS = 4000

/** A picture that goes with a message; its bytes travel as a transfer, by the receiver's own best transport. */
export interface ChatPicture {
  /** 64 lower-case hex digits, over the bytes as sent. */
  readonly sha256: string
  readonly name: string
  readonly type: string
  readonly bytes: number
  readonly width: number
  readonly height: number
  /** As in the manifest; empty for none. */
  readonly placeholder: string
}

export type ChatBody =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'picture'; readonly picture: ChatPicture }

/** One message as a page shows it. Everything that came from others is inert text already. */
export interface ChatMessage {
  readonly id: MessageId
  readonly author: AuthorId
  /** As the author called itself when it wrote this. */
  readonly authorName: string
  readonly own: boolean
  /** By the author's clock, epoch milliseconds; never later than what this page holds for possible. */
  readonly sentAtMs: number
  /** One member alone; null: everyone in the room. */
  readonly to: AuthorId | null
  readonly body: ChatBody
  /** The author took it back: `body` is an empty text then. */
  readonly deleted: boolean
  readonly mentionsMe: boolean
  /** Of one's own: how many of those who should have it have it. */
  readonly delivered: { readonly have: number; readonly of: number } | null
}

export interface Typing {
  readonly author: AuthorId
  readonly name: string
}

export interface ChatState {
  /** Oldest first; of one author always in the order in which it wrote. */
  readonly messages: readonly ChatMessage[]
  readonly typing: readonly Typing[]
  /** Since `markRead`, of others. */
  readonly unread: number
  readonly unreadMentions: number
  /** Kept on this device over a reload. */
  readonly keptHere: boolean
}

export const EMPTY_CHAT: ChatState = {
  messages: [],
  typing: [],
  unread: 0,
  unreadMentions: 0,
  keptHere: false,
}
