import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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

/** One run, a line of JSON. */
export interface RunRecord extends Carried {
  readonly cell: string
  readonly contender: ContenderName
  readonly state: RunState
  /** Runs of one round carry the same picture, right after each other. */
  readonly round: number
  readonly atMs: number
  /** From the send to the end, or to one second after it, and from there on; null without counters. */
  readonly firstSecond: LinkCounters | null
  readonly afterwards: LinkCounters | null
  readonly loadAverage: number
  readonly environment: Environment
}

/** Records kept in a file, one line of JSON each; a new one is appended as soon as it is made. */
export class JsonLines<T> {
  readonly #path: string
  readonly #records: T[]

  constructor(folder: string, name: string) {
    this.#path = join(folder, name)
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : ''
    this.#records = text
      .split('\n')
      // A line cut short by a power cut is a record that was not made.
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as T)
  }

  get all(): readonly T[] {
    return this.#records
  }

  add(record: T): void {
    mkdirSync(dirname(this.#path), { recursive: true })
    appendFileSync(this.#path, `${JSON.stringify(record)}\n`)
    this.#records.push(record)
  }
}

/** Records that belong in one table: of the same sources, over the same kind of link. */
export function isSameSeries(one: Environment, other: Pick<Environment, 'build' | 'linkTool'>): boolean {
  return one.build === other.build && one.linkTool === other.linkTool
}

/** Those of the newest record's series. */
export function newestSeries<T extends { readonly atMs: number; readonly environment: Environment }>(
  records: readonly T[],
): T[] {
  const newest = records.reduce<T | null>((best, each) => (best && best.atMs > each.atMs ? best : each), null)
  return newest ? records.filter((each) => isSameSeries(each.environment, newest.environment)) : []
}
