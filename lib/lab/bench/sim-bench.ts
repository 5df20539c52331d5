import { ShoalError } from '@/lib/protocol/errors'

import type { Experiment, PlannedRun } from '../experiment'
import type { RunResult } from '../results'

export interface SimRequest {
  readonly plan: PlannedRun
  readonly experiment: Experiment
}

export type SimReply = { readonly result: RunResult | null } | { readonly failed: true }

/** The same runs on the simulator, in a worker; rejects with SHOAL_INTERNAL when that cannot be had. */
export class SimBench {
  readonly #worker = new Worker(new URL('./sim.worker.ts', import.meta.url), { type: 'module' })
  readonly #experiment: Experiment

  constructor(experiment: Experiment) {
    this.#experiment = experiment
  }

  /** For `makeRuns`, which makes one run after the other. */
  readonly run = (plan: PlannedRun, signal: AbortSignal): Promise<RunResult | null> =>
    new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason as Error)
      signal.addEventListener('abort', stop, { once: true })
      this.#worker.onmessage = ({ data }: MessageEvent<SimReply>) => {
        signal.removeEventListener('abort', stop)
        if ('failed' in data) reject(new ShoalError('SHOAL_INTERNAL'))
        else resolve(data.result)
      }
      this.#worker.onerror = () => reject(new ShoalError('SHOAL_INTERNAL'))
      this.#worker.postMessage({ plan, experiment: this.#experiment } satisfies SimRequest)
    })

  close(): void {
    this.#worker.terminate()
  }
}
