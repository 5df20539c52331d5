import type { AuthorId, ChatPicture, ChatState, MessageId } from '@/lib/chat/types'
import type { ErrorCode } from '@/lib/protocol/errors'
import type { CarryingPath, TransferMode } from '@/lib/protocol/report'
import type { Role } from '@/lib/signalling/messages'
import type { OutgoingPicture, TransferView } from '@/lib/transfer/types'

export type { Role }

/** What a page's session is for: pictures (and chat), or the lab's two ends, which tell each other texts alone. */
export type RoomPurpose = 'pictures' | 'lab'

export type RoomPhase =
  | 'idle'
  /** the first join is under way */
  | 'connecting'
  /** in the room; the signalling socket is up */
  | 'joined'
  /** in the room; the socket was lost and the page is trying to come back. Transfers go on. */
  | 'reconnecting'
  /** not in a room because of `errorCode` */
  | 'failed'
  | 'left'

export interface PeerView {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** `open`: one can send to it or receive from it now. */
  readonly link: 'connecting' | 'open' | 'lost'
  /** Its signalling socket is lost for the moment. */
  readonly away: boolean
  /** Whether it has the secret of this room's link; null until it has said anything. */
  readonly verified: boolean | null
  /** Why it cannot be connected to, where that is for its signals. */
  readonly problem: ErrorCode | null
  /** Connections to it: those that are open, and how many there should be. */
  readonly lanes: { readonly open: number; readonly target: number }
  /** What carries pictures to it now; null while nothing does. */
  readonly path: CarryingPath | null
}

/** How far two people are in making sure that nobody stands between them. */
export interface SafetyView {
  /** Seven emoji with their names, the same on both screens; null until both ends have said what they must. */
  readonly words: readonly { readonly emoji: string; readonly name: string }[] | null
  /** By the link's secret: nobody without it can be this member. */
  readonly byLink: boolean
  /** This device's owner compared the words with that one's, now or in another room. */
  readonly compared: boolean
  /** Somebody of this name was compared before, under another key. */
  readonly changed: boolean
  /** The exchange was broken off: what came did not fit. There are no words until it is begun anew. */
  readonly failed: boolean
}

/** A member of a room as its page lists it. */
export interface MemberView extends PeerView {
  /** Its device; null until it has proved it. */
  readonly identity: AuthorId | null
  readonly rttMs: number | null
  /** Of the packets of the last pictures, either way; null where none went. */
  readonly lossPercent: number | null
  readonly safety: SafetyView | null
  /** It opened the room. */
  readonly owner: boolean
}

/** What only a page of role `member` has. */
export interface RoomChat {
  /** Null when it went on its way; else why not. What is on its way arrives, also over lost connections. */
  sendText(options: { text: string; to?: AuthorId }): ErrorCode | null
  /** A message that the picture belongs to; the transfers are started by `send`. */
  sendPicture(options: { picture: ChatPicture; to?: AuthorId }): ErrorCode | null
  /** Some key was pressed in the input box. */
  handleTyping(): void
  deleteForAll(id: MessageId): ErrorCode | null
  deleteForMe(id: MessageId): void
  markRead(): void
  /** Asks whoever has it for a picture that did not come, or came with holes. */
  fetchPicture(id: MessageId): void
  /** Whether the messages of this room are kept on this device. */
  keepHistory(keep: boolean): void
  /** Everything in the room's messages as one JSON document. */
  exportHistory(): string
  /** The owner's word about the words on both screens. */
  compare(peerId: string, same: boolean): void
  /** Owner: takes the member out of the room. */
  removeMember(peerId: string): void
}

/** Which ways to the others a page may use; its address says so. */
export interface PathChoice {
  /** `only`: no peer connection is made. */
  readonly relay: 'auto' | 'off' | 'only'
  /** Peer connections through a TURN server or not at all. */
  readonly turnOnly: boolean
}

/** One address of the machine that serves the pages. */
export interface ServerAddress {
  /** For instance `http://192.0.2.7:3000`, without a trailing slash. */
  readonly origin: string
  /** For instance `eth0` or `Wi-Fi (wlan0)`. */
  readonly label: string
}

export interface RoomState {
  readonly phase: RoomPhase
  readonly errorCode: ErrorCode | null
  /** As people read and type it, for instance `K7QM3-XTR9B`. Valid as `?room=`. */
  readonly code: string | null
  /** The room's secret as the link carries it; null for who joined by the typed code. */
  readonly secret: string | null
  readonly selfName: string
  readonly role: Role
  /** Everyone that pictures go to or come from. */
  readonly peers: readonly PeerView[]
  /** Of a member: the same ones with what a room shows of them; else empty. */
  readonly members: readonly MemberView[]
  /** This page opened the room. */
  readonly owner: boolean
  /** What the room is called, as the server tells it; null for none. */
  readonly title?: string | null
  /** This device, once it is known; 64 hex digits. */
  readonly selfIdentity: AuthorId | null
  /** Only members that are verified get and are given anything. */
  readonly verifiedOnly: boolean
  readonly chat: ChatState
  /** Best first. */
  readonly addresses: readonly ServerAddress[]
  /** Newest first. */
  readonly transfers: readonly TransferView[]
  /** The most a picture may weigh, bytes. */
  readonly maxPictureBytes: number
}

/** One page's membership in one room; made once per page, driven by thin hooks. */
export interface RoomSession {
  /** Of a member's page; null for the short cut of two. */
  readonly chat: RoomChat | null
  getState(): RoomState
  subscribe(listener: () => void): () => void
  /** Receiver and member: opens a new room (or comes back to the one this tab had). */
  open(options: { name: string; title?: string; verifiedOnly?: boolean }): void
  /** Joins an open room by code, in any spelling a person may type; `verifiedOnly` as the link has it. */
  join(options: { room: string; name: string; verifiedOnly?: boolean }): void
  leave(): void
  /** What will be sent next, and how: lanes are opened and the picture is read before anyone presses Send. */
  prepare(options: { mode: TransferMode; lanes?: number; picture?: OutgoingPicture | null }): void
  /** A picture waits for a receiver: it need not be a direct path. */
  hurry(): void
  /** Sends to every connected receiver, or to one. Returns the transfers' keys; they are in `transfers` at once. */
  send(options: {
    picture: OutgoingPicture
    mode: TransferMode
    startedAtMs: number
    peerId?: string
  }): string[]
  /**
   * For the lab: tells one page a text, at most TEXT_MAX_BYTES; false when there is no way for it now. It may still be
   * lost.
   */
  sendText(peerId: string, text: string): boolean
  /** For the lab: hears the others' texts, parsed by nobody yet; returns what ends that. */
  onText(listener: (peerId: string, text: string) => void): () => void
  cancel(transferKey: string): void
  /** Receiver: something of a picture is on the screen since then, epoch milliseconds. */
  handlePreviewShown(transferKey: string, atMs: number): void
  /** Receiver: asks for what is missing, until exact. */
  repair(transferKey: string): void
  /** Forgets a finished transfer and frees its memory. */
  remove(transferKey: string): void
  /** Frees everything; the session cannot be used again. */
  close(): void
}
