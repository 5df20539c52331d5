import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { LinkCounters } from '@/e2e/link/link'

import type { Carried, ContenderName, RunState } from './contender'

/** Where and of what a run was made. */
export interface Environment {
  /** Of Shoal's sources: a run of other sources is another run. */
  readonly build: string
  readonly browser: string
  readonly kernel: string
  /** Of the kernel, for the WebSockets. */
  readonly tcp: string
  readonly linkTool: string
  readonly cores: number
}

/** One line of runs.jsonl. */
export interface RunRecord extends Carried {
  readonly cell: string
  readonly contender: ContenderName
  readonly state: RunState
  /** Runs of one round carry the same picture, right after each other. */
  readonly round: number
  readonly atMs: number
  readonly picture: number
  /** From the send to the end, or to one second after it, and from there on; null without counters. */
  readonly firstSecond: LinkCounters | null
  readonly afterwards: LinkCounters | null
  readonly loadAverage: number
  readonly environment: Environment
}

const FILE = 'runs.jsonl'

/** Runs that are kept in a folder, one line of JSON each; a new one is appended as soon as it is made. */
export class Records {
  readonly #path: string
  readonly #runs: RunRecord[]

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#path = join(folder, FILE)
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : ''
    this.#runs = text
      .split('\n')
      // A line cut short by a power cut is a run that was not made.
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as RunRecord)
  }

  get all(): readonly RunRecord[] {
    return this.#runs
  }

  add(run: RunRecord): void {
    appendFileSync(this.#path, `${JSON.stringify(run)}\n`)
    this.#runs.push(run)
  }
}
