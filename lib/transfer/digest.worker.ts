/// <reference lib="webworker" />
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

import type { DigestReply, DigestRequest } from './digest'

/** Bytes hashed at a time: small enough that a large file never needs a second copy of itself. */
const READ_BYTES = 4 * 2 ** 20

self.onmessage = (event: MessageEvent<DigestRequest>) => {
  const request = event.data
  const work =
    request.type === 'file' ? digestFile(request.file) : digestPieces(request.pieces, request.mediaType)
  work.then(
    (reply) => post({ id: request.id, ...reply }),
    () => post({ id: request.id, failed: true }),
  )
}

async function digestFile(file: Blob): Promise<Omit<Extract<DigestReply, { bytes: Uint8Array }>, 'id'>> {
  const bytes = new Uint8Array(file.size)
  const hash = sha256.create()
  for (let at = 0; at < file.size; at += READ_BYTES) {
    const part = new Uint8Array(await file.slice(at, at + READ_BYTES).arrayBuffer())
    hash.update(part)
    bytes.set(part, at)
  }
  return { sha256: bytesToHex(hash.digest()), bytes }
}

async function digestPieces(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  type: string,
): Promise<Omit<Extract<DigestReply, { file: Blob }>, 'id'>> {
  const hash = sha256.create()
  const parts: Blob[] = []
  for (const piece of pieces) {
    hash.update(piece)
    parts.push(new Blob([piece]))
    free(piece)
  }
  return { sha256: bytesToHex(hash.digest()), file: new Blob(parts, { type }) }
}

/** ES2024; where a browser lacks `transfer`, the memory is free at the next collection. */
type Buffer2024 = ArrayBuffer & { transfer?: (newLength: number) => ArrayBuffer }

/**
 * Gives memory back at once: a worker that rests collects no garbage, and would hold the picture a second
 * time for as long as it lives.
 */
function free(piece: Uint8Array<ArrayBuffer>): void {
  const buffer: Buffer2024 = piece.buffer
  buffer.transfer?.(0)
}

function post(reply: DigestReply): void {
  self.postMessage(reply, 'bytes' in reply ? [reply.bytes.buffer] : [])
}
