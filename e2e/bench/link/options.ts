import { parseArgs } from 'node:util'

import { parseLinkSpec } from '@/e2e/link/link-spec'
import type { LinkSpec } from '@/e2e/link/link-spec'

import { parseCell, TABLE_CELLS, TABLE_LINKS } from './cells'
import type { Cell } from './cells'
import { CONTENDERS, RUN_STATES } from './contender'
import type { ContenderName, RunState } from './contender'

export const USAGE = `usage: npm run bench:link -- [OPTION…]

  --cell ONE_WAY_MS,LOSS_PCT,MBIT,QUEUE[,BURST]:BYTES   one cell; may be given several times (default: the whole table)
  --ready                 instead: how long the second page takes until it can send
  --queue                 instead: queueing delay of a long picture, alone
  --fairness              instead: a long picture alone, and beside a TCP download (BBR, CUBIC)
  --link SPEC             the links of these three, as in --cell without :BYTES; may be given several times
                          (default: the table's six; for --fairness the first)
  --contenders a,b        of: ${CONTENDERS.join(', ')}
  --states a,b            of: ${RUN_STATES.join(', ')} (default: open; for assured all three, for ws-1 cold too)
  --runs N                runs of each (default: 10 for assured, ws-1 and --ready, 5 for others, 3 for --queue)
  --quick                 assured and ws-1 only, lanes open only, 5 runs
  --out DIR               where runs are kept and the table goes (default: test-results/link)
  --link-tool PATH        another program that makes the link (also SHOAL_LINK_TOOL)
  --seed N                of the random losses (default: 1)
  --render DIR            makes no runs: writes the table and the picture of the runs kept in DIR again
  --help`

export interface Entry {
  readonly contender: ContenderName
  readonly state: RunState
  readonly runs: number
}

/** What is measured: the table, or one thing apart. */
export type Task = 'table' | 'ready' | 'queue' | 'fairness'

export interface Options {
  readonly task: Task
  /** For the tasks other than the table. */
  readonly links: readonly LinkSpec[]
  /** Of each, for the tasks other than the table. */
  readonly runs: number
  readonly cells: readonly Cell[]
  readonly entries: readonly Entry[]
  readonly out: string
  readonly linkTool: string | undefined
  readonly seed: number
  readonly render: string | undefined
  readonly help: boolean
}

const COMPARED: readonly ContenderName[] = ['assured', 'ws-1']
const OPEN: readonly RunState[] = ['open']
/** Beside lanes open. A rival's connection is new each time, so for it `first` is nothing of its own. */
const STATES_OF: Partial<Record<ContenderName, readonly RunState[]>> = {
  assured: RUN_STATES,
  'ws-1': ['open', 'cold'],
}
const RUNS_COMPARED = 10
const RUNS_OTHERS = 5
const RUNS_QUICK = 5
const RUNS_OF_TASK: Readonly<Record<Task, number>> = { table: 0, ready: 10, queue: 3, fairness: 5 }

/** Reads the command line; the error is one line. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly options: Options } | { readonly error: string } {
  try {
    return { options: parse(argv, env) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function parse(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cell: { type: 'string', multiple: true },
      contenders: { type: 'string' },
      states: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      ready: { type: 'boolean', default: false },
      queue: { type: 'boolean', default: false },
      fairness: { type: 'boolean', default: false },
      link: { type: 'string', multiple: true },
      out: { type: 'string', default: 'test-results/link' },
      'link-tool': { type: 'string' },
      seed: { type: 'string', default: '1' },
      render: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick } = values
  const cells = values.cell?.map((text) => {
    const cell = parseCell(text)
    if (!cell)
      throw new Error(
        `--cell ${text}: ONE_WAY_MS,LOSS_PCT,MBIT,QUEUE:BYTES is wanted, as in 25,5,20,200:300000`,
      )
    return cell
  })
  const contenders = values.contenders
    ? listOf('--contenders', values.contenders, CONTENDERS)
    : quick
      ? COMPARED
      : CONTENDERS
  const states = values.states ? listOf('--states', values.states, RUN_STATES) : null
  const runs = values.runs === undefined ? null : whole('--runs', values.runs)
  const task: Task = values.ready ? 'ready' : values.queue ? 'queue' : values.fairness ? 'fairness' : 'table'
  const links = values.link?.map((text) => {
    const link = parseLinkSpec(text)
    if (!link) throw new Error(`--link ${text}: ONE_WAY_MS,LOSS_PCT,MBIT,QUEUE is wanted, as in 25,5,20,200`)
    return link
  })
  return {
    task,
    links: links ?? (task === 'fairness' ? TABLE_LINKS.slice(0, 1) : TABLE_LINKS),
    runs: runs ?? RUNS_OF_TASK[task],
    cells: cells ?? TABLE_CELLS,
    entries: contenders.flatMap((contender) => {
      const usual = quick || values.contenders ? OPEN : (STATES_OF[contender] ?? OPEN)
      const wanted = states?.filter((state) => state === 'open' || contender !== 'ws-1-used')
      const compared = COMPARED.includes(contender)
      return (wanted ?? usual).map((state) => ({
        contender,
        state,
        runs: runs ?? (quick ? RUNS_QUICK : compared ? RUNS_COMPARED : RUNS_OTHERS),
      }))
    }),
    out: values.out,
    linkTool: values['link-tool'] ?? (env['SHOAL_LINK_TOOL'] || undefined),
    seed: whole('--seed', values.seed),
    render: values.render,
    help: values.help,
  }
}

function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name.trim())
    if (found === undefined) throw new Error(`${option}: "${name}" is none of ${known.join(', ')}`)
    return found
  })
}

function whole(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${option} must be a whole number from 1, not "${text}"`)
  return Number(text)
}
