import type { CodedSymbol } from '@/lib/protocol/code/coded-symbol'
import { CHUNK_BYTES } from '@/lib/protocol/constants'
import type { DecodeJob } from '@/lib/protocol/rx/symbol-collector'
import type { EncodeJob } from '@/lib/protocol/tx/coded-supply'

import type { StartableWorker } from './startable-worker'

export type CodeRequest =
  | {
      readonly id: number
      readonly type: 'encode'
      readonly source: Uint8Array<ArrayBuffer>
      readonly count: number
    }
  | {
      readonly id: number
      readonly type: 'decode'
      readonly size: number
      readonly ids: Uint32Array<ArrayBuffer>
      readonly bytes: Uint8Array<ArrayBuffer>
    }

export type CodeReply =
  | { readonly id: number; readonly ids: Uint32Array<ArrayBuffer>; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> | null }
  | { readonly id: number; readonly failed: true }

/** An erasure code over blocks of 1 024-byte symbols, systematic: any K symbols or a few more give the block back. */
export interface ErasureCode {
  /** Coded symbols of a block; none when the code can't be had. */
  encode(job: EncodeJob): Promise<readonly CodedSymbol[]>
  /** The block's chunks one after the other; null when these symbols do not suffice. */
  decode(job: DecodeJob): Promise<Uint8Array | null>
  close(): void
}

/** RaptorQ (RFC 6330) in a worker: one block is 5 to 50 ms of work. */
export function createErasureCode(): ErasureCode & StartableWorker {
  const waiting = new Map<number, (reply: CodeReply | null) => void>()
  let lastId = 0

  const giveUp = () => {
    for (const resolve of waiting.values()) resolve(null)
    waiting.clear()
  }
  const load = (): Worker => {
    const loading = new Worker(new URL('./code.worker.ts', import.meta.url), { type: 'module' })
    loading.onmessage = (event: MessageEvent<CodeReply>) => {
      const resolve = waiting.get(event.data.id)
      waiting.delete(event.data.id)
      resolve?.('failed' in event.data ? null : event.data)
    }
    loading.onerror = () => {
      giveUp()
      // The server may have been away when its script was asked for.
      loading.terminate()
      if (worker === loading) worker = null
    }
    return loading
  }
  let worker: Worker | null = null

  const ask = (request: CodeRequest, transfer: Transferable[]): Promise<CodeReply | null> =>
    new Promise((resolve) => {
      waiting.set(request.id, resolve)
      worker ??= load()
      worker.postMessage(request, transfer)
    })

  return {
    start() {
      worker ??= load()
    },
    async encode({ source, count }) {
      const own = source as Uint8Array<ArrayBuffer>
      const reply = await ask({ id: ++lastId, type: 'encode', source: own, count }, [own.buffer])
      if (!reply || !('ids' in reply)) return []
      return Array.from(reply.ids, (id, i) => ({
        id,
        bytes: reply.bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
      }))
    },
    async decode({ size, symbols }) {
      const ids = Uint32Array.from(symbols, (symbol) => symbol.id)
      const bytes = new Uint8Array(symbols.length * CHUNK_BYTES)
      symbols.forEach((symbol, i) => bytes.set(symbol.bytes, i * CHUNK_BYTES))
      const reply = await ask({ id: ++lastId, type: 'decode', size, ids, bytes }, [bytes.buffer])
      return reply && 'bytes' in reply ? reply.bytes : null
    },
    close() {
      worker?.terminate()
      giveUp()
    },
  }
}
