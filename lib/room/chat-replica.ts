import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

import { type ChatCrypto, type ChatDropped, ChatReplica } from '@/lib/chat/replica'
import type { AuthorId, ChatPicture } from '@/lib/chat/types'
import { fromBase64Url, toBase64Url } from '@/lib/keys/base64url'
import { type Signer, verify } from '@/lib/keys/identity'
import type { ErrorCode } from '@/lib/protocol/errors'

import type { ChatCore, ChatCoreOptions } from './chat-core'

const STREAM_BYTES = 8

/** The room's log with the keys of this device, and what it did not take. */
export const createChatReplica = ({
  room,
  signer,
  randomBytes,
}: ChatCoreOptions): ChatCore & { readonly dropped: ChatDropped } => {
  let name = ''
  const replica = new ChatReplica({
    room,
    author: signer.author,
    crypto: cryptoOf(signer),
    newStream: () => bytesToHex(randomBytes(STREAM_BYTES)),
    random: () => (randomBytes(1)[0] ?? 0) / 256,
    name: () => name,
  })
  const send = (
    what: { readonly text: string } | { readonly picture: ChatPicture },
    to: AuthorId | undefined,
    nowMs: number,
  ): ErrorCode | null => (replica.send(what, to ?? null, nowMs) === null ? 'SHOAL_BAD_TEXT' : null)

  return {
    get state() {
      return replica.state
    },
    get dropped() {
      return replica.dropped
    },
    setName: (next) => {
      name = next
    },
    sendText: ({ text, to }, nowMs) => send({ text }, to, nowMs),
    sendPicture: ({ picture, to }, nowMs) => send({ picture }, to, nowMs),
    deleteForAll: (id, nowMs) => (replica.deleteForAll(id, nowMs) ? null : 'SHOAL_NOT_YOURS'),
    deleteForMe: (id) => replica.deleteForMe(id),
    markRead: () => replica.markRead(),
    handleTyping: (nowMs) => replica.handleTyping(nowMs),
    handlePeer: (peerId, author, called, nowMs) => replica.handlePeerJoined(peerId, author, called, nowMs),
    handlePeerGone: (peerId) => replica.handlePeerLeft(peerId),
    handleText: (peerId, text, nowMs) => void replica.handleText(peerId, text, nowMs),
    pollSend: () => {
      const next = replica.pollSend()
      return next && { peerId: next.peer, text: next.text }
    },
    pollTimeout: () => replica.pollTimeout(),
    handleTimeout: (nowMs) => replica.handleTimeout(nowMs),
    restore: (entries, nowMs) => replica.restore(entries, nowMs),
    pollStored: () => replica.pollStored(),
    entries: () => replica.entries(),
  }
}

function cryptoOf(signer: Signer): ChatCrypto {
  return {
    sign: (text) => toBase64Url(signer.sign(utf8ToBytes(text))),
    verify: (author, text, signature) => {
      const bytes = fromBase64Url(signature)
      return bytes !== null && verify(author, utf8ToBytes(text), bytes)
    },
    hash: (text) => bytesToHex(sha256(utf8ToBytes(text))),
  }
}
