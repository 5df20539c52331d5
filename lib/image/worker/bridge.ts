import { ShoalError } from '@/lib/protocol/errors'

import type { AnyTaskRequest, ImageTasks, TaskName, TaskRequest } from './tasks'

/** What draws; where a worker cannot, the page must. */
const NEEDS_CANVAS: ReadonlySet<TaskName> = new Set<TaskName>(['render', 'redraw'])

/**
 * Runs one task of the image pipeline off the main thread. Rejects with the signal's reason as soon as it is
 * aborted (the worker is ended in the middle of what it does), with ShoalError SHOAL_INTERNAL when the worker
 * cannot run at all. What stands in `transfer` moves to the worker.
 */
export async function runImageTask<Name extends TaskName>(
  signal: AbortSignal,
  name: Name,
  input: ImageTasks[Name]['input'],
  transfer: Transferable[] = [],
): Promise<ImageTasks[Name]['output']> {
  signal.throwIfAborted()
  const request: TaskRequest<Name> = { name, input }
  if (NEEDS_CANVAS.has(name) && typeof OffscreenCanvas === 'undefined') return runInPage(signal, request)

  const worker = new Worker(new URL('./image.worker.ts', import.meta.url), { type: 'module' })
  const ended = new AbortController()
  try {
    return await new Promise<ImageTasks[Name]['output']>((resolve, reject) => {
      const listening = { signal: ended.signal }
      worker.addEventListener(
        'message',
        ({ data }: MessageEvent<TaskAnswer<Name>>) => {
          if ('output' in data) resolve(data.output)
          else reject(new ShoalError('SHOAL_INTERNAL', { cause: data.error }))
        },
        listening,
      )
      worker.addEventListener(
        'error',
        (event) => {
          reject(new ShoalError('SHOAL_INTERNAL', { cause: event.message }))
        },
        listening,
      )
      signal.addEventListener('abort', () => reject(asError(signal.reason)), listening)
      worker.postMessage(request, transfer)
    })
  } finally {
    ended.abort()
    worker.terminate()
  }
}

type TaskAnswer<Name extends TaskName> = { output: ImageTasks[Name]['output'] } | { error: string }

async function runInPage<Name extends TaskName>(
  signal: AbortSignal,
  request: TaskRequest<Name>,
): Promise<ImageTasks[Name]['output']> {
  const { runTask } = await import('./run-task')
  const output = await runTask(request as AnyTaskRequest)
  signal.throwIfAborted()
  return output
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('Aborted', 'AbortError')
}
