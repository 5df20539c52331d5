/// <reference lib="webworker" />
import init, { Decoder, Encoder } from 'raptorq'

import { CHUNK_BYTES } from '@/lib/protocol/constants'

import type { CodeReply, CodeRequest } from './erasure-code'

/** Before each symbol raptorq writes its payload id: block 0, then 24 bits of symbol id (RFC 6330, 3.2). */
const PAYLOAD_ID_BYTES = 4

/** Not while the page is still joining. */
const WARM_UP_AFTER_MS = 1000
const WARM_UP_ROUNDS = 6

type Encoded = Extract<CodeReply, { ids: Uint32Array }>

let loading: Promise<unknown> | null = null
// Ahead of the first picture; a server that is down at this moment is asked again when the code is needed.
load().then(
  () => setTimeout(warmUp, WARM_UP_AFTER_MS),
  () => {},
)

self.onmessage = (event: MessageEvent<CodeRequest>) => {
  const request = event.data
  load()
    .then(() => (request.type === 'encode' ? encode(request) : decode(request)))
    .then(
      (reply) => self.postMessage(reply, 'bytes' in reply && reply.bytes ? [reply.bytes.buffer] : []),
      () => self.postMessage({ id: request.id, failed: true } satisfies CodeReply),
    )
}

function load(): Promise<unknown> {
  loading ??= init().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

/** The first uses of compiled code take several times as long as the later ones: 293 chunks 20 ms, then 5 to 9. */
function warmUp(): void {
  const size = 128
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    const source = new Uint8Array(size * CHUNK_BYTES).fill(round)
    const { ids, bytes } = encode({ id: 0, type: 'encode', source, count: size })
    decode({ id: 0, type: 'decode', size, ids, bytes })
  }
}

function encode({ id, source, count }: Extract<CodeRequest, { type: 'encode' }>): Encoded {
  const encoder = Encoder.with_defaults(source, CHUNK_BYTES)
  try {
    const packets = encoder.encode(count).slice(source.length / CHUNK_BYTES)
    const ids = new Uint32Array(packets.length)
    const bytes = new Uint8Array(packets.length * CHUNK_BYTES)
    packets.forEach((packet, i) => {
      ids[i] = new DataView(packet.buffer, packet.byteOffset).getUint32(0) & 0xffffff
      bytes.set(packet.subarray(PAYLOAD_ID_BYTES), i * CHUNK_BYTES)
    })
    return { id, ids, bytes }
  } finally {
    encoder.free()
  }
}

function decode({ id, size, ids, bytes }: Extract<CodeRequest, { type: 'decode' }>): CodeReply {
  const decoder = Decoder.with_defaults(BigInt(size * CHUNK_BYTES), CHUNK_BYTES)
  try {
    const packet = new Uint8Array(PAYLOAD_ID_BYTES + CHUNK_BYTES)
    const view = new DataView(packet.buffer)
    for (let i = 0; i < ids.length; i++) {
      view.setUint32(0, ids[i] ?? 0)
      packet.set(bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES), PAYLOAD_ID_BYTES)
      const block = decoder.decode(packet)
      if (block) return { id, bytes: block as Uint8Array<ArrayBuffer> }
    }
    return { id, bytes: null }
  } finally {
    decoder.free()
  }
}
