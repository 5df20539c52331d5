import type { Clock } from '@/lib/peer/clock'

import type { ClockRequest } from './clock.worker'

/** A clock and the way to stop it. */
export interface OwnedClock extends Clock {
  close(): void
}

/** A worker's script that could not be loaded (the server was away just then) is asked for again after this. */
const RELOAD_MS = 2000

interface Pending {
  readonly callback: () => void
  readonly dueMs: number
  /** The page's own timer, where there is no worker. */
  fallback?: ReturnType<typeof setTimeout>
}

/**
 * Timers that live in a worker: a hidden tab's own fire about once a second, a worker's and the messages
 * from it do not wait. Until there is a worker the page's own have to do.
 */
export function createWorkerClock(): OwnedClock {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let worker: Worker | null = null
  let closed = false

  const fire = (id: number): void => {
    const timer = pending.get(id)
    pending.delete(id)
    if (timer) clearTimeout(timer.fallback)
    timer?.callback()
  }
  const ask = (id: number, delayMs: number): void => {
    const message: ClockRequest = { id, delayMs }
    worker?.postMessage(message)
  }
  const arm = (id: number, timer: Pending): void => {
    const delayMs = Math.max(0, timer.dueMs - epochNow())
    if (worker) ask(id, delayMs)
    else timer.fallback = setTimeout(() => fire(id), delayMs)
  }
  const load = (): void => {
    if (closed) return
    const loading = new Worker(new URL('./clock.worker.ts', import.meta.url), { type: 'module' })
    worker = loading
    loading.onmessage = (event: MessageEvent<number>) => fire(event.data)
    loading.onerror = () => {
      loading.terminate()
      if (worker !== loading) return
      worker = null
      for (const [id, timer] of pending) arm(id, timer)
      setTimeout(load, RELOAD_MS)
    }
  }
  load()

  return {
    now: epochNow,
    schedule(delayMs, callback) {
      const id = ++lastId
      const timer: Pending = { callback, dueMs: epochNow() + Math.max(0, delayMs) }
      pending.set(id, timer)
      arm(id, timer)
      return () => {
        if (!pending.delete(id)) return
        clearTimeout(timer.fallback)
        ask(id, -1)
      }
    },
    close() {
      closed = true
      for (const { fallback } of pending.values()) clearTimeout(fallback)
      pending.clear()
      worker?.terminate()
    },
  }
}

/** Asked for with every packet, and the same for as long as the page lives. */
const { timeOrigin } = performance

/** Epoch milliseconds that never go back, with fractions: what every time in a report is made of. */
export function epochNow(): number {
  return timeOrigin + performance.now()
}
