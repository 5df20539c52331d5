import type { ChatMessage } from '@/lib/chat/types'
import type { TransferView } from '@/lib/transfer/types'

/** Marks what is shown among the messages and is none: it cannot be deleted or found. */
const TRANSFER_PREFIX = 'transfer:'

export function isMessage({ id }: ChatMessage): boolean {
  return !id.startsWith(TRANSFER_PREFIX)
}

/** Of what is no message: the key of its transfer. */
export function transferKeyOf({ id }: ChatMessage): string {
  return id.slice(TRANSFER_PREFIX.length)
}

/**
 * The messages, and in their place by time the pictures that came or went without one: from or to the short cut of two,
 * whose pages have no chat.
 */
export function pageMessages(
  messages: readonly ChatMessage[],
  others: readonly TransferView[],
): readonly ChatMessage[] {
  if (others.length === 0) return messages
  const entries = others.map(asMessage).sort((one, other) => one.sentAtMs - other.sentAtMs)
  const merged: ChatMessage[] = []
  let next = 0
  for (const message of messages) {
    for (let entry = entries[next]; entry && entry.sentAtMs < message.sentAtMs; entry = entries[++next]) {
      merged.push(entry)
    }
    merged.push(message)
  }
  return [...merged, ...entries.slice(next)]
}

function asMessage(transfer: TransferView): ChatMessage {
  const { key, peerId, peerName, direction, name, type, bytes, width, height, startedAtMs, report } = transfer
  const own = direction === 'send'
  return {
    id: TRANSFER_PREFIX + key,
    author: own ? '' : peerId,
    authorName: own ? '' : peerName,
    own,
    sentAtMs: startedAtMs,
    to: null,
    body: {
      type: 'picture',
      picture: { sha256: report?.sha256 ?? '', name, type, bytes, width, height, placeholder: '' },
    },
    deleted: false,
    mentionsMe: false,
    delivered: null,
  }
}
