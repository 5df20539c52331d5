import { createStore, type StoreApi } from 'zustand/vanilla'

import { type ErrorCode, ShoalError } from '@/lib/protocol/errors'

import { BrowserBench } from './bench/browser-bench'
import { loadPicture } from './bench/load-picture'
import type { MeasuredPicture } from './bench/carriage'
import { receiveHere } from './bench/receiver'
import { SimBench } from './bench/sim-bench'
import { networkTitles } from './charts/words'
import type { SecondDevice } from './device/second-device'
import { experimentSchema, plannedRuns } from './experiment'
import type { Experiment, PlannedRun } from './experiment'
import { LabClient } from './lab-client'
import { mergeResults, parseResults } from './results'
import type { LabResults, RunResult } from './results'
import { makeRuns } from './runner'
import type { RunTrace } from './traces'

/** Runs whose pictures and packets are kept for looking at: some MB each at most. */
const TRACES_MAX = 60

export interface LabState {
  readonly phase: 'idle' | 'running' | 'simulating'
  /** Why the last run of the bench ended early. */
  readonly errorCode: ErrorCode | null
  /** What was measured here, or loaded; null: nothing yet. */
  readonly results: LabResults | null
  /** The same experiment on the simulator. */
  readonly simulated: LabResults | null
  /** A second file, to be compared. */
  readonly other: LabResults | null
  /** By the run's key. */
  readonly traces: ReadonlyMap<string, RunTrace>
  readonly progress: {
    readonly made: number
    readonly planned: number
    readonly current: PlannedRun | null
  } | null
  /** Runs that this bench could not make, of the last experiment. */
  readonly missing: readonly PlannedRun[]
}

const EMPTY: LabState = {
  phase: 'idle',
  errorCode: null,
  results: null,
  simulated: null,
  other: null,
  traces: new Map(),
  progress: null,
  missing: [],
}

export interface LabSessionOptions {
  /** Shoal's version. */
  readonly shoal: string
}

/** Where the receiving end is: in this page, drawing on the canvas if there is one, or on another device. */
export type OtherEnd = { readonly canvas: HTMLCanvasElement | null } | { readonly device: SecondDevice }

/** The lab's page: makes experiments, one at a time, and holds what they gave. */
export class LabSession {
  readonly #options: LabSessionOptions
  readonly #store: StoreApi<LabState> = createStore<LabState>(() => EMPTY)
  readonly #listeners = new Set<(run: RunResult) => void>()
  #stop: AbortController | null = null

  constructor(options: LabSessionOptions) {
    this.#options = options
  }

