import { createWorkerClock } from '@/lib/transfer/worker-clock'

import { QualityMeter } from '../quality/quality-meter'
import type { FromReceiver, ToReceiver } from './end-messages'
import { ReceivingHost } from './receiving-host'

/** The receiving end of all contenders, wherever it is: what is told comes reliably and in order, either way. */
export interface Receiver {
  /** Both ends are this page: they share its clock and its thread. */
  readonly isHere: boolean
  /** Aborted with a ShoalError when it is gone; nothing comes of it then. */
  readonly lost: AbortSignal
  tell(message: ToReceiver): void
  /** Returns what ends it. */
  listen(listener: (message: FromReceiver) => void): () => void
  close(): void
}

/** The receiving end in this page, which draws on the canvas. */
export function receiveHere(canvas: HTMLCanvasElement): Receiver {
  const clock = createWorkerClock()
  const meter = new QualityMeter()
  const listeners = new Set<(message: FromReceiver) => void>()
  const host = new ReceivingHost({
    ...{ clock, canvas, meter },
    tell: (message) =>
      queueMicrotask(() => {
        for (const listener of [...listeners]) listener(message)
      }),
  })
  return {
    isHere: true,
    lost: new AbortController().signal,
    // Telling takes no time here, as between two devices none of it is measured.
    tell: (message) => queueMicrotask(() => host.handle(message)),
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      host.close()
      meter.close()
      clock.close()
    },
  }
}
