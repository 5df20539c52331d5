import type { Clock } from '@/lib/peer/clock'
import { type ErrorCode, ShoalError } from '@/lib/protocol/errors'

/** Something that will be so, or will not in time. */
export interface Waiting<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
}

/** Rejects with the signal's reason once that is aborted, and with the code when the time is over. */
export function waitFor<T>(signal: AbortSignal, clock: Clock, forMs: number, code: ErrorCode): Waiting<T> {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle, reject) => {
    const cancel = clock.schedule(forMs, () => done(() => reject(new ShoalError(code))))
    const stop = () => done(() => reject(signal.reason as Error))
    const done = (settled: () => void) => {
      cancel()
      signal.removeEventListener('abort', stop)
      settled()
    }
    resolve = (value) => done(() => settle(value))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  // Whoever waits hears of it; a pair that is closed meanwhile has nobody who does.
  promise.catch(() => undefined)
  return { promise, resolve }
}

/** Resolves after so long; rejects with the signal's reason. */
export function pause(signal: AbortSignal, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const stop = () => {
      cancel()
      reject(signal.reason as Error)
    }
    const cancel = clock.schedule(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}
