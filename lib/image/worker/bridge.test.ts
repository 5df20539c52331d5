import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { runImageTask } from './bridge'

/** A worker that does nothing by itself; the test speaks for it. */
class FakeWorker extends EventTarget {
  static made: FakeWorker[] = []
  received: unknown[] = []
  isTerminated = false

  constructor() {
    super()
    FakeWorker.made.push(this)
  }

  postMessage(message: unknown): void {
    this.received.push(message)
  }

  terminate(): void {
    this.isTerminated = true
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

function onlyWorker(): FakeWorker {
  const [worker, ...others] = FakeWorker.made
  expect(others).toEqual([])
  return worker ?? expect.unreachable('no worker was made')
}

beforeEach(() => {
  FakeWorker.made = []
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('OffscreenCanvas', EventTarget)
})

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('runImageTask', () => {
  const file = new Blob(['x'])

  it('hands over the task, resolves with the answer and ends the worker', async () => {
    const running = runImageTask(new AbortController().signal, 'inspect', { file })
    expect(onlyWorker().received).toEqual([{ name: 'inspect', input: { file } }])
    const output = { ok: false, code: 'SHOAL_NOT_AN_IMAGE' } as const
    onlyWorker().say({ output })
    await expect(running).resolves.toBe(output)
    expect(onlyWorker().isTerminated).toBe(true)
  })

  it('ends the worker in the middle of its work and rejects with the reason when it is aborted', async () => {
    const abort = new AbortController()
    const running = runImageTask(abort.signal, 'inspect', { file })
    const reason = new Error('another file was picked')
    abort.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(onlyWorker().isTerminated).toBe(true)
  })

  it('makes no worker when it is aborted already', async () => {
    await expect(runImageTask(AbortSignal.abort(), 'inspect', { file })).rejects.toThrow(/abort/i)
    expect(FakeWorker.made).toEqual([])
  })

  it('says SHOAL_INTERNAL when the worker’s script cannot be loaded', async () => {
    const running = runImageTask(new AbortController().signal, 'inspect', { file })
    onlyWorker().dispatchEvent(new Event('error'))
    await expect(running).rejects.toMatchObject({ code: 'SHOAL_INTERNAL' })
    expect(onlyWorker().isTerminated).toBe(true)
  })

  it('says SHOAL_INTERNAL when the task fails', async () => {
    const running = runImageTask(new AbortController().signal, 'render', {
      source: { file },
      longestSidePx: 9,
    })
    onlyWorker().say({ error: 'This browser has no 2D canvas.' })
    await expect(running).rejects.toMatchObject({ code: 'SHOAL_INTERNAL' })
  })

  it('inspects in a worker even where a browser lacks OffscreenCanvas', async () => {
    vi.stubGlobal('OffscreenCanvas', undefined)
    const running = runImageTask(new AbortController().signal, 'inspect', { file })
    onlyWorker().say({ output: { ok: false, code: 'SHOAL_NOT_AN_IMAGE' } })
    await expect(running).resolves.toMatchObject({ ok: false })
  })
})
