import type { Clock } from '@/lib/peer/clock'

import type { ClockRequest } from './clock.worker'

/** A clock and the way to stop it. */
export interface OwnedClock extends Clock {
  close(): void
}

/**
 * Timers that live in a worker: a hidden tab's own fire about once a second, a worker's and the messages
 * from it do not wait.
 */
export function createWorkerClock(): OwnedClock {
  const worker = new Worker(new URL('./clock.worker.ts', import.meta.url), { type: 'module' })
  const callbacks = new Map<number, () => void>()
  let lastId = 0
  const request = (message: ClockRequest) => worker.postMessage(message)

  worker.onmessage = (event: MessageEvent<number>) => {
    const callback = callbacks.get(event.data)
    callbacks.delete(event.data)
    callback?.()
  }

  return {
    now: epochNow,
    schedule(delayMs, callback) {
      const id = ++lastId
      callbacks.set(id, callback)
      request({ id, delayMs: Math.max(0, delayMs) })
      return () => {
        if (callbacks.delete(id)) request({ id, delayMs: -1 })
      }
    },
    close() {
      callbacks.clear()
      worker.terminate()
    },
  }
}

/** Epoch milliseconds that never go back, with fractions: what every time in a report is made of. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now()
}
