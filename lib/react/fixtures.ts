import type { ChatMessage } from '@/lib/chat/types'
import { PICTURE_MAX_DEFAULT_BYTES } from '@/lib/protocol/constants'
import { idleRoom } from '@/lib/room/idle-room'
import type { MemberView, PeerView, RoomState } from '@/lib/room/types'
import type { TransferView } from '@/lib/transfer/types'

/** Test data: a room in which nothing has happened yet. */
export function roomState(changes: Partial<RoomState> = {}): RoomState {
  return {
    ...idleRoom('receiver', PICTURE_MAX_DEFAULT_BYTES),
    phase: 'joined',
    code: 'K7QM3-XTR9B',
    selfName: 'ANNA',
    ...changes,
  }
}

/** Test data: someone one can send to now. */
export function peerView(changes: Partial<PeerView> = {}): PeerView {
  return {
    id: 'p1',
    name: 'BEN',
    role: 'sender',
    link: 'open',
    away: false,
    verified: true,
    problem: null,
    lanes: { open: 2, target: 2 },
    path: 'direct',
    ...changes,
  }
}

/** Test data: someone in the room who came by the link. */
export function memberView(changes: Partial<MemberView> = {}): MemberView {
  return {
    ...peerView({ role: 'member' }),
    identity: 'b'.repeat(64),
    rttMs: 12,
    lossPercent: null,
    safety: null,
    owner: false,
    ...changes,
  }
}

/** Test data: a line of text from BEN to everyone. */
export function chatMessage(changes: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: 'm1',
    author: 'b'.repeat(64),
    authorName: 'BEN',
    own: false,
    sentAtMs: 0,
    to: null,
    body: { type: 'text', text: 'Hello' },
    deleted: false,
    mentionsMe: false,
    delivered: null,
    ...changes,
  }
}

/** Test data: a picture on its way in. */
export function transferView(changes: Partial<TransferView> = {}): TransferView {
  return {
    key: 'p1:0123456789abcdef',
    transferId: '0123456789abcdef',
    direction: 'receive',
    peerId: 'p1',
    peerName: 'BEN',
    state: 'receiving',
    errorCode: null,
    interrupted: false,
    kept: false,
    mode: 'repair',
    name: 'harbour.jpg',
    type: 'image/jpeg',
    bytes: 300_000,
    width: 800,
    height: 600,
    channels: 3,
    startedAtMs: 0,
    progress: {
      packetsSent: 0,
      packetsReceived: 0,
      lossPercent: null,
      duplicates: 0,
      chunksHeld: 0,
      chunks: 293,
      bytesPerSecond: 0,
      secondsLeft: null,
      repairRounds: 0,
    },
    report: null,
    picture: null,
    sight: null,
    packetLog: null,
    canRepair: false,
    ...changes,
  }
}
