import type { StartableWorker } from './startable-worker'

export type DigestRequest =
  | { readonly id: number; readonly type: 'file'; readonly file: Blob }
  | {
      readonly id: number
      readonly type: 'pieces'
      readonly pieces: readonly Uint8Array<ArrayBuffer>[]
      readonly mediaType: string
    }

export type DigestReply =
  | { readonly id: number; readonly sha256: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly sha256: string; readonly file: Blob }
  | { readonly id: number; readonly failed: true }

export interface DigestService {
  /** SHA-256 (64 hex digits) and bytes of a file; rejects when it can't be read. */
  readFile(file: Blob): Promise<{ sha256: string; bytes: Uint8Array }>
  /** SHA-256 of the pieces in order, and one file of them. With `consume` their memory moves away. */
  assemble(
    pieces: readonly Uint8Array[],
    mediaType: string,
    consume: boolean,
  ): Promise<{ sha256: string; file: Blob }>
  close(): void
}

/** The bridge to the worker that hashes: a picture of 20 MB would hold the page for 0.1 to 0.2 s. */
export function createDigestService(): DigestService & StartableWorker {
  const waiting = new Map<number, { resolve: (reply: DigestReply) => void; reject: (error: Error) => void }>()
  let lastId = 0

  const load = (): Worker => {
    const loading = new Worker(new URL('./digest.worker.ts', import.meta.url), { type: 'module' })
    loading.onmessage = (event: MessageEvent<DigestReply>) => {
      const entry = waiting.get(event.data.id)
      waiting.delete(event.data.id)
      if ('failed' in event.data) entry?.reject(new Error('digest failed'))
      else entry?.resolve(event.data)
    }
    loading.onerror = () => {
      for (const entry of waiting.values()) entry.reject(new Error('digest worker failed'))
      waiting.clear()
      // The server may have been away when its script was asked for.
      loading.terminate()
      if (worker === loading) worker = null
    }
    return loading
  }
  let worker: Worker | null = null

  const ask = (request: DigestRequest, transfer: Transferable[]): Promise<DigestReply> =>
    new Promise((resolve, reject) => {
      waiting.set(request.id, { resolve, reject })
      worker ??= load()
      worker.postMessage(request, transfer)
    })

  return {
    start() {
      worker ??= load()
    },
    async readFile(file) {
      const reply = await ask({ id: ++lastId, type: 'file', file }, [])
      if (!('bytes' in reply)) throw new Error('digest: unexpected reply')
      return { sha256: reply.sha256, bytes: reply.bytes }
    },
    async assemble(pieces, mediaType, consume) {
      const own = pieces as readonly Uint8Array<ArrayBuffer>[]
      const transfer = consume ? own.map((piece) => piece.buffer) : []
      const reply = await ask({ id: ++lastId, type: 'pieces', pieces: own, mediaType }, transfer)
      if (!('file' in reply)) throw new Error('digest: unexpected reply')
      return { sha256: reply.sha256, file: reply.file }
    },
    close() {
      worker?.terminate()
      for (const entry of waiting.values()) entry.reject(new Error('digest worker closed'))
      waiting.clear()
    },
  }
}
