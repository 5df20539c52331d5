import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createWorkerClock } from './worker-clock'

class FakeWorker {
  static all: FakeWorker[] = []
  readonly asked: { id: number; delayMs: number }[] = []
  onmessage: ((event: { data: number }) => void) | null = null
  onerror: (() => void) | null = null

  constructor() {
    FakeWorker.all.push(this)
  }

  postMessage(message: { id: number; delayMs: number }): void {
    this.asked.push(message)
  }

  terminate(): void {
    this.onmessage = null
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeWorker.all = []
  vi.stubGlobal('Worker', FakeWorker)
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('lets a worker keep the time', () => {
  const clock = createWorkerClock()
  const heard: string[] = []
  clock.schedule(50, () => heard.push('a'))
  const cancel = clock.schedule(60, () => heard.push('b'))
  cancel()
  const [worker] = FakeWorker.all
  worker?.onmessage?.({ data: 1 })
  worker?.onmessage?.({ data: 2 })
  expect(heard).toEqual(['a'])
  expect(worker?.asked.map(({ id, delayMs }) => [id, Math.sign(delayMs)])).toEqual([
    [1, 1],
    [2, 1],
    [2, -1],
  ])
})

it('keeps the time itself while the worker could not be loaded, and has it loaded again', () => {
  const clock = createWorkerClock()
  const heard: string[] = []
  clock.schedule(50, () => heard.push('a'))
  FakeWorker.all[0]?.onerror?.()
  const cancel = clock.schedule(60, () => heard.push('b'))
  clock.schedule(70, () => heard.push('c'))
  cancel()
  vi.advanceTimersByTime(80)
  expect(heard).toEqual(['a', 'c'])
  vi.advanceTimersByTime(2000)
  clock.schedule(10, () => heard.push('d'))
  expect(FakeWorker.all).toHaveLength(2)
  FakeWorker.all[1]?.onmessage?.({ data: 4 })
  expect(heard).toEqual(['a', 'c', 'd'])
})

it('leaves nothing behind when it is closed, loaded or not', () => {
  const clock = createWorkerClock()
  FakeWorker.all[0]?.onerror?.()
  clock.schedule(50, () => expect.unreachable())
  clock.close()
  vi.advanceTimersByTime(5000)
  expect(FakeWorker.all).toHaveLength(1)
})
