import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'

const FOLDER = resolve(import.meta.dirname, '../../test-results/bench')
const PARTS = ['goodput', 'memory', 'hidden-tabs'] as const

export type PartName = (typeof PARTS)[number]

/** One thing that was to be reached, and what was measured. */
export interface Goal {
  readonly what: string
  readonly measured: string
  readonly wanted: string
  readonly met: boolean
}

/** What one bench found out. */
export interface Part {
  /** What was done, in a sentence. */
  readonly method: string
  readonly browser: string
  readonly goals: readonly Goal[]
  /** The table of all runs; the first row is its head. */
  readonly table: readonly (readonly string[])[]
  /** Everything measured, for programs. */
  readonly runs: unknown
}

/** Run queue of the machine over the last minute: with more than there are cores, long tasks say little. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}

/** Keeps one part, and writes bench.json and bench.md anew from all parts of this run. Returns the Markdown. */
export function keep(name: PartName, part: Part): string {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, `${name}.json`), JSON.stringify(part))
  const parts = PARTS.flatMap((each) => {
    const path = join(FOLDER, `${each}.json`)
    return existsSync(path) ? [[each, JSON.parse(readFileSync(path, 'utf8')) as Part] as const] : []
  })
  const machine = { node: process.version, cores: cpus().length, date: new Date().toISOString().slice(0, 10) }
  writeFileSync(
    join(FOLDER, 'bench.json'),
    JSON.stringify({ machine, ...Object.fromEntries(parts) }, null, 2),
  )
  writeFileSync(join(FOLDER, 'bench.md'), parts.map(([each, found]) => markdown(each, found)).join('\n'))
  return markdown(name, part)
}

function markdown(name: PartName, { method, browser, goals, table }: Part): string {
  const rows = [
    ['goal', 'measured', 'wanted', ''],
    ...goals.map((goal) => [goal.what, goal.measured, goal.wanted, goal.met ? 'met' : 'MISSED']),
  ]
  return `## ${name}\n\n${method} ${browser}.\n\n${tableOf(rows)}\n${tableOf(table)}`
}

function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}
