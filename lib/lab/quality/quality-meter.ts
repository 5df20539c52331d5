import { ShoalError } from '@/lib/protocol/errors'

import type { Pixels } from './psnr'

/** How near what is on the screen comes to the original. */
export interface Quality {
  /** Decibels; PSNR_MAX_DB where they are the same. */
  readonly psnrDb: number
  /** -1 to 1, and 1 where they are the same. */
  readonly ssim: number
}

export type MeterRequest =
  | { readonly type: 'original'; readonly original: Pixels | ImageBitmap }
  | { readonly type: 'measure'; readonly shown: ImageBitmap | null }

/** One for each measurement, in the order asked; null when it failed. */
export type MeterReply = Quality | null

interface Waiting {
  readonly resolve: (quality: Quality) => void
  readonly reject: (error: Error) => void
}

/**
 * Compares what is on the screen with the original, in a worker of its own, so that the page goes on. Both are scaled to
 * the original's shape with a longest side of at most 320 pixels (`measuredSize`, which says how long that takes): it is
 * quality as one sees it on a phone, not a measure of the finest detail. Answers come in the order asked. Everything
 * rejects with ShoalError SHOAL_INTERNAL where there is no OffscreenCanvas or no original, or the worker failed.
 */
export class QualityMeter {
  readonly #waiting: Waiting[] = []
  #worker: Worker | null

  constructor() {
    this.#worker = new Worker(new URL('./quality.worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<MeterReply>) => {
      const next = this.#waiting.shift()
      if (data) next?.resolve(data)
      else next?.reject(new ShoalError('SHOAL_INTERNAL'))
    }
    this.#worker.onerror = () => this.close()
  }

  /**
   * For all measurements asked from then on. A bitmap is handed over: the caller can't use it any more. Where what is shown
   * was scaled on its way to the screen, the original has to be scaled in the same way first: the same photo of 1600
   * pixels by way of 512 is 48 dB and 0.990 from itself by no way at all.
   */
  setOriginal(original: Pixels | ImageBitmap): void {
    this.#worker?.postMessage(
      { type: 'original', original } satisfies MeterRequest,
      'data' in original ? [] : [original],
    )
  }

  /**
   * null: nothing is on the screen, which is measured as `PAGE_GROUND`. A bitmap is handed over: the caller
   * can't use it any more.
   */
  measure(shown: ImageBitmap | null): Promise<Quality> {
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new ShoalError('SHOAL_INTERNAL'))
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage({ type: 'measure', shown } satisfies MeterRequest, shown ? [shown] : [])
    })
  }

  /** What was not measured yet rejects. */
  close(): void {
    this.#worker?.terminate()
    this.#worker = null
    for (const { reject } of this.#waiting.splice(0)) reject(new ShoalError('SHOAL_INTERNAL'))
  }
}
