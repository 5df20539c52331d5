import { parseArgs } from 'node:util'

import { parseCell, TABLE_CELLS } from './cells'
import type { Cell } from './cells'
import { CONTENDERS, RUN_STATES } from './contender'
import type { ContenderName, RunState } from './contender'

export const USAGE = `usage: npm run bench:link -- [OPTION…]

  --cell ONE_WAY_MS,LOSS_PCT,MBIT,QUEUE[,BURST]:BYTES   one cell; may be given several times (default: the whole table)
  --contenders a,b        of: ${CONTENDERS.join(', ')}
  --states a,b            of: ${RUN_STATES.join(', ')} (default: open for all, first and cold for assured and ws-1)
  --runs N                runs of each contender (default: 10 for assured and ws-1, 5 for the others)
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

export interface Options {
  readonly cells: readonly Cell[]
  readonly entries: readonly Entry[]
  readonly out: string
  readonly linkTool: string | undefined
  readonly seed: number
  readonly render: string | undefined
  readonly help: boolean
}

const COMPARED: readonly ContenderName[] = ['assured', 'ws-1']
const RUNS_COMPARED = 10
const RUNS_OTHERS = 5
const RUNS_QUICK = 5

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
  return {
    cells: cells ?? TABLE_CELLS,
    entries: contenders.flatMap((contender) => {
      const compared = COMPARED.includes(contender)
      const usual: readonly RunState[] = compared && !quick && !values.contenders ? RUN_STATES : ['open']
      return (states ?? usual).map((state) => ({
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
