import type { ChatMessage, ChatPicture } from '@/lib/chat/types'
import type { MemberView } from '@/lib/room/types'
import type { TransferView } from '@/lib/transfer/types'

/** The transfers of each message with a picture, by the message's id; newest first, as the room has them. */
export type MessageTransfers = ReadonlyMap<string, readonly TransferView[]>

/**
 * Which transfers carry which message's picture. A transfer is of the message with the same picture, and of several of
 * them the one that was written when it began. What belongs to no message (from the short cut of two) is in `others`.
 */
export function transfersByMessage(
  messages: readonly ChatMessage[],
  transfers: readonly TransferView[],
): { readonly byMessage: MessageTransfers; readonly others: readonly TransferView[] } {
  const byMessage = new Map<string, TransferView[]>()
  const others: TransferView[] = []
  const candidates = messages.filter((message) => message.body.type === 'picture' && !message.deleted)
  for (const transfer of transfers) {
    const message = nearest(
      candidates.filter((candidate) => isOf(candidate, transfer)),
      transfer.startedAtMs,
    )
    if (!message) others.push(transfer)
    else byMessage.set(message.id, [...(byMessage.get(message.id) ?? []), transfer])
  }
  return { byMessage, others }
}

/** Of an author's picture what came from anybody, since others may hand it on; of one's own what went out. */
function isOf(message: ChatMessage, transfer: TransferView): boolean {
  if (message.body.type !== 'picture') return false
  if (message.own !== (transfer.direction === 'send')) return false
  return isSamePicture(message.body.picture, transfer)
}

function isSamePicture(picture: ChatPicture, transfer: TransferView): boolean {
  if (picture.bytes !== transfer.bytes || picture.type !== transfer.type) return false
  if (picture.width !== transfer.width || picture.height !== transfer.height) return false
  const held = transfer.picture?.complete ? transfer.picture.sha256 : null
  return held === null ? picture.name === transfer.name : held === picture.sha256
}

function nearest(messages: readonly ChatMessage[], atMs: number): ChatMessage | null {
  let best: ChatMessage | null = null
  for (const message of messages) {
    if (!best || Math.abs(message.sentAtMs - atMs) < Math.abs(best.sentAtMs - atMs)) best = message
  }
  return best
}

/** The one transfer that an incoming picture is shown by: the whole one, else the one under way, else the newest. */
export function shownTransfer(transfers: readonly TransferView[]): TransferView | null {
  return (
    transfers.find((transfer) => transfer.picture?.complete) ??
    transfers.find((transfer) => transfer.state === 'receiving' || transfer.state === 'repairing') ??
    transfers[0] ??
    null
  )
}

/** "Sent to 3 of 4": to whom a picture of one's own came whole. */
export function arrivals(transfers: readonly TransferView[]): {
  readonly exact: number
  readonly of: number
} {
  // One transfer a receiver: a second try to the same one replaces the first.
  const latest = new Map<string, TransferView>()
  for (const transfer of transfers) if (!latest.has(transfer.peerId)) latest.set(transfer.peerId, transfer)
  const all = [...latest.values()]
  return { exact: all.filter((transfer) => transfer.state === 'done').length, of: all.length }
}

/** The member's place now, which transfers go by; null while it is not there. */
export function peerIdOf(members: readonly MemberView[], identity: string): string | null {
  return members.find((member) => member.identity === identity)?.id ?? null
}