  readonly getState = (): LabState => this.#store.getState()
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** Hears of each run over the emulator as it is made. */
  onRun(listener: (run: RunResult) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Makes the experiment over the emulator, with files by the names of its pictures; runs that are here are kept. */
  async run(experiment: Experiment, files: readonly File[], otherEnd: OtherEnd): Promise<void> {
    if (this.#stop) return
    const device = 'device' in otherEnd ? otherEnd.device : null
    const deviceBrowser = device?.getState().device?.browser
    if (device && deviceBrowser === undefined) return this.#set({ errorCode: 'SHOAL_LAB_NO_DEVICE' })
    const stop = (this.#stop = new AbortController())
    const pictures = new Map<string, MeasuredPicture>()
    const receiver =
      'canvas' in otherEnd
        ? receiveHere(otherEnd.canvas ?? document.createElement('canvas'))
        : otherEnd.device.connect()
    const lab = new LabClient()
    const bench = new BrowserBench({
      ...{ lab, receiver, experiment, pictures },
      onTrace: (trace) => this.#keepTrace(trace),
    })
    const empty = {
      ...this.#empty('emulator', experiment),
      ...(deviceBrowser !== undefined && {
        receiver: { type: 'second-device', browser: deviceBrowser } as const,
      }),
    }
    const titles = networkTitles(experiment)
    try {
      await this.#make(stop.signal, 'running', empty, async (plan, signal) => {
        for (const file of pictures.size === 0 ? files : []) {
          pictures.set(file.name, await loadPicture(signal, file))
        }
        const { made = 0, planned = 1 } = this.getState().progress ?? {}
        device?.tellProgress({
          ...{ number: made + 1, of: planned, contender: plan.contender, picture: plan.picture.name },
          network: titles.get(plan.network.label) ?? plan.network.label,
        })
        return bench.run(plan, signal)
      })
    } finally {
      device?.tellProgress(null)
      bench.close()
      receiver.close()
      lab.close()
      this.#stop = null
    }
  }

  /** Makes the same experiment on the simulator: only Shoal's own contenders, and nothing of quality. */
  async simulate(experiment: Experiment): Promise<void> {
    if (this.#stop) return
    const stop = (this.#stop = new AbortController())
    const bench = new SimBench(experiment)
    try {
      await this.#make(stop.signal, 'simulating', this.#empty('simulator', experiment), bench.run)
    } finally {
      bench.close()
      this.#stop = null
    }
  }

  /** Ends what runs; what was made is kept, and `run` goes on with it. */
  stop(): void {
    this.#stop?.abort(new ShoalError('SHOAL_CANCELLED_BY_SENDER'))
  }

  /** Shows the results of a file; `beside`: next to those that are shown. */
  load(file: string, beside: boolean): void {
    if (this.#stop) return
    const loaded = parseResults(file)
    if (!loaded) return this.#set({ errorCode: 'SHOAL_LAB_BAD_FILE' })
    const { results } = this.getState()
    if (beside && results) this.#set({ other: loaded, errorCode: null })
    // Pieces of one experiment become one.
    else this.#set({ ...EMPTY, results: (results && mergeResults(results, loaded)) ?? loaded })
  }

  clear(): void {
    if (!this.#stop) this.#set(EMPTY)
  }

  close(): void {
    this.stop()
  }

  #empty(means: LabResults['means'], experiment: Experiment): LabResults {
    const { shoal } = this.#options
    const browser = navigator.userAgent
    const fixed = { format: 'shoal-lab', version: 1, means } as const
    return { ...fixed, experiment: experimentSchema.parse(experiment), shoal, browser, runs: [] }
  }

  async #make(
    signal: AbortSignal,
    phase: 'running' | 'simulating',
    empty: LabResults,
    run: (plan: PlannedRun, signal: AbortSignal) => Promise<RunResult | null>,
  ): Promise<void> {
    const slot = phase === 'running' ? 'results' : 'simulated'
    const before = this.getState()[slot]
    const goesOn = before ? mergeResults(empty, before) : null
    const planned = plannedRuns(empty.experiment).length
    let made: readonly RunResult[] = goesOn?.runs ?? []
    const show = (current: PlannedRun | null) =>
      this.#set({ [slot]: { ...empty, runs: made }, progress: { made: made.length, planned, current } })
    this.#set({ phase, errorCode: null, missing: [] })
    if (phase === 'running' && !goesOn) this.#set({ traces: new Map(), simulated: null })
    let errorCode: ErrorCode | null = null
    try {
      const { runs, missing } = await makeRuns(signal, {
        experiment: empty.experiment,
        made,
        run: (plan, runSignal) => {
          show(plan)
          return run(plan, runSignal)
        },
        onRun: (result) => {
          made = [...made, result]
          if (phase === 'running') for (const listener of this.#listeners) listener(result)
        },
      })
      made = runs
      if (!signal.aborted) this.#set({ missing })
    } catch (error) {
      errorCode = error instanceof ShoalError ? error.code : 'SHOAL_INTERNAL'
    }
    show(null)
    this.#set({ phase: 'idle', errorCode, progress: null })
  }

  #keepTrace(trace: RunTrace): void {
    const traces = new Map(this.getState().traces)
    traces.set(trace.key, trace)
    // The oldest are those of the earliest repetitions.
    for (const key of traces.keys()) {
      if (traces.size <= TRACES_MAX) break
      traces.delete(key)
    }
    this.#set({ traces })
  }

  #set(change: Partial<LabState>): void {
    this.#store.setState(change)
  }
}
