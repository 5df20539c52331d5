/// <reference lib="webworker" />

/** From the page: call back about `id` in `delayMs`; a negative delay takes the request back. */
export interface ClockRequest {
  readonly id: number
  readonly delayMs: number
}

const timers = new Map<number, ReturnType<typeof setTimeout>>()

self.onmessage = (event: MessageEvent<ClockRequest>) => {
  const { id, delayMs } = event.data
  clearTimeout(timers.get(id))
  timers.delete(id)
  if (delayMs < 0) return
  const timer = setTimeout(() => {
    timers.delete(id)
    self.postMessage(id)
  }, delayMs)
  timers.set(id, timer)
}
